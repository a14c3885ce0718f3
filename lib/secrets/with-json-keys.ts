import { Failure } from '../failure.ts';
import { type SecretSource, setCommand, splitKey } from './get-secret.ts';

/**
 * Wraps a source so that `name#key` reads one key of a JSON secret, and texts are usable as they are: one line break at
 * the end is removed, and a blank text or a placeholder rejects with a `Failure`, whose message ends in `remedy`.
 *
 * @example
 * const { getSecret } = withJsonKeys(envSecrets({ POCKET: '{"key":"k1","token":"t1"}' }));
 * await getSecret('POCKET#token'); // 't1'
 */
export function withJsonKeys(source: SecretSource, remedy = setSecretRemedy): SecretSource {
  return {
    async getSecret(reference, options) {
      const picked = pick(reference, await source.getSecret(splitKey(reference).name, options));
      if ('text' in picked) return picked.text;
      throw new Failure('credentials', `Secret ${picked.problem}; ${remedy(reference)}`);
    },
    versionOf: (reference, version) => source.versionOf(splitKey(reference).name, version),
    rotates: (reference) => source.rotates(splitKey(reference).name),
  };
}

const setSecretRemedy = (reference: string) => `set it with: ${setCommand(reference)}`;

type Picked = { readonly text: string } | { readonly problem: string };

/** The usable text, or a clause with the name of the secret and what is wrong with it. */
function pick(reference: string, whole: string): Picked {
  const { name, key } = splitKey(reference);
  if (isPlaceholder(whole)) return { problem: `"${name}" still holds its placeholder` };
  const picked = key === undefined ? { text: whole } : pickKey(name, key, whole);
  if ('problem' in picked) return picked;
  const text = picked.text.replace(/\r?\n$/, '');
  return text.trim() ? { text } : { problem: `"${reference}" is empty` };
}

function pickKey(name: string, key: string, text: string): Picked {
  const json = parseObject(text);
  if (json === undefined) return { problem: `"${name}" is not a JSON object, so it has no key "${key}"` };
  const value = Object.hasOwn(json, key) ? json[key] : undefined;
  if (typeof value === 'string' || typeof value === 'number') return { text: String(value) };
  return {
    problem:
      value === undefined
        ? `"${name}" has no key "${key}"`
        : `"${name}": key "${key}" is neither text nor a number`,
  };
}

/** Whether a text is the placeholder that the stack puts into a secret that it creates. */
export function isPlaceholder(text: string): boolean {
  return parseObject(text)?.['readtime-tagger'] === 'placeholder';
}

/** Parses a JSON object; `undefined` if it is not one. Does not throw the parser's error, which quotes the text. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? { ...json } : undefined;
  } catch {
    return undefined;
  }
}
