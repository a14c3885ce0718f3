import {
  DeleteSecretCommand,
  paginateListSecrets,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { Failure } from '../failure.ts';
import { isNotFound } from '../secrets/aws-failure.ts';
import { rejectAsFailure } from '../secrets/secrets-manager.ts';
import { parseObject } from '../secrets/with-json-keys.ts';
import { accountsPrefix, isAccountName, secretOfAccount, shardOf, shardSecret } from './account.ts';
import { type AwsPlace, clientOptions, rejectCall } from './aws-calls.ts';
import { changeSecret, createSecret, isBeingDeleted, readSecret } from './secret-writes.ts';
import type { AccountVariables } from './variables.ts';

/** The accounts of one packed secret. */
export type Shard = ReadonlyMap<string, AccountVariables>;

/** The most that a secret may have: docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
export const MAX_SECRET_BYTES = 65_536;

/** Where an account is: a shard, or a secret of its own. */
type StoredAt = { readonly name: string; readonly shard?: number | undefined };

/**
 * The variables of a stage's accounts in Secrets Manager. Two who change one secret at the same time both get what they
 * changed. Each method rejects with a `Failure` that names the secret, never a value.
 */
export type StoredAccounts = {
  /** `undefined` where it is not at that place. */
  read(at: StoredAt): Promise<AccountVariables | undefined>;
  /** A secret of its own; `false`: there is one already; a `Failure`: one that is scheduled for deletion. */
  create(name: string, variables: AccountVariables): Promise<boolean | Failure>;
  /** `false`: the account is not at that place. */
  change(at: StoredAt, change: (variables: AccountVariables) => AccountVariables): Promise<boolean>;
  /** `deleted`: it is scheduled for deletion, and its number is taken until it is gone. */
  readShard(shard: number): Promise<Shard | 'absent' | 'deleted'>;
  /** Makes the shard where there is none. Resolves to whether there was something to change. */
  changeShard(shard: number, change: (accounts: Shard) => Shard): Promise<boolean>;
  /** Schedules the secret for deletion; resolves to when it is gone, or `undefined` where there is none. */
  deleteOwn(name: string, recoveryDays: number): Promise<Date | undefined>;
  deleteShard(shard: number, recoveryDays: number): Promise<Date | undefined>;
  /** Pages of what has a secret of its own, and of shards. What was made in the last minutes may be missing. */
  list(): AsyncIterable<{ readonly names: readonly string[]; readonly shards: readonly number[] }>;
};

/** Opens the secrets of a stage's accounts. */
export function storedAccounts(stage: string, place: AwsPlace): StoredAccounts {
  const client = new SecretsManagerClient(clientOptions(place));
  const prefix = accountsPrefix(stage);
  const ownSecret = (name: string) => secretOfAccount({ prefix, name });

  const failingToList = rejectCall({
    subject: `Stage "${stage}"`,
    service: 'Secrets Manager',
    actions: ['secretsmanager:ListSecrets'],
    region: client.config.region,
    absent: 'has no secrets here; name another stage or region',
  });

  async function readShard(shard: number): Promise<Shard | 'absent' | 'deleted'> {
    const secret = shardSecret(prefix, shard);
    const stored = await readSecret(client, secret);
    return typeof stored === 'string' ? stored : shardFrom(secret, stored.text);
  }

  async function changeShard(shard: number, change: (accounts: Shard) => Shard): Promise<boolean> {
    const secret = shardSecret(prefix, shard);
    const changed = (text: string) => shardText(secret, change(shardFrom(secret, text)));
    const existing = await changeSecret(client, secret, changed);
    if (existing !== undefined) return existing;
    if (change(new Map()).size === 0) return false;
    const created = await createSecret(client, secret, changed('{}'));
    if (created instanceof Failure) throw created;
    return created || changeShard(shard, change);
  }

  async function deleteSecret(secret: string, recoveryDays: number): Promise<Date | undefined> {
    const command = new DeleteSecretCommand({ SecretId: secret, RecoveryWindowInDays: recoveryDays });
    try {
      return (await client.send(command)).DeletionDate;
    } catch (error) {
      if (isNotFound(error) || isBeingDeleted(error)) return undefined;
      return rejectAsFailure(client, secret, ['DeleteSecret'])(error);
    }
  }

  return {
    async read({ name, shard }) {
      if (shard === undefined) {
        const stored = await readSecret(client, ownSecret(name));
        return typeof stored === 'string' ? undefined : variablesFrom(ownSecret(name), stored.text);
      }
      const accounts = await readShard(shard);
      return typeof accounts === 'string' ? undefined : accounts.get(name);
    },
    create: async (name, variables) => createSecret(client, ownSecret(name), JSON.stringify(variables)),
    async change({ name, shard }, change) {
      if (shard === undefined) {
        const secret = ownSecret(name);
        const changed = (text: string) => JSON.stringify(change(variablesFrom(secret, text)));
        return (await changeSecret(client, secret, changed)) !== undefined;
      }
      let isThere = false;
      await changeShard(shard, (accounts) => {
        const variables = accounts.get(name);
        isThere = variables !== undefined;
        return variables ? new Map([...accounts, [name, change(variables)]]) : accounts;
      });
      return isThere;
    },
    readShard,
    changeShard,
    deleteOwn: async (name, recoveryDays) => deleteSecret(ownSecret(name), recoveryDays),
    deleteShard: async (shard, recoveryDays) => deleteSecret(shardSecret(prefix, shard), recoveryDays),
    async *list() {
      // A filter by name finds names that begin so: docs.aws.amazon.com/secretsmanager/latest/userguide/manage_search-secret.html
      const filters = { Filters: [{ Key: 'name' as const, Values: [`${prefix}/`] }] };
      const pages = paginateListSecrets({ client, pageSize: 100, stopOnSameToken: true }, filters);
      try {
        for await (const { SecretList = [] } of pages) {
          const secrets = SecretList.flatMap(({ Name = '' }) => (Name.startsWith(`${prefix}/`) ? Name : []));
          yield {
            names: secrets.map((secret) => secret.slice(prefix.length + 1)).filter(isAccountName),
            shards: secrets.flatMap((secret) => shardOf(prefix, secret) ?? []),
          };
        }
      } catch (error) {
        await failingToList(error);
      }
    },
  };
}

function shardText(secret: string, accounts: Shard): string {
  const text = JSON.stringify(Object.fromEntries(accounts));
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_SECRET_BYTES) return text;
  throw new Failure(
    'settings',
    `Secret "${secret}": would have ${bytes} bytes, and ${MAX_SECRET_BYTES} at most are kept; remove the account, and add it again with a secret of its own`,
  );
}

function shardFrom(secret: string, text: string): Shard {
  return new Map(
    Object.entries(objectFrom(secret, text)).map(([name, one]) => [name, variablesOf(secret, one)]),
  );
}

function variablesFrom(secret: string, text: string): AccountVariables {
  return variablesOf(secret, objectFrom(secret, text));
}

function variablesOf(secret: string, value: unknown): AccountVariables {
  if (typeof value !== 'object' || value === null) throw notVariables(secret);
  // What was written by hand may be a number, or the object of a JSON secret.
  const text = (one: unknown) => (typeof one === 'string' ? one : JSON.stringify(one));
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, text(one)]));
}

function objectFrom(secret: string, text: string): Readonly<Record<string, unknown>> {
  const found = parseObject(text);
  if (found) return found;
  throw notVariables(secret);
}

function notVariables(secret: string): Failure {
  return new Failure('credentials', `Secret "${secret}": is not a JSON object of variables; set it anew`);
}
