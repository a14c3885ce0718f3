import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { Failure } from '../../lib/failure.ts';
import { secretsManager, secretsManagerClient } from '../../lib/secrets/secrets-manager.ts';
import { withJsonKeys } from '../../lib/secrets/with-json-keys.ts';
import { withEnvironment } from '../helpers/environment.ts';
import {
  awsEnvironment,
  awsError,
  type SecretsAnswer,
  type SecretsCall,
  startFakeSecretsManager,
} from '../helpers/fake-secrets-manager.ts';

/** What reading a secret gives, or its failure, from a Secrets Manager that answers so. */
async function read(
  answer: (call: SecretsCall) => SecretsAnswer,
  {
    name = 'POCKET_KEY',
    idleTimeoutMs = 20_000,
    maxReadMs = 20_000,
    env = {} as Record<string, string>,
  } = {},
) {
  const fake = await startFakeSecretsManager(answer);
  try {
    return await withEnvironment({ ...fake.env, ...env }, async () => {
      const source = withJsonKeys(secretsManager(secretsManagerClient({ idleTimeoutMs }), { maxReadMs }));
      const found = await source.getSecret(name).catch((error: unknown) => error);
      return { found, version: source.versionOf(name), calls: fake.calls };
    });
  } finally {
    await fake.close();
  }
}

const deletedAt = Date.UTC(2026, 11, 22) / 1000;
const deleted = 'You can’t perform this operation on the secret because it was marked for deletion.';

describe('secretsManager', () => {
  it('reads the text, the version and its age', async () => {
    const { found, version, calls } = await read(() => ({
      body: { Name: 'POCKET_KEY', SecretString: 'k\n', VersionId: 'v1', CreatedDate: 1_700_000_000 },
    }));
    assert.equal(found, 'k');
    assert.deepEqual(version, { versionId: 'v1', createdAt: new Date(1_700_000_000_000) });
    assert.deepEqual(calls, [
      { action: 'GetSecretValue', body: { SecretId: 'POCKET_KEY', VersionStage: 'AWSCURRENT' } },
    ]);
  });

  it('reads binary as UTF-8', async () => {
    const { found } = await read(() => ({
      body: { SecretBinary: Buffer.from('schlüssel').toString('base64') },
    }));
    assert.equal(found, 'schlüssel');
  });

  const rows: [why: string, answer: SecretsAnswer, kind: string, message: RegExp][] = [
    [
      'a secret that is not there',
      awsError('ResourceNotFoundException', 'Secrets Manager can’t find the specified secret.'),
      'credentials',
      /not found in eu-central-1; create it with: .* set POCKET_KEY --region eu-central-1$/,
    ],
    [
      'access denied',
      awsError('AccessDeniedException', 'User: S3CRET is not authorized to perform: GetSecretValue'),
      'credentials',
      /lacks \{.*"secretsmanager:GetSecretValue","secretsmanager:DescribeSecret".*secret:POCKET_KEY-\?{6}"\}/,
    ],
    [
      'a KMS key that may not be used',
      awsError('DecryptionFailure', 'Secrets Manager can’t decrypt'),
      'credentials',
      /^Secret "POCKET_KEY": cannot be decrypted; its KMS key needs .* kms:Decrypt/,
    ],
    [
      'a KMS key that may not be used, as AWS says it of other people’s keys',
      awsError('AccessDeniedException', 'Access to KMS is not allowed'),
      'credentials',
      /^Secret "POCKET_KEY": cannot be decrypted; .* kms:Decrypt/,
    ],
    [
      'no name',
      awsError('ValidationException', 'Invalid name'),
      'settings',
      /^Secret "POCKET_KEY": not a name that Secrets Manager takes/,
    ],
    [
      'expired credentials of AWS',
      awsError('ExpiredTokenException', 'The security token S3CRET is expired'),
      'settings',
      /^Secret "POCKET_KEY": AWS did not accept the AWS credentials of this run \(ExpiredTokenException\)/,
    ],
    [
      'unknown credentials of AWS',
      awsError('UnrecognizedClientException', 'The security token included in the request is invalid.'),
      'settings',
      /AWS_PROFILE/,
    ],
    [
      'too many calls',
      awsError('ThrottlingException', 'Rate exceeded'),
      'unavailable',
      /answered ThrottlingException; try again later$/,
    ],
    [
      'an internal error',
      awsError('InternalServiceError', 'S3CRET', 500),
      'unavailable',
      /answered InternalServiceError; try again later/,
    ],
    ['a broken connection', 'reset', 'unavailable', /cannot be reached \(ECONNRESET\)/],
    ['no answer', 'hang', 'unavailable', /cannot be reached \((ETIMEDOUT|TimeoutError)\); .*VPC/],
    ['an answer that never ends', 'trickle', 'unavailable', /cannot be reached \(AbortError\)/],
    ['an empty secret', { body: { SecretString: '' } }, 'credentials', /^Secret "POCKET_KEY" is empty/],
    [
      'binary that is no text',
      { body: { SecretBinary: Buffer.from([0xff, 0xfe, 0x00]).toString('base64') } },
      'credentials',
      /is binary and not UTF-8/,
    ],
  ];
  for (const [why, answer, kind, message] of rows) {
    it(`turns ${why} into a sentence with its remedy`, async () => {
      const { found } = await read(() => answer, {
        idleTimeoutMs: answer === 'hang' ? 150 : 20_000,
        maxReadMs: answer === 'trickle' ? 500 : 20_000,
      });
      assert.ok(found instanceof Failure);
      assert.equal(found.kind, kind);
      assert.match(found.message, message);
      assert.doesNotMatch(inspect(found, { depth: 10, showHidden: true }), /S3CRET/);
    });
  }

  it('says until when a deleted secret can be restored, and how', async () => {
    const { found } = await read(({ action }) =>
      action === 'DescribeSecret'
        ? { body: { Name: 'POCKET_KEY', DeletedDate: deletedAt } }
        : awsError('InvalidRequestException', deleted),
    );
    assert.equal(
      (found as Failure).message,
      'Secret "POCKET_KEY": scheduled for deletion; it can be restored until 2026-12-22 with: aws secretsmanager restore-secret --secret-id POCKET_KEY --region eu-central-1',
    );
  });

  it('says how to restore it also where it may not ask until when', async () => {
    const { found } = await read(({ action }) =>
      action === 'DescribeSecret'
        ? awsError('AccessDeniedException')
        : awsError('InvalidRequestException', deleted),
    );
    assert.match((found as Failure).message, /it can be restored with: aws secretsmanager restore-secret/);
  });

  const settings: [why: string, env: Record<string, string>, message: RegExp][] = [
    ['no region', { AWS_REGION: '' }, /no AWS region is set; set AWS_REGION/],
    [
      'no credentials of AWS',
      { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
      /no AWS credentials found; set AWS_PROFILE, or AWS_ACCESS_KEY_ID/,
    ],
  ];
  for (const [why, env, message] of settings) {
    it(`says what to set where there is ${why}`, async () => {
      const { found, calls } = await read(() => ({ body: {} }), { env });
      assert.ok(found instanceof Failure);
      assert.equal(found.kind, 'settings');
      assert.match(found.message, message);
      assert.deepEqual(calls, []);
    });
  }

  it('reports a refused connection', async () => {
    const { found } = await read(() => ({ body: {} }), { env: awsEnvironment('http://127.0.0.1:9') });
    assert.match(
      (found as Failure).message,
      /cannot be reached \(ECONNREFUSED\); check AWS_REGION, AWS_ENDPOINT_URL/,
    );
  });

  const rotations: [why: string, described: object, rotates: boolean][] = [
    ['rotates', { RotationEnabled: true }, true],
    ['does not, where AWS does not speak of it', {}, false],
  ];
  for (const [why, described, rotates] of rotations) {
    it(`knows that a secret ${why}`, async () => {
      const fake = await startFakeSecretsManager(() => ({ body: described }));
      await withEnvironment(fake.env, async () =>
        assert.equal(await secretsManager().rotates('POCKET_KEY'), rotates),
      );
      await fake.close();
    });
  }

  it('uses the given region, else that of the environment', async () => {
    await withEnvironment(awsEnvironment('http://127.0.0.1:9'), async () => {
      assert.equal(await secretsManagerClient({ region: 'eu-west-1' }).config.region(), 'eu-west-1');
      assert.equal(await secretsManagerClient().config.region(), 'eu-central-1');
    });
  });

  it('fails where the previous version may not be read', async () => {
    const fake = await startFakeSecretsManager(() => awsError('AccessDeniedException'));
    await withEnvironment(fake.env, () =>
      assert.rejects(
        secretsManager().getSecret('POCKET_KEY', { version: 'previous' }),
        /^Failure: Secret "POCKET_KEY": access denied/,
      ),
    );
    await fake.close();
  });

  it('says that there is no previous version', async () => {
    const fake = await startFakeSecretsManager(() => awsError('ResourceNotFoundException', 'staging label'));
    await withEnvironment(fake.env, () =>
      assert.rejects(secretsManager().getSecret('POCKET_KEY', { version: 'previous' }), {
        kind: 'credentials',
        message: 'Secret "POCKET_KEY": has no previous version',
      }),
    );
    assert.deepEqual(fake.calls[0]?.body, { SecretId: 'POCKET_KEY', VersionStage: 'AWSPREVIOUS' });
    await fake.close();
  });
});
