import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Log } from '../telemetry/telemetry.ts';
import { envSecrets } from './env-secrets.ts';
import type { SecretSource } from './get-secret.ts';
import { cached } from './secret-cache.ts';
import { secretsManager, secretsManagerClient } from './secrets-manager.ts';
import { withJsonKeys } from './with-json-keys.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export type SecretsOptions = {
  /** `aws`: Secrets Manager, `env`: environment variables. */
  readonly secretsFrom: 'aws' | 'env';
  /** How long a secret is cached: milliseconds. */
  readonly secretMaxAgeMs: number;
};

/**
 * Creates the source that the options name, with a log of reads, a cache and JSON keys. Keep it from run to run, or the
 * cache is empty each time. The environment is not cached.
 *
 * @example
 * const { getSecret } = openSecrets({ secretsFrom: 'aws', secretMaxAgeMs: 3_600_000 }, { env: process.env, log });
 * const token = await getSecret('POCKET_TOKEN');
 */
export function openSecrets(
  { secretsFrom, secretMaxAgeMs }: SecretsOptions,
  { env, log }: { env: Environment; log: Log },
): SecretSource {
  if (secretsFrom === 'env') return withJsonKeys(withReadLog(envSecrets(env), log));
  return withJsonKeys(cached(openStore({ env, log }), { maxAgeMs: secretMaxAgeMs }));
}

/** Secrets Manager with a log of reads, and neither a cache nor keys. Several stores may share a client. */
export function openStore(
  { env, log }: { env: Environment; log: Log },
  client = storeClient(env),
): SecretSource {
  return withReadLog(secretsManager(client, { region: env.AWS_REGION }), log);
}

/** A client for the region and the profile of the environment. */
export function storeClient({ AWS_REGION: region, AWS_PROFILE: profile }: Environment): SecretsManagerClient {
  return secretsManagerClient({ region, profile });
}

/** What a warm Lambda process keeps for its next run. */
export type WarmSecrets = { fromAws?: SecretSource };

/**
 * The source of an earlier run in the same process, or a new one, which is kept in `warm`. Logs a warning if a function
 * in Lambda reads its secrets from the environment.
 */
export function reuseSecrets(
  warm: WarmSecrets,
  options: SecretsOptions,
  { env, log }: { env: Environment; log: Log },
): SecretSource {
  if (options.secretsFrom === 'aws') {
    warm.fromAws ??= openSecrets(options, { env, log });
    return warm.fromAws;
  }
  if (isLambda(env)) {
    log(
      'WARN',
      'SECRETS_FROM=env: the secrets come from the configuration of the function, where everyone who may look at it can read them; for Secrets Manager set SECRETS_FROM=aws',
    );
  }
  return openSecrets(options, { env, log });
}

/** Whether the process runs in Lambda; `serverless invoke local` sets `IS_LOCAL` besides Lambda's variables. */
function isLambda(env: Environment): boolean {
  return Boolean(env.AWS_LAMBDA_FUNCTION_NAME) && !env.IS_LOCAL;
}

/**
 * Wraps a source so that each read is logged: the name of the secret and the id of the version, nothing else.
 * @internal
 */
export function withReadLog(source: SecretSource, log: Log): SecretSource {
  return {
    ...source,
    async getSecret(name, options) {
      const text = await source.getSecret(name, options);
      const version = options?.version ?? 'current';
      const versionId = source.versionOf(name, version)?.versionId;
      log('INFO', 'Read a secret', { secret: name, version, ...(versionId && { versionId }) });
      return text;
    },
  };
}
