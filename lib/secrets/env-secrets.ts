import { Failure } from '../failure.ts';
import { noPreviousVersion, type SecretSource, splitKey } from './get-secret.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Secrets from environment variables, for local runs. `prod/llm/openai` is read from `SECRET_prod_llm_openai`; a name
 * that is valid as a variable is also read from the variable of that name. An empty or blank variable counts as not
 * set.
 */
export function envSecrets(env: Environment): SecretSource {
  return {
    async getSecret(name, options) {
      if (options?.version === 'previous') throw noPreviousVersion(name);
      const text = secretIn(env, name);
      if (text !== undefined) return text;
      throw new Failure('credentials', `Secret "${name}": not in the environment; set ${variableOf(name)}`);
    },
    versionOf: () => undefined,
    rotates: async () => undefined,
    howToSet: variableOf,
  };
}

/** The text of a secret, whose name is without a key; `undefined` where it is not set. */
export function secretIn(env: Environment, name: string): string | undefined {
  return variablesFor(name)
    .map((variable) => env[variable])
    .find((text) => text?.trim());
}

function variableOf(reference: string): string {
  const { name, key } = splitKey(reference);
  const variables = variablesFor(name).toReversed().join(' or ');
  const json = key === undefined ? '' : `, a JSON object with the key "${key}"`;
  return `the variable ${variables} (in .env or the environment)${json}`;
}

/** The variables that may hold a secret, in order of precedence. */
function variablesFor(name: string): readonly string[] {
  const prefixed = `SECRET_${name.replace(/[^A-Za-z0-9]/g, '_')}`;
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? [prefixed, name] : [prefixed];
}
