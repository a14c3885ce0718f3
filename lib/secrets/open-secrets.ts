import type { Log } from '../telemetry/telemetry.ts';
import { cached } from './cached.ts';
import { envSecrets, setVariable } from './env-secrets.ts';
import type { SecretSource } from './get-secret.ts';
import { secretsManager, secretsManagerClient } from './secrets-manager.ts';
import { withJsonKeys } from './with-json-keys.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export type SecretsOptions = {
  /** Secrets Manager, or the environment. */
  readonly secretsFrom: 'aws' | 'env';
  /** How long a secret that was read may be used again: milliseconds. */
  readonly secretMaxAgeMs: number;
};

/**
 * The source that the options name, with a log of reads, a cache and JSON keys. Keep it from run to run, else its
 * cache is empty each time. The environment is not cached: reading it costs nothing.
 *
 * @example
 * const { getSecret } = openSecrets({ secretsFrom: 'aws', secretMaxAgeMs: 3_600_000 }, { env: process.env, log });
 * const token = await getSecret('POCKET_TOKEN');
 */
export function openSecrets(
  { secretsFrom, secretMaxAgeMs }: SecretsOptions,
  { env, log }: { env: Environment; log: Log },
): SecretSource {
  if (secretsFrom === 'env') return withJsonKeys(withReadLog(envSecrets(env), log), setVariable);
  const store = secretsManager(secretsManagerClient({ region: env.AWS_REGION, profile: env.AWS_PROFILE }));
  return withJsonKeys(cached(withReadLog(store, log), { maxAgeMs: secretMaxAgeMs }));
}

/** What a process that Lambda keeps has for its next run. */
export type WarmSecrets = { fromAws?: SecretSource };

/**
 * The source of an earlier run in the same process, else a new one, which is kept in `warm`. Warns where a
 * function in Lambda takes its secrets from the environment.
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

/** Whether this is Lambda itself; `serverless invoke local` sets `IS_LOCAL` beside Lambda's variables. */
function isLambda(env: Environment): boolean {
  return Boolean(env.AWS_LAMBDA_FUNCTION_NAME) && !env.IS_LOCAL;
}

/** The same source, which logs each version that it reads: the secret's name and the version's id, nothing else. */
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
