import type { SecretSource, SecretText } from './secret-source.ts';

/**
 * PORT: one secret's text by its name; `name#key` picks one key of a JSON secret.
 * Rejects with a `Failure` that names the secret and the remedy, never its text.
 */
export type GetSecret = (name: string) => Promise<string>;

/** `getSecret` over a source. */
export function getSecretFrom(source: Pick<SecretSource, 'read'>): GetSecret {
  return async (name) => (await source.read(name)).text;
}

/**
 * `getSecrets(...names)` over a source: any number of secrets, started together, and their promises in order.
 * A promise that nobody has come to yet may reject without ending the process.
 */
export function getSecretsFrom(
  source: Pick<SecretSource, 'read'>,
): <Names extends readonly string[]>(...names: Names) => { [Name in keyof Names]: Promise<string> } {
  const getSecret = getSecretFrom(source);
  return (...names) => startTogether(names, getSecret) as { [Name in keyof typeof names]: Promise<string> };
}

/** Starts a reading of each name at once. */
function startTogether<Result = SecretText>(
  names: readonly string[],
  start: (name: string) => Promise<Result>,
): Promise<Result>[] {
  const started = names.map((name) => start(name));
  for (const promise of started) promise.catch(() => undefined);
  return started;
}
