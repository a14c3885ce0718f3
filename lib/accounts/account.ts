import { createHash } from 'node:crypto';
import { Failure } from '../failure.ts';
import { mayBeSecret } from '../setting-names.ts';

/** The name of the service in serverless.yml, with which names of its resources begin. */
const SERVICE = 'readtime-tagger';

/** With the longest suffix of its schedules it stays below the 64 characters that EventBridge Scheduler takes. */
const ACCOUNT_NAME = /^[a-z0-9-]{1,48}$/;

/** What the names of packed secrets begin with, so that no account has such a name. */
const SHARD = 'shard-';

/** Where an account is: the secrets of its stage's accounts, its name, and its shard if it is packed with others. */
export type AccountPlace = {
  /** What names of the accounts' secrets begin with: `prod/accounts`. */
  readonly prefix: string;
  readonly name: string;
  /** Which packed secret holds it: a whole number above 0; absent: it has a secret of its own. */
  readonly shard?: number | undefined;
};

/** Whether a name has the form that secrets, schedules and log lines take. */
export function isAccountName(name: string): boolean {
  return ACCOUNT_NAME.test(name) && !name.startsWith(SHARD);
}

/** The name, if it is one of an account. Throws a `settings` failure for any other. */
export function checkAccountName(name: string): string {
  if (isAccountName(name)) return name;
  const shown = name.length > 100 || mayBeSecret(name) ? '' : ` ${JSON.stringify(name)}`;
  const problem = name.startsWith(SHARD)
    ? `begins with "${SHARD}", as packed secrets do; choose another`
    : 'is no name of one; give 1 to 48 of a-z, 0-9 and -';
  throw new Failure('settings', `Account${shown}: ${problem}`);
}

/** What names of a stage's secrets of accounts begin with: `prod/accounts`. */
export function accountsPrefix(stage: string): string {
  return `${stage}/accounts`;
}

/** The schedule group of a stage's accounts in EventBridge Scheduler, as infra/accounts.yml makes it. */
export function accountsGroup(stage: string): string {
  return `${SERVICE}-${stage}-accounts`;
}

/** The name of the packed secret of that number: `prod/accounts/shard-17`. */
export function shardSecret(prefix: string, shard: number): string {
  return `${prefix}/${SHARD}${shard}`;
}

/** The number of the shard that a secret is; `undefined` for the secret of one account. */
export function shardOf(prefix: string, secretName: string): number | undefined {
  const number = Number(secretName.slice(`${prefix}/${SHARD}`.length));
  const isShard = Number.isSafeInteger(number) && number > 0 && shardSecret(prefix, number) === secretName;
  return isShard ? number : undefined;
}

/**
 * How `getSecret` reads an account: `prod/accounts/anna`, or `prod/accounts/shard-17#anna`. Throws as
 * `checkAccountName`, so that no name becomes part of an ARN unchecked.
 */
export function secretOfAccount({ prefix, name, shard }: AccountPlace): string {
  checkAccountName(name);
  return shard === undefined ? `${prefix}/${name}` : `${shardSecret(prefix, shard)}#${name}`;
}

/** Which of so many slots of time an account has, from 0: always the same one, and each of them has as many accounts. */
export function slotOf(name: string, slots: number): number {
  return createHash('sha256').update(name).digest().readUInt32BE() % slots;
}

/** What is typed to change the credentials of an account. */
export function rotateCommand({ prefix, name }: Pick<AccountPlace, 'prefix' | 'name'>): string {
  const [stage] = prefix.split('/');
  return `npm run accounts -- rotate ${name} --stage ${stage}`;
}
