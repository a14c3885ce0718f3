import { Failure } from '../failure.ts';
import { type ReadOptions, type SecretSource, splitKey } from '../secrets/get-secret.ts';
import { cached } from '../secrets/secret-cache.ts';
import { parseObject, withJsonKeys } from '../secrets/with-json-keys.ts';
import { type AccountPlace, rotateCommand, secretOfAccount } from './account.ts';
import { type AccountVariables, readAccountVariables } from './variables.ts';

/** The credentials of one account, and all of its variables. */
export type AccountSecrets = SecretSource & {
  /** Rejects as `getSecret`, and with `settings` where a variable is not allowed. */
  readonly variables: (options?: ReadOptions) => Promise<AccountVariables>;
};

/**
 * The secrets of one account, by the names of its variables: `getSecret('KARAKEEP_TOKEN')`. `store` has whole secrets,
 * and is not cached; what is kept in memory is of this account alone, although others may be in the same secret. Make
 * one for each run: settings and credentials are those of one read, unless the credentials are refused. Credentials of
 * another version are given only where they are for the same service and address; else it rejects with `unavailable`.
 * `presentShard`: asked where the account is not at its place, since it may have been packed in the meantime.
 */
export function accountSecrets(
  store: SecretSource,
  place: AccountPlace,
  presentShard: () => Promise<number | undefined> = async () => place.shard,
): AccountSecrets {
  let present = place;
  let begunWith: AccountVariables | undefined;
  const wholeSecret = () => splitKey(secretOfAccount(present)).name;

  async function readThere(options: ReadOptions | undefined): Promise<string> {
    const text = await store.getSecret(wholeSecret(), options);
    if (present.shard === undefined) return text;
    const packed = parseObject(text);
    const own = packed && Object.hasOwn(packed, place.name) ? packed[place.name] : undefined;
    if (typeof own === 'object' && own !== null) return JSON.stringify(own);
    throw new Failure('credentials', `Account "${place.name}": is not in the secret "${wholeSecret()}"`);
  }

  async function read(options: ReadOptions | undefined): Promise<string> {
    try {
      return await readThere(options);
    } catch (error) {
      if (!(error instanceof Failure && error.kind === 'credentials') || options?.version === 'previous')
        throw error;
      const shard = await presentShard();
      if (shard === present.shard) throw error;
      present = { ...place, shard };
      return readThere(options);
    }
  }

  const ofThisAccount = cached(
    { ...store, getSecret: (_name, options) => read(options) },
    { maxAgeMs: Number.POSITIVE_INFINITY },
  );

  async function variables(options?: ReadOptions): Promise<AccountVariables> {
    const found = readAccountVariables(place.name, await ofThisAccount.getSecret(place.name, options));
    begunWith ??= found;
    if (isForSameService(found, begunWith)) return found;
    throw new Failure(
      'unavailable',
      `Account "${place.name}": its service or address has changed since this run began; the next run goes by it`,
    );
  }

  return {
    ...secretsByVariable(place.name, variables, {
      versionOf: (_variable, version) => store.versionOf(wholeSecret(), version),
      rotates: () => store.rotates(wholeSecret()),
      howToSet: () => rotateCommand(place),
    }),
    variables,
  };
}

/** The secrets among an account's variables, by the names of these; `known`: what the store of them knows. */
export function secretsByVariable(
  account: string,
  variables: (options?: ReadOptions) => Promise<AccountVariables>,
  known: Omit<SecretSource, 'getSecret'>,
): SecretSource {
  return withJsonKeys({
    ...known,
    getSecret: async (variable, options) => {
      const value = (await variables(options))[variable];
      if (value !== undefined) return value;
      throw new Failure(
        'credentials',
        `Account "${account}": has no ${variable}; set it with: ${known.howToSet(variable)}`,
      );
    },
  });
}

/** Whether the credentials of one are for where those of the other are sent. */
function isForSameService(one: AccountVariables, other: AccountVariables): boolean {
  return Object.keys({ ...one, ...other })
    .filter((name) => name === 'READING_LIST' || name.endsWith('_URL'))
    .every((name) => one[name] === other[name]);
}
