import { Failure } from '../failure.ts';
import { splitKey } from './secret-name.ts';
import type { SecretSource } from './secret-source.ts';

/**
 * Secrets from environment variables, for local runs. `prod/llm/openai` is looked for in
 * `SECRET_prod_llm_openai`; then, where a name can be a variable's name, under the name itself.
 * A variable that is empty or blank is not set.
 */
export function envSecrets(env: Readonly<Record<string, string | undefined>>): SecretSource {
  return {
    async read(name) {
      const variables = variablesFor(name);
      const found = variables.map((variable) => env[variable]).find((text) => text?.trim());
      if (found !== undefined) return { text: found };
      throw new Failure('credentials', `Secret "${name}": not in the environment; ${setVariable(name)}`);
    },
    readPrevious: async () => undefined,
    describe: async () => ({}),
  };
}

/** How a secret of this source is set. `reference` may carry a key. */
export function setVariable(reference: string): string {
  const { name, key } = splitKey(reference);
  const variables = variablesFor(name).toReversed().join(' or ');
  return `set the variable ${variables}${key === undefined ? '' : `, a JSON object with the key "${key}"`}`;
}

function variablesFor(name: string): readonly string[] {
  const marked = `SECRET_${name.replace(/[^A-Za-z0-9]/g, '_')}`;
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? [marked, name] : [marked];
}
