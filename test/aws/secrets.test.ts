import assert from 'node:assert/strict';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { Summary } from '../../lib/core/summary.ts';
import type { SecretsCheck } from '../../lib/secrets/check-secrets.ts';
import { openSecrets } from '../../lib/secrets/open-secrets.ts';
import { noLog } from '../../lib/telemetry/telemetry.ts';
import { captureOutput } from '../helpers/capture-output.ts';
import { command } from '../helpers/command.ts';
import { withEnvironment } from '../helpers/environment.ts';
import { freshHandler } from '../helpers/fresh-handler.ts';
import { type MiniStack, startMiniStack } from '../helpers/ministack.ts';
import { articles, CREDENTIALS, type PocketUnderTest, pocketWith } from '../helpers/pocket.ts';

const { consumerKey, accessToken } = CREDENTIALS;

describe('against a Secrets Manager', () => {
  let ministack: MiniStack;
  let client: SecretsManagerClient;
  before(async () => {
    ministack = await startMiniStack();
    client = new SecretsManagerClient(ministack.client);
  });
  beforeEach(() => ministack.reset());
  after(() => ministack?.close());

  const create = (Name: string, SecretString: string) =>
    client.send(new CreateSecretCommand({ Name, SecretString }));
  const put = (SecretId: string, SecretString: string) =>
    client.send(new PutSecretValueCommand({ SecretId, SecretString }));
  const read = (name: string) =>
    withEnvironment(ministack.env, async () => {
      const secrets = openSecrets({ secretsFrom: 'aws', secretMaxAgeMs: 0 }, { env: {}, log: noLog });
      const previous = await secrets.getSecret(name, { version: 'previous' }).catch(() => undefined);
      return { current: await secrets.getSecret(name), previous, version: secrets.versionOf(name) };
    });

  it('reads plaintext, with its version and when it was made', async () => {
    const { VersionId } = await create('POCKET_KEY', `${consumerKey}\n`);
    const { current, previous, version } = await read('POCKET_KEY');
    assert.deepEqual([current, version?.versionId, previous], [consumerKey, VersionId, undefined]);
    assert.ok(version?.createdAt instanceof Date);
  });

  const keys: [name: string, json: object, text: string][] = [
    ['/imdb-etl/omdb-api-key#omdbapi_key', { omdbapi_key: 'k1' }, 'k1'],
    ['prod/aws/bedrock#secret_access_key', { access_key_id: 'a', secret_access_key: 's' }, 's'],
  ];
  for (const [name, json, text] of keys) {
    it(`picks ${name}`, async () => {
      await create(name.split('#')[0] ?? '', JSON.stringify(json));
      assert.equal((await read(name)).current, text);
    });
  }

  it('reads binary as UTF-8', async () => {
    await client.send(new CreateSecretCommand({ Name: 'B', SecretBinary: Buffer.from('schlüssel\n') }));
    assert.equal((await read('B')).current, 'schlüssel');
  });

  it('says what is missing, where, and how to create it', () =>
    assert.rejects(read('prod/pocket/key'), {
      kind: 'credentials',
      message:
        'Secret "prod/pocket/key": not found in eu-central-1; create it with: npm run secrets -- set prod/pocket/key --region eu-central-1',
    }));

  it('says until when a deleted secret can be restored', async () => {
    await create('POCKET_KEY', 'x');
    const { DeletionDate } = await client.send(
      new DeleteSecretCommand({ SecretId: 'POCKET_KEY', RecoveryWindowInDays: 7 }),
    );
    const day = DeletionDate?.toISOString().slice(0, 10);
    await assert.rejects(read('POCKET_KEY'), {
      kind: 'credentials',
      message: `Secret "POCKET_KEY": scheduled for deletion; it can be restored until ${day} with: aws secretsmanager restore-secret --secret-id POCKET_KEY --region eu-central-1`,
    });
  });

  describe('a run', () => {
    let pocket: PocketUnderTest;
    beforeEach(async () => {
      pocket = await pocketWith(articles(3));
      await create('POCKET_KEY', consumerKey);
      await create('POCKET_TOKEN', accessToken);
    });
    afterEach(() => pocket.close());
    const inLambda = <Result>(work: () => Promise<Result>) =>
      withEnvironment({ ...ministack.env, POCKET_API_URL: pocket.server.url }, () => captureOutput(work));

    it('continues in a warm process after a secret was rotated', async () => {
      const { result, written } = await inLambda(async () => {
        const { handler } = await freshHandler();
        await handler({ dryRun: true });
        const { VersionId } = await put('POCKET_TOKEN', 'rotated');
        pocket.server.setCredentials({ ...CREDENTIALS, accessToken: 'rotated' });
        return { summary: (await handler({})) as Summary, VersionId };
      });
      assert.equal(result.summary.tagged, 3);
      assert.ok(written.includes(result.VersionId ?? '?'), 'the log names the new version');
      assert.doesNotMatch(written, /WARN/);
    });

    it('uses the previous version while the reading list still wants it, and says so', async () => {
      const { version } = await read('POCKET_TOKEN');
      await put('POCKET_TOKEN', 'not yet');
      const { result, written } = await inLambda(async () => {
        const { handler } = await freshHandler();
        return handler({}) as Promise<Summary>;
      });
      assert.equal(result.tagged, 3);
      assert.match(
        written,
        new RegExp(`"WARN".*\\\\"POCKET_TOKEN\\\\".*previous version ${version?.versionId} accepted`),
      );
    });

    it('fails as credentials when every version is refused', async () => {
      pocket.server.setCredentials({ consumerKey, accessToken: 'revoked' });
      await inLambda(async () => {
        const { handler } = await freshHandler();
        await assert.rejects(handler({}), { kind: 'credentials' });
      });
    });

    it('finds in a check what a run would', async () => {
      const { result } = await inLambda(async () => {
        const { handler } = await freshHandler();
        return handler({ mode: 'check' }) as Promise<SecretsCheck>;
      });
      assert.deepEqual(
        [result.ok, result.secrets.map(({ rotates, ageDays }) => [rotates, ageDays])],
        [
          true,
          [
            [false, 0],
            [false, 0],
          ],
        ],
      );
    });
  });

  describe('npm run secrets --', () => {
    const VALUE = 's3cret-value';
    const secrets = (args: readonly string[], input = '', env: Record<string, string> = {}) =>
      command('lib/cli/readtime.ts', ['secrets', ...args], { env: { ...ministack.env, ...env }, input });
    const hides = (...ended: { stdout: string; stderr: string }[]) => {
      for (const { stdout, stderr } of ended) assert.ok(!(stdout + stderr).includes(VALUE));
    };

    it('set creates a secret from standard input, then updates it', async () => {
      const created = await secrets(['set', 'POCKET_KEY'], `${VALUE}\n`);
      assert.deepEqual([created.status, created.stderr], [0, '']);
      assert.match(created.stdout, /^Secret "POCKET_KEY": created, version \S+\n$/);
      const updated = await secrets(['set', 'POCKET_KEY'], `${VALUE}2`);
      assert.match(updated.stdout, /^Secret "POCKET_KEY": updated, version \S+\n$/);
      const { current, previous } = await read('POCKET_KEY');
      assert.deepEqual([current, previous], [`${VALUE}2`, VALUE]);
      hides(created, updated);
    });

    it('set sets one key of a JSON secret and leaves the others', async () => {
      hides(await secrets(['set', 'pocket#key'], VALUE), await secrets(['set', 'pocket#token'], 't'));
      assert.equal((await read('pocket')).current, JSON.stringify({ key: VALUE, token: 't' }));
    });

    it('set replaces a placeholder', async () => {
      await create('pocket', '{"readtime-tagger":"placeholder","generated":"x"}');
      await secrets(['set', 'pocket#key'], VALUE);
      assert.equal((await read('pocket#key')).current, VALUE);
    });

    const refused: [why: string, args: string[], input: string, status: number, message: RegExp][] = [
      ['an empty value', ['set', 'A'], '\n', 1, /"A": the value is empty; nothing was set/],
      ['a key of plaintext', ['set', 'PLAIN#k'], 'x', 1, /"PLAIN" is not a JSON object/],
      ['a value as an argument', ['set', 'A', VALUE], '', 2, /never an argument/],
      ['a value as an option', ['set', 'A', `--value=${VALUE}`], '', 2, /never an argument/],
      ['a command nobody knows', [VALUE], '', 2, /never an argument/],
      ['no command', [], '', 2, /Usage/],
      ['too short a recovery', ['delete', 'PLAIN', '--recovery-days', '6'], '', 2, /never an argument/],
      ['too long a recovery', ['delete', 'PLAIN', '--recovery-days', '31'], '', 2, /never an argument/],
      ['to delete what is not there', ['delete', 'NONE'], '', 1, /"NONE": not found in eu-central-1/],
      ['to delete one key', ['delete', 'PLAIN#k'], '', 1, /one key cannot be deleted/],
    ];
    for (const [why, args, input, status, message] of refused) {
      it(`refuses ${why} with status ${status}`, async () => {
        await create('PLAIN', VALUE);
        const ended = await secrets(args, input);
        assert.equal(ended.status, status);
        assert.match(ended.stderr, message);
        hides(ended);
        assert.equal((await read('PLAIN')).current, VALUE);
      });
    }

    it('list shows names, versions and ages', async () => {
      const { VersionId } = await create('POCKET_KEY', VALUE);
      await create('POCKET_TOKEN', VALUE);
      const { VersionId: second } = await put('POCKET_TOKEN', `${VALUE}2`);
      const ended = await secrets(['list']);
      assert.equal(ended.status, 0);
      assert.match(ended.stdout, new RegExp(`POCKET_KEY +${VersionId} +0 days`));
      assert.match(ended.stdout, new RegExp(`POCKET_TOKEN +${second} +0 days +\\S+ +0 days`));
      hides(ended);
    });

    it('list says which are missing, with status 1', async () => {
      const ended = await secrets(['list', '--region', 'eu-west-1'], '', {
        POCKET_KEY_SECRET: 'prod/pocket/key',
      });
      assert.equal(ended.status, 1);
      assert.match(
        ended.stderr,
        /"prod\/pocket\/key": not found in eu-west-1; .*set prod\/pocket\/key --region eu-west-1/,
      );
      assert.match(ended.stderr, /"POCKET_TOKEN": not found/);
    });

    it('delete says until when the secret can be restored, and list says it too', async () => {
      await create('POCKET_KEY', VALUE);
      const deleted = await secrets(['delete', 'POCKET_KEY', '--recovery-days', '7']);
      const day = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
      assert.equal(deleted.status, 0);
      assert.match(
        deleted.stdout,
        new RegExp(`will be deleted on ${day}; until then: aws secretsmanager restore-secret`),
      );
      const listed = await secrets(['list', 'POCKET_KEY']);
      assert.match(listed.stdout, new RegExp(`POCKET_KEY.*to be deleted on ${day}`));
      hides(deleted, listed);
    });

    it('check has status 0 where a run would work, and 1 where not', async () => {
      const pocket = await pocketWith(articles(1));
      try {
        await create('POCKET_KEY', consumerKey);
        await create('POCKET_TOKEN', accessToken);
        const good = await secrets(['check'], '', { POCKET_API_URL: pocket.server.url });
        assert.deepEqual([good.status, good.stderr], [0, '']);
        assert.match(good.stdout, /POCKET_KEY +yes +0 days +off/);
        assert.match(good.stdout, /reading list accepts them: yes/);
        await put('POCKET_TOKEN', VALUE);
        const bad = await secrets(['check'], '', { POCKET_API_URL: pocket.server.url });
        assert.equal(bad.status, 1);
        assert.match(bad.stdout, /reading list accepts them: no[\s\S]*access token is not valid/);
        hides(good, bad);
        const unset = await secrets(['check']);
        assert.equal(unset.status, 1);
        assert.match(unset.stderr, /no reading list is named/);
      } finally {
        await pocket.close();
      }
    });
  });
});
