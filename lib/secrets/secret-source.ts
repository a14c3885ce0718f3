/** One version of a secret, read. */
export type SecretText = {
  readonly text: string;
  /** Absent where the source keeps no versions. */
  readonly versionId?: string;
  /** When this version was made, where the source knows. */
  readonly createdAt?: Date;
};

export type SecretDescription = {
  /** Whether the store changes the secret by itself; absent where there is no such thing. */
  readonly rotates?: boolean;
  /** When the secret is to be deleted for good, if it is. */
  readonly deletedAt?: Date;
};

/**
 * Where secrets are kept. What `read` does beyond that (remember, log, pick a key) is added by wrapping.
 * All three reject with a `Failure` that names the secret and the remedy, never its text: `credentials` where
 * the secret is at fault, `settings` where the access to the store is, `unavailable` where time will help.
 */
export type SecretSource = {
  /** The current version. `forceFetch`: not from memory. */
  read(name: string, how?: { readonly forceFetch?: boolean }): Promise<SecretText>;
  /** The version before the current one; `undefined` if there is none. */
  readPrevious(name: string): Promise<SecretText | undefined>;
  describe(name: string): Promise<SecretDescription>;
};
