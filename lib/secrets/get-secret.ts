import { Failure } from '../failure.ts';

export type ReadOptions = {
  /** `current` by default. */
  readonly version?: 'current' | 'previous';
  /** Read it from the store, whatever a cache holds. */
  readonly forceFetch?: boolean;
};

/**
 * PORT: the text of one secret, by its name; `name#key` is one key of a JSON secret. Every credential is read
 * through it. Rejects with a `Failure` that names the secret and the remedy, never its text: `credentials` where
 * the secret is at fault, `settings` where access to the store is, `unavailable` where trying later helps.
 *
 * @example
 * const { getSecret } = openSecrets({ secretsFrom: 'aws', secretMaxAgeMs: 3_600_000 }, { env: process.env, log });
 * const token = await getSecret('POCKET_TOKEN');
 * const key = await getSecret('prod/pocket#key');
 * const old = await getSecret('POCKET_TOKEN', { version: 'previous' });
 */
export type GetSecret = (name: string, options?: ReadOptions) => Promise<string>;

/** One version of a secret, without its text. */
export type SecretVersion = { readonly versionId: string; readonly createdAt?: Date };

/**
 * A place that holds secrets. A cache, a log and JSON keys are added by wrapping: a wrapper returns a source, too.
 * Only `getSecret` returns texts.
 */
export type SecretSource = {
  readonly getSecret: GetSecret;
  /** The version that `getSecret` read last; `undefined` where it read none, or the source has no versions. */
  versionOf(name: string, version?: 'current' | 'previous'): SecretVersion | undefined;
  /** Whether the store rotates the secret by itself; `undefined` where it cannot. Rejects as `getSecret` does. */
  rotates(name: string): Promise<boolean | undefined>;
};

/**
 * `getSecrets(...names)`: any number of secrets, started together, and their promises in order. A promise that
 * is awaited late may have rejected before that without ending the process.
 *
 * @example
 * const getSecrets = getSecretsFrom(getSecret);
 * const [key, token] = await Promise.all(getSecrets('POCKET_KEY', 'POCKET_TOKEN'));
 */
export function getSecretsFrom(
  getSecret: GetSecret,
  options?: ReadOptions,
): <Names extends readonly string[]>(...names: Names) => { [Name in keyof Names]: Promise<string> } {
  return (...names) => {
    const started = names.map((name) => getSecret(name, options));
    for (const promise of started) promise.catch(() => undefined);
    return started as { [Name in keyof typeof names]: Promise<string> };
  };
}

/** The same source without previous versions. */
export function currentOnly(source: SecretSource): SecretSource {
  return {
    ...source,
    getSecret: async (name, options) => {
      if (options?.version === 'previous') throw noPreviousVersion(name);
      return source.getSecret(name, options);
    },
  };
}

export function noPreviousVersion(name: string): Failure {
  return new Failure('credentials', `Secret "${name}": has no previous version`);
}

/**
 * Splits `name#key`. Neither Secrets Manager nor an environment variable allows `#` in a name, so the first one
 * begins the key.
 */
export function splitKey(reference: string): { readonly name: string; readonly key?: string } {
  const at = reference.indexOf('#');
  return at === -1 ? { name: reference } : { name: reference.slice(0, at), key: reference.slice(at + 1) };
}

/** The command that sets a secret. `reference` is a name, or `name#key`. */
export function setCommand(reference: string, region?: string): string {
  return `npm run secrets -- set ${reference}${region ? ` --region ${region}` : ''}`;
}
