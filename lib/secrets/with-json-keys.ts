import { Failure } from '../failure.ts';
import { type SecretSource, splitKey } from './get-secret.ts';

/**
 * Wraps a source so that `name#key` reads one key of a JSON secret, and texts are usable as they are: one line break at
 * the end is removed, so is a byte order mark, and a blank text or a placeholder rejects with a `Failure`.
 *
 * @example
 * const { getSecret } = withJsonKeys(envSecrets({ POCKET: '{"key":"k1","token":"t1"}' }));
 * await getSecret('POCKET#token'); // 't1'
 */
export function withJsonKeys(source: SecretSource): SecretSource {
  const howToSet = (reference: string, { isOfWhole }: Problem) => {
    const { name, key } = splitKey(reference);
    if (!isOfWhole || key === undefined) return source.howToSet(reference);
    return `${source.howToSet(name)} (a JSON object)`;
  };
  return {
    ...source,
    async getSecret(reference, options) {
      const picked = pick(reference, await source.getSecret(splitKey(reference).name, options));
      if ('text' in picked) return picked.text;
      throw new Failure(
        'credentials',
        `Secret ${picked.problem}; set it with: ${howToSet(reference, picked)}`,
      );
    },
    versionOf: (reference, version) => source.versionOf(splitKey(reference).name, version),
    rotates: (reference) => source.rotates(splitKey(reference).name),
  };
}

/** A clause with the name of the secret and what is wrong with it; `isOfWhole`: not with one key of it alone. */
type Problem = { readonly problem: string; readonly isOfWhole?: true };
type Picked = { readonly text: string } | Problem;

function pick(reference: string, stored: string): Picked {
  const { name, key } = splitKey(reference);
  const whole = stored.replace(/^\uFEFF/, '');
  if (isPlaceholder(whole)) return { problem: `"${name}" still holds its placeholder`, isOfWhole: true };
  const picked = key === undefined ? { text: whole } : pickKey(name, key, whole);
  if ('problem' in picked) return picked;
  const text = picked.text.replace(/\r?\n$/, '');
  return text.trim() ? { text } : { problem: `"${reference}" is empty` };
}

function pickKey(name: string, key: string, text: string): Picked {
  const json = parseObject(text);
  if (json === undefined) {
    const what = isQuoted(text) ? 'in quotes, and so not a JSON object' : 'not a JSON object';
    return { problem: `"${name}" is ${what}`, isOfWhole: true };
  }
  const value = Object.hasOwn(json, key) ? json[key] : undefined;
  if (typeof value === 'string' || typeof value === 'number') return { text: String(value) };
  return {
    problem:
      value === undefined
        ? `"${name}" has no key "${key}"`
        : `"${name}": key "${key}" is neither text nor a number`,
  };
}

const QUOTES = [`""`, "''", '“”', '„“', '‘’'];

function isQuoted(text: string): boolean {
  const trimmed = text.trim();
  return QUOTES.includes(`${trimmed.at(0)}${trimmed.at(-1)}`);
}

/**
 * What is likely wrong with the whole text of a secret, in a clause with the remedy: it was pasted with more than the
 * value. Some service may mean it so, so it is no reason to refuse it. Repeats nothing of it.
 */
export function pastedWrongly(name: string, text: string, howToSet: string): string | undefined {
  const problem = whatWasPasted(name, text);
  return problem && `Secret "${name}" ${problem} set the value alone with: ${howToSet}`;
}

function whatWasPasted(name: string, text: string): string | undefined {
  if (parseObject(text))
    return `holds JSON, as the console's key/value editor stores it, and its whole text is sent; name it as ${name}#KEY, with the key in it, or`;
  if (isQuoted(text)) return 'is in quotes, which are sent with it;';
  if (/[^\x20-\x7e]/.test(text)) return 'holds line breaks or letters that no token has;';
  return undefined;
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
    // Stryker disable next-line BlockStatement: without it the answer is undefined, too
  } catch {
    return undefined;
  }
}
