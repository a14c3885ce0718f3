import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { Failure } from '../failure.ts';
import { failureOfAws, isNotFound } from './aws-failure.ts';
import { noPreviousVersion, type SecretSource, type SecretVersion, setCommand } from './get-secret.ts';

/** A connection takes well under a second; in a VPC without an endpoint or NAT it never succeeds: milliseconds. */
const CONNECTION_TIMEOUT_MS = 2000;
/** A response takes about 20 ms, or a second if a KMS key has to be fetched first: milliseconds. */
const IDLE_TIMEOUT_MS = 5000;
/** Maximum tries of one call, the first included. */
const MAX_TRIES = 3;
/** Maximum time of one read, with all its tries: milliseconds. */
const MAX_READ_MS = 20_000;

const STAGES = { current: 'AWSCURRENT', previous: 'AWSPREVIOUS' } as const;

/** Creates a client with timeouts. Region, endpoint and credentials come from the usual AWS variables unless given. */
export function secretsManagerClient({
  region = '',
  profile = '',
  idleTimeoutMs = IDLE_TIMEOUT_MS,
} = {}): SecretsManagerClient {
  return new SecretsManagerClient({
    ...(region && { region }),
    ...(profile && { profile }),
    maxAttempts: MAX_TRIES,
    requestHandler: { connectionTimeout: CONNECTION_TIMEOUT_MS, socketTimeout: idleTimeoutMs },
  });
}

/**
 * Secrets from AWS Secrets Manager as they are stored: text, or binary decoded as UTF-8. `region`: named in the command
 * that sets a secret.
 */
export function secretsManager(
  client = secretsManagerClient(),
  { region, maxReadMs = MAX_READ_MS }: { region?: string | undefined; maxReadMs?: number } = {},
): SecretSource {
  const versions = new Map<string, SecretVersion>();
  const timeout = () => ({ abortSignal: AbortSignal.timeout(maxReadMs) });
  return {
    async getSecret(name, { version = 'current' } = {}) {
      const command = new GetSecretValueCommand({ SecretId: name, VersionStage: STAGES[version] });
      const { SecretString, SecretBinary, VersionId, CreatedDate } = await client
        .send(command, timeout())
        .catch((error: unknown) => {
          if (version === 'previous' && isNotFound(error)) throw noPreviousVersion(name);
          return rejectAsFailure(client, name)(error);
        });
      if (VersionId) versions.set(`${version} ${name}`, versionFrom(VersionId, CreatedDate));
      return SecretString ?? decode(name, SecretBinary);
    },
    versionOf: (name, version = 'current') => versions.get(`${version} ${name}`),
    async rotates(name) {
      const { RotationEnabled } = await client
        .send(new DescribeSecretCommand({ SecretId: name }), timeout())
        .catch(rejectAsFailure(client, name));
      return RotationEnabled ?? false;
    },
    howToSet: (reference) => setCommand(reference, region),
  };
}

export function versionFrom(versionId: string, createdAt: Date | undefined): SecretVersion {
  return { versionId, ...(createdAt && { createdAt }) };
}

/**
 * For `.catch`: rejects with the `Failure` for an error of AWS; a `Failure` is rethrown. `actions` of `secretsmanager`,
 * by default those of reading, are named in the message if access is denied.
 */
export function rejectAsFailure(
  client: SecretsManagerClient,
  name: string,
  actions?: readonly string[],
): (error: unknown) => Promise<never> {
  return async (error) => {
    if (error instanceof Failure) throw error;
    const deletionDate = async () => {
      const abortSignal = AbortSignal.timeout(MAX_READ_MS);
      return (await client.send(new DescribeSecretCommand({ SecretId: name }), { abortSignal })).DeletedDate;
    };
    const { region } = client.config;
    throw await failureOfAws(error, { name, region, deletionDate, ...(actions && { actions }) });
  };
}

function decode(name: string, bytes: Uint8Array | undefined): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Failure('credentials', `Secret "${name}": is binary and not UTF-8; store it as plaintext`);
  }
}
