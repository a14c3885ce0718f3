import type { Settings } from '../settings.ts';
import type { Log } from '../telemetry/telemetry.ts';
import { cached } from './cached.ts';
import { envSecrets, setVariable } from './env-secrets.ts';
import type { SecretSource } from './secret-source.ts';
import { secretsManager } from './secrets-manager.ts';
import { withJsonKeys } from './with-json-keys.ts';
import { withReadLog } from './with-read-log.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The source that the settings name: reads told to the log, remembered, and picked by key. Keep it from run to
 * run, else it remembers nothing. The environment is not remembered: reading it costs nothing.
 */
export function openSecrets(
  { secretsFrom, secretMaxAgeMs }: Pick<Settings, 'secretsFrom' | 'secretMaxAgeMs'>,
  { env, log }: { env: Environment; log: Log },
): SecretSource {
  if (secretsFrom === 'env') return withJsonKeys(withReadLog(envSecrets(env), log), setVariable);
  return withJsonKeys(cached(withReadLog(secretsManager(), log), { maxAgeMs: secretMaxAgeMs }));
}

/** The source that outlives a run, since Lambda keeps the process for the next one. */
export type KeptSecrets = { fromAws?: SecretSource };

/** The source kept from an earlier run, else a new one. Says so where Lambda takes secrets from its environment. */
export function keptSecrets(
  kept: KeptSecrets,
  settings: Settings,
  surroundings: { env: Environment; log: Log },
): SecretSource {
  if (settings.secretsFrom === 'aws') {
    kept.fromAws ??= openSecrets(settings, surroundings);
    return kept.fromAws;
  }
  if (isLambda(surroundings.env)) {
    surroundings.log(
      'WARN',
      'SECRETS_FROM=env: the secrets come from the configuration of the function, where everyone who may look at it can read them; for Secrets Manager set SECRETS_FROM=aws',
    );
  }
  return openSecrets(settings, surroundings);
}

/** Whether this is Lambda itself; `serverless invoke local` sets `IS_LOCAL` beside Lambda's variables. */
function isLambda(env: Environment): boolean {
  return Boolean(env.AWS_LAMBDA_FUNCTION_NAME) && !env.IS_LOCAL;
}
