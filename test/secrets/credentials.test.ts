import assert from 'node:assert/strict';
import { Failure, type FailureKind } from '../../lib/failure.ts';
import { credentialsFrom } from '../../lib/secrets/credentials.ts';
import type { SecretSource } from '../../lib/secrets/get-secret.ts';
import { cached } from '../../lib/secrets/secret-cache.ts';
import { withJsonKeys } from '../../lib/secrets/with-json-keys.ts';
import type { LogFields } from '../../lib/telemetry/telemetry.ts';
import { type StoredSecret, sourceOf, version } from '../helpers/secret-source.ts';

type Values = { key: string; token: string };
type Line = { level: string; message: string; fields: LogFields | undefined };

/** Credentials over secrets that may change, a service that accepts some of them, and what both saw. */
function scene(
  secrets: Record<string, StoredSecret>,
  accepts: (values: Values) => boolean,
  names: Readonly<Record<keyof Values, string>> = { key: 'KEY', token: 'TOKEN' },
) {
  const { source: stored, calls } = sourceOf(secrets);
  const source = withJsonKeys(cached(stored, { maxAgeMs: 3_600_000 }));
  const log: Line[] = [];
  const tried: string[] = [];
  const service = async (values: Values) => {
    tried.push(`${values.key} ${values.token}`);
    await new Promise((resolve) => setImmediate(resolve));
    if (!accepts(values)) throw new Failure('credentials', 'POST http://x/v3/get: refused', { status: 401 });
    return 'done';
  };
  const open = () =>
    credentialsFrom(source, names, (level, message, fields) => log.push({ level, message, fields }));
  return { calls, tried, log, service, source, open };
}

/** A source of which nothing can be read. */
const failing = (errors: Readonly<Record<string, unknown>>): SecretSource => ({
  ...sourceOf({}).source,
  getSecret: async (name) => {
    throw errors[name];
  },
});

const both = (key: StoredSecret, token: StoredSecret) => ({ KEY: key, TOKEN: token });
const k1 = version('k1', 'vk1');
const t1 = version('t1', 'vt1');

describe('credentialsFrom', () => {
  it('reads all secrets together, once, and not before they are needed', async () => {
    const { open, calls, service } = scene(both({ current: k1 }, { current: t1 }), () => true);
    const credentials = open();
    assert.deepEqual(calls, []);
    await Promise.all([credentials.use(service), credentials.use(service)]);
    assert.deepEqual(calls, ['read KEY', 'read TOKEN']);
  });

  it('reports every unreadable secret at once, and attempts nothing', async () => {
    const { open, service, tried } = scene({}, () => true);
    await assert.rejects(open().use(service), {
      kind: 'credentials',
      message: 'Secret "KEY": not found. Secret "TOKEN": not found',
    });
    assert.deepEqual(tried, []);
  });

  const said: [why: string, sentence: string, shown: boolean][] = [
    ['shows the sentence of the service', 'no right to write', true],
    ['hides a sentence that repeats a secret', 'key k1 has no right to write', false],
    ['hides it also where its quotes were changed', "key 'quoted' has no right to write", false],
  ];
  for (const [why, sentence, shown] of said) {
    it(why, async () => {
      const quoted = { text: '"quoted"' };
      const { open } = scene(both({ current: k1 }, { current: quoted }), () => true);
      const attempt = async () => {
        throw new Failure('credentials', `GET http://x: refused: "${sentence}"`, { status: 403 });
      };
      await assert.rejects(open().use(attempt), ({ message, status }: Failure) => {
        assert.ok(
          message.startsWith(`GET http://x: refused${shown ? `: "${sentence}"` : ''}; nothing in `),
          message,
        );
        return status === 403;
      });
    });
  }

  it('passes other failures on, without another try', async () => {
    const { open, tried } = scene(both({ current: k1 }, { current: t1 }), () => true);
    const failure = new Failure('unavailable', 'down');
    const attempt = async () => {
      tried.push('tried');
      throw failure;
    };
    await assert.rejects(open().use(attempt), failure);
    assert.equal(tried.length, 1);
  });

  it('reads again and tries again when a secret was rotated since it was cached', async () => {
    const secrets = both({ current: k1 }, { current: t1 });
    const { open, service, tried, calls, source, log } = scene(secrets, ({ token }) => token === 't2');
    await source.getSecret('TOKEN');
    secrets.TOKEN = { current: version('t2', 'vt2'), previous: t1 };
    assert.equal(await open().use(service), 'done');
    assert.deepEqual(tried, ['k1 t1', 'k1 t2']);
    assert.deepEqual(calls, ['read TOKEN', 'read KEY', 'read KEY', 'read TOKEN']);
    assert.deepEqual(log, []);
  });

  it('lets attempts that are refused at the same time share what is read again', async () => {
    const secrets = both({ current: k1 }, { current: t1 });
    const { open, service, tried, calls, source } = scene(secrets, ({ token }) => token === 't2');
    await source.getSecret('TOKEN');
    secrets.TOKEN = { current: version('t2', 'vt2') };
    const credentials = open();
    await Promise.all([credentials.use(service), credentials.use(service), credentials.use(service)]);
    assert.equal(calls.filter((call) => call === 'read TOKEN').length, 2);
    assert.deepEqual(tried, [...Array(3).fill('k1 t1'), ...Array(3).fill('k1 t2')]);
  });

  it('does not send the same values twice when reading again changed nothing', async () => {
    const { open, service, tried, calls } = scene(both({ current: k1 }, { current: t1 }), () => false);
    await assert.rejects(open().use(service), {
      kind: 'credentials',
      status: 401,
      message:
        'POST http://x/v3/get: refused; nothing in the secrets "KEY" and "TOKEN" was accepted; set the right values with: SET KEY; SET TOKEN',
    });
    assert.deepEqual(tried, ['k1 t1']);
    assert.equal(calls.filter((call) => call === 'read KEY').length, 2);
  });

  it('attempts nothing more in a run in which everything was refused', async () => {
    const { open, service, tried } = scene(both({ current: k1 }, { current: t1 }), () => false);
    const credentials = open();
    await assert.rejects(credentials.use(service));
    await assert.rejects(credentials.use(service), /was accepted/);
    assert.equal(tried.length, 1);
  });

  it('takes the previous version in the overlap of a rotation, warns once, and keeps it', async () => {
    const secrets = both({ current: k1 }, { current: version('t2', 'vt2'), previous: t1 });
    const { open, service, tried, log } = scene(secrets, ({ token }) => token === 't1');
    const credentials = open();
    await credentials.use(service);
    await credentials.use(service);
    assert.deepEqual(tried, ['k1 t2', 'k1 t1', 'k1 t1']);
    assert.equal(log.length, 1);
    assert.equal(log[0]?.level, 'WARN');
    assert.deepEqual(log[0]?.fields, { secret: 'TOKEN', version: 'previous', versionId: 'vt1' });
    assert.match(log[0]?.message ?? '', /^Secret "TOKEN": .* previous version vt1 accepted/);
  });

  it('tries the previous version of the secret that changed last, then of the other, then of both', async () => {
    const secrets = both(
      { current: version('k2', 'vk2', 2), previous: k1 },
      { current: version('t2', 'vt2', 9), previous: t1 },
    );
    const { open, service, tried, log } = scene(secrets, ({ key, token }) => `${key}${token}` === 'k1t1');
    await open().use(service);
    assert.deepEqual(tried, ['k2 t2', 'k2 t1', 'k1 t2', 'k1 t1']);
    assert.deepEqual(log.map(({ fields }) => fields?.secret).sort(), ['KEY', 'TOKEN']);
  });

  it('warns only about secrets that changed, also without version ids', async () => {
    const names = { key: 'KEY', token: 'TOKEN', third: 'THIRD' };
    const secrets: Record<string, StoredSecret> = {
      KEY: { current: { text: 'k2' }, previous: { text: 'k1' } },
      TOKEN: { current: { text: 't2' }, previous: { text: 't1' } },
      THIRD: { current: { text: 'x' } },
    };
    const { open, service, log } = scene(secrets, ({ key, token }) => `${key}${token}` === 'k1t1', names);
    await open().use(service);
    assert.deepEqual(
      log.map(({ message, fields }) => [message.split(';')[0], fields]),
      ['KEY', 'TOKEN'].map((secret) => [
        `Secret "${secret}": the current version was refused, and the previous version accepted`,
        { secret, version: 'previous' },
      ]),
    );
  });

  const together: [why: string, kinds: FailureKind[], kind: FailureKind][] = [
    ['what time solves after what it does not', ['unavailable', 'credentials'], 'credentials'],
    ['the settings before the network', ['unavailable', 'settings'], 'settings'],
    ['the secrets before the settings', ['settings', 'credentials'], 'credentials'],
    ['what only time solves', ['unavailable', 'unavailable'], 'unavailable'],
  ];
  for (const [why, kinds, kind] of together) {
    it(`puts ${why}`, async () => {
      const [key, token] = kinds.map((kind) => new Failure(kind, kind));
      const source = failing({ KEY: key, TOKEN: token });
      const attempt = credentialsFrom(source, { key: 'KEY', token: 'TOKEN' }).use(async () => 'done');
      await assert.rejects(attempt, { kind, message: [...new Set(kinds)].join('. ') });
    });
  }

  it('throws a bug as it is', async () => {
    const mistake = new TypeError('ours');
    const source = failing({ KEY: new Failure('credentials', 'not found'), TOKEN: mistake });
    await assert.rejects(
      credentialsFrom(source, { key: 'KEY', token: 'TOKEN' }).use(async () => 'done'),
      (error) => error === mistake,
    );
  });

  it('exchanges all keys of a JSON secret together', async () => {
    const secrets = {
      POCKET: {
        current: version('{"k":"k2","t":"t2"}', 'v2'),
        previous: version('{"k":"k1","t":"t1"}', 'v1'),
      },
    };
    const names = { key: 'POCKET#k', token: 'POCKET#t' };
    const { open, service, tried, log } = scene(secrets, ({ key }) => key === 'k1', names);
    await open().use(service);
    assert.deepEqual(tried, ['k2 t2', 'k1 t1']);
    assert.deepEqual(
      log.map(({ fields }) => fields?.secret),
      ['POCKET'],
    );
  });

  it('names a JSON secret once, however many keys of it were refused', async () => {
    const secrets = { BAG: { current: { text: '{"k":"k1","t":"t1"}' } } };
    const { open, service } = scene(secrets, () => false, { key: 'BAG#k', token: 'BAG#t' });
    const message = /refused; nothing in the secret "BAG" was accepted; set the right values with: SET BAG$/;
    await assert.rejects(open().use(service), { message });
  });

  const unusable: [why: string, previous: string][] = [
    ['its placeholder', '{"readtime-tagger":"placeholder","generated":"x"}'],
    ['blank', ' '],
    ['the same', 't2'],
  ];
  for (const [why, text] of unusable) {
    it(`ignores a previous version that is ${why}`, async () => {
      const secrets = both(
        { current: k1 },
        { current: version('t2', 'vt2'), previous: version(text, 'vt1') },
      );
      const { open, service, tried } = scene(secrets, () => false);
      await assert.rejects(open().use(service), /was accepted/);
      assert.deepEqual(tried, ['k1 t2']);
    });
  }

  it('fails as reading does when a secret is gone when it is read again', async () => {
    const secrets: Record<string, StoredSecret> = both({ current: k1 }, { current: t1 });
    const { open, service, source } = scene(secrets, () => false);
    await source.getSecret('KEY');
    await source.getSecret('TOKEN');
    delete secrets.TOKEN;
    await assert.rejects(open().use(service), { message: 'Secret "TOKEN": not found' });
  });
});
