import { withoutControls } from '../failure.ts';

/** A longer text is no sentence for people: characters. */
const MAX_SENTENCE = 200;
/** Could be a token: 20 characters or more without a space, with a digit among them. */
const LIKE_A_TOKEN = /(?=[^\s\d]*\d)[^\s]{20,}/;

/**
 * The service's own sentence, such as which right a key lacks: a plain text, or the message in a JSON object. Undefined
 * if it is long, is markup, or holds anything like a token; `Credentials.use` drops it if it repeats a secret.
 */
export function sentenceIn(body: unknown): string | undefined {
  const text = typeof body === 'string' ? body : messageIn(body);
  const sentence = withoutControls(text ?? '')
    .replaceAll('"', "'")
    .replace(/\s+/g, ' ')
    .trim();
  const isUsable = sentence && sentence.length <= MAX_SENTENCE && !/[<>{}]/.test(sentence);
  return isUsable && !LIKE_A_TOKEN.test(sentence) ? sentence : undefined;
}

/** `{"message": ...}`, `{"detail": ...}`, `{"error": ...}`, `{"error": {"message": ...}}` and `{"errorMessage": ...}`. */
function messageIn(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { message, detail, errorMessage, error } = body as Readonly<Record<string, unknown>>;
  const known = [message, detail, errorMessage, error].find(
    (text) => typeof text === 'string' && text !== '',
  );
  return known === undefined ? messageIn(error) : String(known);
}
