import { Failure } from '../failure.ts';

export type ReadOptions = {
  /** Default: `current`. */
  readonly version?: 'current' | 'previous';
  /** Read it from the store although it is cached. */
  readonly forceFetch?: boolean;
};

/**
 * PORT: reads the text of one secret by name; `name#key` is one key of a JSON secret. Every credential is read through
 * it. Rejects with a `Failure` that names the secret and the remedy, never its text: `credentials` if the secret is at
 * fault, `settings` if the access to the store is, `unavailable` if it may work later.
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
 * A store of secrets. A cache, a log and JSON keys are added by wrappers, which return a source, too. Only `getSecret`
 * returns texts.
 */
export type SecretSource = {
  readonly getSecret: GetSecret;
  /** The version that `getSecret` read last; `undefined` if it has read none, or the source has no versions. */
  versionOf(name: string, version?: 'current' | 'previous'): SecretVersion | undefined;
  /** Whether automatic rotation is on; `undefined` if the store does not support it. Rejects as `getSecret` does. */
  rotates(name: string): Promise<boolean | undefined>;
  /** By what a secret is set, in words that follow "set it with:". `reference`: a name, or `name#key`. */
  howToSet(reference: string): string;
};

/**
 * Creates `getSecrets(...names)`, which starts reading several secrets at once and returns their promises, in order. A
 * promise that rejects before it is awaited is not an unhandled rejection.
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

/** Wraps a source so that it has no previous versions. */
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

/** What a secret that this project created is described as: by it a later deployment knows whose it is. */
export const DESCRIPTION = 'Read by readtime-tagger';

/**
 * Splits `name#key`. Names in Secrets Manager and of environment variables cannot contain `#`, so the first one
 * separates the key.
 */
export function splitKey(reference: string): { readonly name: string; readonly key?: string } {
  const at = reference.indexOf('#');
  return at === -1 ? { name: reference } : { name: reference.slice(0, at), key: reference.slice(at + 1) };
}

/**
 * A name (`!` is in those that AWS makes) or an ARN, with or without a key. Other characters, such as `*`, could allow a
 * role to read more secrets.
 */
const REFERENCE = /^(arn:aws[\w-]*:secretsmanager:(?<region>[a-z0-9-]+):\d{12}:secret:)?[\w/+=.@!-]+(#.+)?$/;

/**
 * The region of a secret that is named by its ARN, and the ARN as a policy needs it; `undefined` for any other name. An
 * ARN without the six characters that Secrets Manager adds to each matches any; a name that ends as if it had them, such
 * as `my-secret`, is taken for complete, as AWS takes it.
 */
export function parseArn(name: string): { readonly region: string; readonly granted: string } | undefined {
  // Stryker disable next-line OptionalChaining: a match of a pattern with a named group has groups
  const region = REFERENCE.exec(name)?.groups?.region;
  return region ? { region, granted: /-[A-Za-z0-9]{6}$/.test(name) ? name : `${name}-??????` } : undefined;
}

/**
 * Why a text cannot be the name of a secret, or is one that was pasted in the place of its name, in a clause that does
 * not repeat it; `undefined` if it can.
 */
export function secretNameProblem(name: string): string | undefined {
  if (isLikeToken(name))
    return 'looks like a secret itself; give the name of the secret, and set its value with: npm run secrets -- set NAME';
  return REFERENCE.test(name)
    ? undefined
    : "is not a secret's name (letters, digits and /_+=.@-, or an ARN; then #KEY for a key of it)";
}

/** A UUID, such as Pocket's tokens, which end early; or the beginning of a JWT. */
const TOKEN = /^(?=.*\d)[0-9a-z]{8}-([0-9a-z]{4}-){3}[0-9a-z]{6,12}$|^eyJ[\w-]+\./i;
const HEX = /^(?=.*\d)(?=.*[a-f])[0-9a-f]+$/i;
/** From this length on, a part of a name that looks random may be a token: characters. */
const MIN_TOKEN_PART = 20;

/**
 * Whether a text looks random: a long part of it is hexadecimal, or mixes letters and digits before its last eight
 * characters, which in names that CloudFormation makes are random, too.
 */
export function isLikeToken(text: string): boolean {
  if (TOKEN.test(text)) return true;
  const parts = text.split(/[^A-Za-z0-9]/).filter((part) => part.length >= MIN_TOKEN_PART);
  return parts.some((part) => {
    const changes = part.slice(0, -8).match(/\d(?=[A-Za-z])|[A-Za-z](?=\d)/g) ?? [];
    return HEX.test(part) || changes.length >= 4;
  });
}

/** The command that sets a secret. `reference`: a name, or `name#key`. */
export function setCommand(reference: string, region?: string): string {
  return `npm run secrets -- set ${reference}${region ? ` --region ${region}` : ''}`;
}
