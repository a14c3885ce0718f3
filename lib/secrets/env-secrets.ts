import { Failure } from '../failure.ts';
import type { GetSecret } from './get-secret.ts';

/** Secrets from environment variables, for local runs. */
export function envSecrets(env: Readonly<Record<string, string | undefined>>): GetSecret {
  return async (name) => {
    const text = env[name]?.trim();
    if (text) return text;
    throw new Failure('credentials', `Secret "${name}": not in the environment; set the variable ${name}`);
  };
}
