import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { Failure } from '../../lib/failure.ts';
import { deleteSecret, setSecret, versionsOf } from '../../lib/secrets/manage-secrets.ts';
import { secretsManagerClient } from '../../lib/secrets/secrets-manager.ts';
import { withEnvironment } from '../helpers/environment.ts';
import {
  awsError,
  type SecretsAnswer,
  type SecretsCall,
  startFakeSecretsManager,
} from '../helpers/fake-secrets-manager.ts';

type Client = ReturnType<typeof secretsManagerClient>;
type Answers = Readonly<Record<string, SecretsAnswer>>;

const MISSING = awsError('ResourceNotFoundException');
const DENIED = awsError('AccessDeniedException');
const stored = (SecretString?: string): SecretsAnswer => ({
  body: { ...(SecretString && { SecretString }) },
});
const made = (VersionId?: string): SecretsAnswer => ({ body: { ...(VersionId && { VersionId }) } });

/** The result of some work against a Secrets Manager with these answers, and the calls it had. */
async function against<Result>(answers: Answers, work: (client: Client) => Promise<Result>) {
  const fake = await startFakeSecretsManager(({ action }) => answers[action] ?? MISSING);
  try {
    return await withEnvironment(fake.env, async () => {
      const found = await work(secretsManagerClient()).catch((error: unknown) => error as Failure);
      return { found, calls: fake.calls.map(withoutToken) };
    });
  } finally {
    await fake.close();
  }
}

/** A call without the token that the SDK makes up for each. */
function withoutToken({ action, body: { ClientRequestToken: _, ...body } }: SecretsCall) {
  return [action, body] as const;
}

function assertFailure(found: unknown, kind: Failure['kind'], message: string | RegExp): void {
  assert.ok(found instanceof Failure, inspect(found));
  assert.equal(found.kind, kind);
  if (typeof message === 'string') assert.equal(found.message, message);
  else assert.match(found.message, message);
  assert.doesNotMatch(inspect(found, { depth: 10, showHidden: true }), /S3CRET/);
}

describe('setSecret', () => {
  it('puts a value into a secret that is there', async () => {
    const { found, calls } = await against({ PutSecretValue: made('v2') }, (client) =>
      setSecret(client, 'A', ' S3CRET '),
    );
    assert.deepEqual(found, { created: false, versionId: 'v2' });
    assert.deepEqual(calls, [['PutSecretValue', { SecretId: 'A', SecretString: ' S3CRET ' }]]);
  });

  it('creates a secret that is not there', async () => {
    const { found, calls } = await against({ CreateSecret: made('v1') }, (client) =>
      setSecret(client, 'A', 'S3CRET'),
    );
    assert.deepEqual(found, { created: true, versionId: 'v1' });
    assert.deepEqual(calls[1], [
      'CreateSecret',
      // By the description, npm run deploy knows that it may use the secret.
      { Name: 'A', SecretString: 'S3CRET', Description: 'Read by readtime-tagger' },
    ]);
  });

  it('returns no version where AWS names none', async () => {
    const updated = await against({ PutSecretValue: made() }, (client) => setSecret(client, 'A', 'x'));
    assert.deepEqual(updated.found, { created: false });
    const created = await against({ CreateSecret: made() }, (client) => setSecret(client, 'A', 'x'));
    assert.deepEqual(created.found, { created: true });
  });

  const keys: [why: string, held: SecretsAnswer, whole: string][] = [
    ['beside the others', stored('{"other":1}'), '{"other":1,"k":"S3CRET"}'],
    ['in place of its old value', stored('{"k":"old","other":1}'), '{"k":"S3CRET","other":1}'],
    ['of a secret that is not there', MISSING, '{"k":"S3CRET"}'],
    [
      'instead of the placeholder',
      stored('{"readtime-tagger":"placeholder","generated":"x"}'),
      '{"k":"S3CRET"}',
    ],
  ];
  for (const [why, held, whole] of keys) {
    it(`sets one key ${why}`, async () => {
      const answers = { GetSecretValue: held, PutSecretValue: made('v2') };
      const { calls } = await against(answers, (client) => setSecret(client, 'A#k', 'S3CRET'));
      assert.deepEqual(calls, [
        ['GetSecretValue', { SecretId: 'A' }],
        ['PutSecretValue', { SecretId: 'A', SecretString: whole }],
      ]);
    });
  }

  for (const [why, held] of [
    ['plaintext', stored('S3CRET')],
    ['binary', stored()],
  ] as const) {
    it(`sets no key of ${why}, and says how to set the whole`, async () => {
      const { found, calls } = await against({ GetSecretValue: held }, (client) =>
        setSecret(client, 'A#k', 'x'),
      );
      assertFailure(
        found,
        'settings',
        'Secret "A" is not a JSON object, so no key of it can be set; set the whole of it with: npm run secrets -- set A',
      );
      assert.equal(calls.length, 1);
    });
  }

  for (const value of ['', ' \n']) {
    it(`sets no value that is ${JSON.stringify(value)}`, async () => {
      const { found, calls } = await against({}, (client) => setSecret(client, 'A#k', value));
      assertFailure(found, 'settings', 'Secret "A#k": the value is empty; nothing was set');
      assert.deepEqual(calls, []);
    });
  }

  const refused: [why: string, reference: string, answers: Answers, lacks: string[]][] = [
    ['to put a value', 'A', { PutSecretValue: DENIED }, ['PutSecretValue', 'CreateSecret']],
    ['to create a secret', 'A', { CreateSecret: DENIED }, ['PutSecretValue', 'CreateSecret']],
    [
      'to read the other keys, which are not lost',
      'A#k',
      { GetSecretValue: DENIED, PutSecretValue: made('v2') },
      ['PutSecretValue', 'CreateSecret', 'GetSecretValue'],
    ],
  ];
  for (const [why, reference, answers, lacks] of refused) {
    it(`says what the role lacks where it is refused ${why}`, async () => {
      const { found } = await against(answers, (client) => setSecret(client, reference, 'S3CRET'));
      const actions = JSON.stringify(lacks.map((action) => `secretsmanager:${action}`));
      assertFailure(found, 'credentials', /^Secret "A": access denied in eu-central-1/);
      assert.ok((found as Failure).message.includes(`"Action":${actions}`), (found as Failure).message);
    });
  }

  it('says until when a secret that is being deleted can be restored', async () => {
    const answers = {
      PutSecretValue: awsError('InvalidRequestException', 'it was marked for deletion'),
      DescribeSecret: { body: { DeletedDate: Date.UTC(2026, 11, 22) / 1000 } },
    };
    const { found, calls } = await against(answers, (client) => setSecret(client, 'A', 'S3CRET'));
    assertFailure(
      found,
      'credentials',
      /^Secret "A": scheduled for deletion; .* until 2026-12-22 with: aws /,
    );
    assert.deepEqual(calls[1], ['DescribeSecret', { SecretId: 'A' }]);
  });
});

describe('versionsOf', () => {
  const at = (seconds: number) => new Date(seconds * 1000);
  const version = (VersionId: string | undefined, stage: string, CreatedDate?: number) => ({
    ...(VersionId && { VersionId }),
    VersionStages: [stage],
    ...(CreatedDate && { CreatedDate }),
  });
  const rows: [why: string, listed: object, found: object][] = [
    [
      'the current one and the one before, whatever their order',
      {
        Versions: [
          { VersionId: 'v0' },
          version('v1', 'AWSPREVIOUS', 1_700_000_000),
          version('v3', 'AWSPENDING'),
          version('v2', 'AWSCURRENT', 1_700_000_009),
        ],
      },
      {
        current: { versionId: 'v2', createdAt: at(1_700_000_009) },
        previous: { versionId: 'v1', createdAt: at(1_700_000_000) },
      },
    ],
    ['one without a date', { Versions: [version('v2', 'AWSCURRENT')] }, { current: { versionId: 'v2' } }],
    ['none that has no id', { Versions: [version(undefined, 'AWSCURRENT')] }, {}],
    ['none where none is listed', {}, {}],
  ];
  for (const [why, listed, versions] of rows) {
    it(`finds ${why}`, async () => {
      const answers = { DescribeSecret: { body: {} }, ListSecretVersionIds: { body: listed } };
      const { found, calls } = await against(answers, (client) => versionsOf(client, 'A#k'));
      assert.deepEqual(found, versions);
      assert.deepEqual(calls, [
        ['DescribeSecret', { SecretId: 'A' }],
        ['ListSecretVersionIds', { SecretId: 'A' }],
      ]);
    });
  }

  it('returns only the date of a secret that is being deleted', async () => {
    const answers = { DescribeSecret: { body: { DeletedDate: 1_700_000_000 } } };
    const { found } = await against(answers, (client) => versionsOf(client, 'A'));
    assert.deepEqual(found, { deletedAt: at(1_700_000_000) });
  });

  it('says what the role lacks', async () => {
    const { found } = await against({ DescribeSecret: DENIED }, (client) => versionsOf(client, 'A'));
    assertFailure(
      found,
      'credentials',
      /"Action":\["secretsmanager:DescribeSecret","secretsmanager:ListSecretVersionIds"\]/,
    );
  });
});

describe('deleteSecret', () => {
  it('deletes a secret after so many days, and returns the date', async () => {
    const answers = { DeleteSecret: { body: { DeletionDate: 1_700_000_000 } } };
    const { found, calls } = await against(answers, (client) => deleteSecret(client, 'A', 9));
    assert.deepEqual(found, new Date(1_700_000_000_000));
    assert.deepEqual(calls, [['DeleteSecret', { SecretId: 'A', RecoveryWindowInDays: 9 }]]);
  });

  it('deletes no single key', async () => {
    const { found, calls } = await against({}, (client) => deleteSecret(client, 'A#k', 9));
    assertFailure(found, 'settings', 'Secret "A#k": one key cannot be deleted; name the whole secret');
    assert.deepEqual(calls, []);
  });

  it('says what the role lacks', async () => {
    const { found } = await against({ DeleteSecret: DENIED }, (client) => deleteSecret(client, 'A', 9));
    assertFailure(found, 'credentials', /"Action":\["secretsmanager:DeleteSecret"\]/);
  });
});
