import { Failure } from '../failure.ts';
import { parseObject } from './json-object.ts';
import { isPlaceholder } from './placeholder.ts';
import { setCommand, splitKey } from './secret-name.ts';
import type { SecretSource, SecretText } from './secret-source.ts';

/**
 * A source whose `name#key` is one key of a JSON secret, and whose texts can be used as they are: one line
 * break at the end is dropped; a text that is blank or still a placeholder is a failure. `remedy` says how a
 * secret of this source is set.
 */
export function withJsonKeys(source: SecretSource, remedy = setIt): SecretSource {
  const usable = (reference: string, secret: SecretText): SecretText => {
    const picked = pick(reference, secret.text);
    if ('text' in picked) return { ...secret, text: picked.text };
    throw new Failure('credentials', `Secret ${picked.problem}; ${remedy(reference)}`);
  };
  return {
    read: async (reference, how) => usable(reference, await source.read(splitKey(reference).name, how)),
    async readPrevious(reference) {
      const previous = await source.readPrevious(splitKey(reference).name);
      return previous && usable(reference, previous);
    },
    describe: (reference) => source.describe(splitKey(reference).name),
  };
}

const setIt = (reference: string) => `set it with: ${setCommand(reference)}`;

type Picked = { readonly text: string } | { readonly problem: string };

/** The usable text, or the secret's name and what is wrong with it. */
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
