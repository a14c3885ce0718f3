import type { GetSecret } from './get-secret.ts';

/** The secrets that a reading list asks for, under the adapter's own names for them. */
export type Credentials<Key extends string> = {
  /** Does something with the values. */
  use<Result>(attempt: (values: Readonly<Record<Key, string>>) => Promise<Result>): Promise<Result>;
};

/** Credentials read from named secrets, all started together, at first use. */
export function credentialsFrom<Key extends string>(
  getSecret: GetSecret,
  secretNames: Readonly<Record<Key, string>>,
): Credentials<Key> {
  let reading: Promise<Record<Key, string>> | undefined;
  return {
    async use(attempt) {
      reading ??= readAll(getSecret, secretNames);
      return attempt(await reading);
    },
  };
}

async function readAll<Key extends string>(getSecret: GetSecret, secretNames: Readonly<Record<Key, string>>) {
  const names = Object.entries<string>(secretNames);
  const values = await Promise.all(names.map(async ([key, name]) => [key, await getSecret(name)] as const));
  return Object.fromEntries(values) as Record<Key, string>;
}
