import assert from 'node:assert/strict';
import type { Summary } from '../lib/core/summary.ts';
import type { SecretsCheck } from '../lib/secrets/check-secrets.ts';
import { captureOutput } from './helpers/capture-output.ts';
import { withEnvironment } from './helpers/environment.ts';
import {
  awsError,
  type FakeSecretsManager,
  type SecretsAnswer,
  startFakeSecretsManager,
} from './helpers/fake-secrets-manager.ts';
import { freshHandler } from './helpers/fresh-handler.ts';
import { articles, CREDENTIALS, environmentFor, type PocketUnderTest, pocketWith } from './helpers/pocket.ts';

const DAY_S = 86_400;
const nowS = () => Math.floor(Date.now() / 1000);
const missing = awsError('ResourceNotFoundException');

type Stored = Record<string, { value: string; versionId?: string; ageDays?: number; previous?: string }>;

type SecretLine = Record<'level' | 'message' | 'secret' | 'versionId' | 'version', string>;

/** The lines of a log that are about a secret, by its name, without what every line has. */
function secretLines(written: string): SecretLine[] {
  const lines = written
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return lines
    .filter(({ secret }) => secret)
    .map(({ level, message, secret, versionId, version }) => ({
      level,
      message,
      secret,
      versionId,
      version,
    }))
    .sort((one, other) => one.secret.localeCompare(other.secret));
}

describe('the secrets of a run', () => {
  let pocket: PocketUnderTest;
  let aws: FakeSecretsManager;
  let stored: Stored;
  const calls = () => aws.calls.map(({ action }) => action);

  function answer(name: string, action: string, stage: unknown): SecretsAnswer {
    const { value, versionId = 'v1', ageDays = 0, previous } = stored[name] ?? {};
    if (value === undefined) return missing;
    if (action === 'DescribeSecret') return { body: { Name: name, RotationEnabled: false } };
    const CreatedDate = nowS() - ageDays * DAY_S;
    if (stage !== 'AWSPREVIOUS') return { body: { SecretString: value, VersionId: versionId, CreatedDate } };
    return previous === undefined ? missing : { body: { SecretString: previous, VersionId: 'v0' } };
  }

  const inLambda = <Result>(env: Record<string, string>, work: () => Promise<Result>) =>
    withEnvironment(
      { POCKET_API_URL: pocket.server.url, AWS_LAMBDA_FUNCTION_NAME: 'tagger', ...aws.env, ...env },
      () => captureOutput(work),
    );

  beforeEach(async () => {
    stored = {
      POCKET_KEY: { value: `${CREDENTIALS.consumerKey}\n`, versionId: 'vk' },
      POCKET_TOKEN: { value: CREDENTIALS.accessToken, versionId: 'vt' },
    };
    pocket = await pocketWith(articles(3));
    aws = await startFakeSecretsManager(({ action, body }) =>
      answer(String(body.SecretId), action, body.VersionStage),
    );
  });
  afterEach(async () => {
    await pocket.close();
    await aws.close();
  });

  it('are read together in a cold start, logged by name and version, and not read again in a warm run', async () => {
    const { written } = await inLambda({}, async () => {
      const { handler } = await freshHandler();
      aws.holdUntilOpen(2);
      await handler({});
      assert.equal(aws.calls.length, 2);
      await handler({});
      assert.equal(aws.calls.length, 2);
    });
    const read = (secret: string, versionId: string) => ({
      level: 'INFO',
      message: 'Read a secret',
      secret,
      versionId,
      version: 'current',
    });
    assert.deepEqual(secretLines(written), [read('POCKET_KEY', 'vk'), read('POCKET_TOKEN', 'vt')]);
  });

  it('are read again by a warm run after SECRET_MAX_AGE_S', async () => {
    await inLambda({ SECRET_MAX_AGE_S: '0' }, async () => {
      const { handler } = await freshHandler();
      await handler({});
      await handler({});
    });
    assert.equal(aws.calls.length, 4);
  });

  it('may be rotated between two warm runs', async () => {
    const { result } = await inLambda({}, async () => {
      const { handler } = await freshHandler();
      await handler({ dryRun: true });
      pocket.server.setCredentials({ ...CREDENTIALS, accessToken: 'rotated' });
      stored.POCKET_TOKEN = { value: 'rotated', versionId: 'v2', previous: CREDENTIALS.accessToken };
      return handler({}) as Promise<Summary>;
    });
    assert.deepEqual([result.complete, result.tagged], [true, 3]);
    assert.deepEqual(calls(), Array(4).fill('GetSecretValue'));
  });

  it('work in the overlap of a rotation, with a warning that names the version', async () => {
    stored.POCKET_TOKEN = { value: 'not yet', versionId: 'v1', previous: CREDENTIALS.accessToken };
    const { result, written } = await inLambda({ LOG_LEVEL: 'WARN' }, async () => {
      const { handler } = await freshHandler();
      return handler({}) as Promise<Summary>;
    });
    assert.equal(result.tagged, 3);
    const [warning, ...others] = secretLines(written);
    assert.deepEqual([warning?.level, warning?.versionId, others], ['WARN', 'v0', []]);
    assert.match(warning?.message ?? '', /^Secret "POCKET_TOKEN": the current version was refused/);
  });

  it('are all reported at once, before the reading list is called', async () => {
    stored = { POCKET_KEY: { value: '{"readtime-tagger":"placeholder","generated":"x"}' } };
    await inLambda({}, async () => {
      const { handler } = await freshHandler();
      await assert.rejects(handler({}), (error: Error) => {
        assert.match(error.message, /Secret "POCKET_KEY" still holds its placeholder.*set POCKET_KEY/);
        assert.match(error.message, /Secret "POCKET_TOKEN": not found in eu-central-1.*set POCKET_TOKEN/);
        return true;
      });
    });
    assert.equal(pocket.server.callCount(), 0);
  });

  const fromEnv: [why: string, env: Record<string, string>, warns: boolean][] = [
    ['warned of in Lambda', {}, true],
    ['not warned of in `serverless invoke local`', { IS_LOCAL: 'true' }, false],
  ];
  for (const [why, env, warns] of fromEnv) {
    it(`are taken from the environment with SECRETS_FROM=env, which is ${why}`, async () => {
      const { written } = await inLambda(
        { ...environmentFor(pocket.server), LOG_LEVEL: 'WARN', ...env },
        async () => {
          const { handler } = await freshHandler();
          await handler({});
        },
      );
      assert.equal(/"WARN","message":"SECRETS_FROM=env/.test(written), warns);
      assert.deepEqual(calls(), []);
    });
  }

  it('are not taken from the environment by default', async () => {
    stored = {};
    const { SECRETS_FROM: _asked, ...env } = environmentFor(pocket.server);
    await inLambda(env, async () => {
      const { handler } = await freshHandler();
      await assert.rejects(handler({}), /"POCKET_KEY": not found in eu-central-1/);
    });
  });

  describe('in a check', () => {
    const check = async (env: Record<string, string> = {}) => {
      const { result } = await inLambda(env, async () => {
        const { handler } = await freshHandler();
        return handler({ mode: 'check' }) as Promise<SecretsCheck>;
      });
      return result;
    };

    it('are usable, of some age, not rotated, and accepted; nothing is changed', async () => {
      stored.POCKET_KEY = { value: CREDENTIALS.consumerKey, versionId: 'vk', ageDays: 90 };
      const found = await check();
      assert.deepEqual(found, {
        message: 'The reading list accepts the secrets, for writing too.',
        mode: 'check',
        ok: true,
        secrets: [
          { name: 'POCKET_KEY', usable: true, versionId: 'vk', ageDays: 90, rotates: false },
          { name: 'POCKET_TOKEN', usable: true, versionId: 'vt', ageDays: 0, rotates: false },
        ],
        readingList: { accepts: true, writes: true },
      });
      assert.deepEqual(
        pocket.server.calls.map(({ endpoint }) => endpoint),
        ['get', 'send'],
      );
    });

    it('have a warning when they are older than SECRET_MAX_AGE_DAYS, and still good', async () => {
      stored.POCKET_KEY = { value: CREDENTIALS.consumerKey, ageDays: 91 };
      const found = await check();
      assert.equal(found.ok, true);
      assert.match(found.secrets[0]?.warning ?? '', /^Secret "POCKET_KEY" is 91 days old, over 90/);
      assert.match(found.message, /91 days old/);
      assert.equal((await check({ SECRET_MAX_AGE_DAYS: '91' })).secrets[0]?.warning, undefined);
    });

    it('are not accepted where only the previous version would be', async () => {
      stored.POCKET_TOKEN = { value: 'wrong', previous: CREDENTIALS.accessToken };
      const found = await check();
      assert.deepEqual([found.ok, found.readingList.accepts], [false, false]);
      assert.match(found.message, /The reading list: POST .*token is not valid/);
    });
  });
});
