import { parseObject } from './json-object.ts';

/**
 * Whether a text is what `serverless.secrets.cjs` puts into a secret that it creates: generated, and marked,
 * so that nobody takes it for a value.
 */
export function isPlaceholder(text: string): boolean {
  return parseObject(text)?.['readtime-tagger'] === 'placeholder';
}
