import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  type GetSecretValueCommandOutput,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { Failure } from '../failure.ts';
import { failureOfAws, isNotFound } from './aws-failure.ts';
import type { SecretDescription, SecretSource, SecretText } from './secret-source.ts';

/** A connection is made in well under a second, or, by a function without a way out, never: milliseconds. */
const CONNECTION_MS = 2000;
/** Secrets Manager answers in some 20 ms, or in a second when a key has to be fetched first: milliseconds. */
const IDLE_TIMEOUT_MS = 5000;
/** The first try and two more. */
const TRIES = 3;
/** All tries together, whatever happens: milliseconds. */
const READ_MS = 20_000;

/** A client that is not silent for long. Region, endpoint and credentials come from the usual AWS variables. */
export function secretsManagerClient({
  region = '',
  idleTimeoutMs = IDLE_TIMEOUT_MS,
} = {}): SecretsManagerClient {
  return new SecretsManagerClient({
    ...(region && { region }),
    maxAttempts: TRIES,
    requestHandler: { connectionTimeout: CONNECTION_MS, socketTimeout: idleTimeoutMs },
  });
}

/** Secrets from AWS Secrets Manager, as they are stored: plaintext, or binary read as UTF-8. */
export function secretsManager(client = secretsManagerClient(), readMs = READ_MS): SecretSource {
  const inTime = () => ({ abortSignal: AbortSignal.timeout(readMs) });
  const describe = async (name: string): Promise<SecretDescription> => {
    const asked = new DescribeSecretCommand({ SecretId: name });
    const { RotationEnabled, DeletedDate } = await client.send(asked, inTime());
    return { rotates: RotationEnabled ?? false, ...(DeletedDate && { deletedAt: DeletedDate }) };
  };
  const value = (name: string, stage: 'AWSCURRENT' | 'AWSPREVIOUS') =>
    client.send(new GetSecretValueCommand({ SecretId: name, VersionStage: stage }), inTime());
  const failure = (name: string) => async (error: unknown) => {
    throw await failureOfAws(error, { name, region: client.config.region, describe });
  };
  return {
    read: async (name) => textOf(name, await value(name, 'AWSCURRENT').catch(failure(name))),
    async readPrevious(name) {
      const found = await value(name, 'AWSPREVIOUS').catch((error: unknown) =>
        isNotFound(error) ? undefined : failure(name)(error),
      );
      return found && textOf(name, found);
    },
    describe: (name) => describe(name).catch(failure(name)),
  };
}

function textOf(
  name: string,
  { SecretString, SecretBinary, VersionId, CreatedDate }: GetSecretValueCommandOutput,
): SecretText {
  return {
    text: SecretString ?? decode(name, SecretBinary),
    ...(VersionId && { versionId: VersionId }),
    ...(CreatedDate && { createdAt: CreatedDate }),
  };
}

function decode(name: string, bytes: Uint8Array | undefined): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Failure('credentials', `Secret "${name}": is binary and not UTF-8; store it as plaintext`);
  }
}
