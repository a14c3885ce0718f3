import assert from 'node:assert/strict';
import { Failure } from '../../lib/failure.ts';
import { type Check, checkSecrets } from '../../lib/secrets/check-secrets.ts';
import { withJsonKeys } from '../../lib/secrets/with-json-keys.ts';
import { sourceOf, version } from '../helpers/secret-source.ts';

const accepts = async () => ({});

function check(secrets: Parameters<typeof sourceOf>[0], how: Partial<Check> = {}) {
  const { source } = sourceOf(secrets);
  const now = () => Date.UTC(2026, 0, 10);
  return checkSecrets({
    source,
    names: ['KEY', 'TOKEN'],
    maxAgeDays: 5,
    callReadingList: accepts,
    now,
    ...how,
  });
}

const young = { current: version('k', 'v1', 9) };
const old = { current: version('t', 'v7', 4) };

describe('checkSecrets', () => {
  it('reports each secret, and calls the reading list', async () => {
    assert.deepEqual(await check({ KEY: young, TOKEN: old }), {
      message:
        'Secret "TOKEN" is 6 days old, over 5; change it where it was made, and set it again. The reading list accepts the secrets, for writing too.',
      mode: 'check',
      ok: true,
      secrets: [
        { name: 'KEY', usable: true, versionId: 'v1', ageDays: 1, rotates: false },
        {
          name: 'TOKEN',
          usable: true,
          warning: 'Secret "TOKEN" is 6 days old, over 5; change it where it was made, and set it again',
          versionId: 'v7',
          ageDays: 6,
          rotates: false,
        },
      ],
      readingList: { accepts: true, writes: true },
    });
  });

  it('leaves out what the source does not know', async () => {
    const { source } = sourceOf({ KEY: { current: { text: 'k' } } });
    const { secrets } = await check(
      {},
      { source: { ...source, rotates: async () => undefined }, names: ['KEY'] },
    );
    assert.deepEqual(secrets, [{ name: 'KEY', usable: true }]);
  });

  it('does not ask the reading list where one of the secrets cannot be used', async () => {
    const asked: string[] = [];
    const found = await check(
      { KEY: young },
      { callReadingList: async () => ({ untried: `${asked.push('asked')}` }) },
    );
    assert.deepEqual(asked, []);
    assert.deepEqual(
      [found.ok, found.secrets.map(({ usable }) => usable), found.message],
      [
        false,
        [true, false],
        'Secret "TOKEN": not found. The reading list: not asked, because of the secrets.',
      ],
    );
  });

  it('warns where a usable secret is old and its rotation unknown', async () => {
    const { source } = sourceOf({ KEY: old });
    const rotates = async () => {
      throw new Failure('credentials', 'Secret "KEY": may not be described');
    };
    const { ok, secrets } = await check({}, { source: { ...source, rotates }, names: ['KEY'] });
    const age = 'Secret "KEY" is 6 days old, over 5; change it where it was made, and set it again';
    assert.equal(ok, true);
    assert.deepEqual(secrets, [
      {
        name: 'KEY',
        usable: true,
        warning: `${age}. Secret "KEY": may not be described`,
        versionId: 'v7',
        ageDays: 6,
      },
    ]);
  });

  it('says once what several keys of one secret have in common, and each key that is missing', async () => {
    const names = ['BAG#a', 'BAG#b'];
    const of = (text: string, how = {}) => {
      const { source } = sourceOf({ BAG: { current: version(text, 'v1', 1) } });
      return check({}, { source: withJsonKeys(source), names, maxAgeDays: 100, ...how });
    };
    const notAsked = 'The reading list: not asked, because of the secrets.';
    assert.equal(
      (await of('text')).message,
      `Secret "BAG" is not a JSON object; set it with: SET BAG (a JSON object). ${notAsked}`,
    );
    assert.equal(
      (await of('{"b":"x"}')).message,
      `Secret "BAG" has no key "a"; set it with: SET BAG#a. ${notAsked}`,
    );
    assert.equal(
      (await of('{"a":"x","b":"y"}', { maxAgeDays: 5 })).message,
      'Secret "BAG" is 9 days old, over 5; change it where it was made, and set it again. The reading list accepts the secrets, for writing too.',
    );
  });

  it('says that a secret was pasted with more than its value, which the reading list may want so', async () => {
    const { ok, message, secrets } = await check({ KEY: { current: version('"k"', 'v1', 9) }, TOKEN: young });
    const warning = 'Secret "KEY" is in quotes, which are sent with it; set the value alone with: SET KEY';
    assert.deepEqual([ok, secrets[0]?.usable, secrets[0]?.warning], [true, true, warning]);
    assert.equal(message, `${warning}. The reading list accepts the secrets, for writing too.`);
  });

  it('says why the reading list does not accept them', async () => {
    for (const kind of ['credentials', 'unavailable'] as const) {
      const refuse = () => Promise.reject(new Failure(kind, 'refused'));
      const found = await check({ KEY: young, TOKEN: young }, { callReadingList: refuse });
      assert.deepEqual(found.readingList, { accepts: false, problem: 'refused', kind });
      assert.equal(found.message, 'The reading list: refused.');
    }
  });

  it('is not well where the reading list may be read only, and says why', async () => {
    const callReadingList = async () => ({ refused: 'missing scope' });
    const { ok, readingList, message } = await check({ KEY: young, TOKEN: young }, { callReadingList });
    assert.equal(ok, false);
    assert.deepEqual(readingList, {
      accepts: true,
      writes: false,
      problem: 'missing scope',
      kind: 'credentials',
    });
    assert.equal(
      message,
      'The reading list accepts the secrets for reading, not for writing: missing scope.',
    );
  });

  it('is well where writing could not be tried, and says so', async () => {
    const callReadingList = async () => ({ untried: 'empty' });
    const { ok, readingList, message } = await check({ KEY: young, TOKEN: young }, { callReadingList });
    assert.equal(ok, true);
    assert.deepEqual(readingList, { accepts: true, untried: 'empty' });
    assert.equal(
      message,
      'The reading list accepts the secrets for reading; whether for writing could not be tried: empty.',
    );
  });

  it('throws a bug as it is', () =>
    assert.rejects(
      check({ KEY: young, TOKEN: young }, { callReadingList: () => Promise.reject(new TypeError()) }),
      TypeError,
    ));
});
