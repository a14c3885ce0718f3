import type { SecretsCheck } from '../secrets/check-secrets.ts';
import type { Account } from './schedule-definition.ts';

export type { Account, AccountState } from './schedule-definition.ts';

export type AccountsOptions = { readonly stage: string; readonly region?: string; readonly profile?: string };

/** Variables of an account by name, as `.env` would have them; a JSON secret such as `WALLABAG` is JSON text. */
export type Variables = Readonly<Record<string, string>>;

/** The newest run of an account that the log tells of. */
export type LastRun = {
  readonly at: Date;
  /** Absent: it failed before it was known. */
  readonly mode?: string;
  readonly ok: boolean;
  readonly listed?: number;
  readonly tagged?: number;
  readonly message?: string;
};

/** What became of one line of an import. */
export type ImportedLine = {
  /** From 1 on. */
  readonly line: number;
  readonly account?: string;
  readonly outcome: 'added' | 'was there' | 'refused';
  /** Why it was refused: one sentence, without values. */
  readonly problem?: string;
};

/** How many lines came to what. */
export type ImportResult = { readonly added: number; readonly wereThere: number; readonly refused: number };

export type Accounts = {
  check(name: string, variables?: Variables): Promise<SecretsCheck>;
  add(name: string, variables: Variables): Promise<'added' | 'was there'>;
  get(name: string): Promise<Account | undefined>;
  list(): AsyncIterable<Account>;
  settings(name: string): Promise<Variables>;
  lastRuns(names?: readonly string[]): Promise<ReadonlyMap<string, LastRun>>;
  pause(name: string): Promise<void>;
  resume(name: string): Promise<void>;
  rotate(name: string, changed: Variables): Promise<void>;
  remove(name: string, options?: { recoveryDays?: number }): Promise<Date | undefined>;
  removeAll(options?: { recoveryDays?: number }, on?: (removed: number) => void): Promise<number>;
  import(
    lines: AsyncIterable<string> | Iterable<string>,
    on?: (done: ImportedLine) => void,
    options?: { packed?: boolean },
  ): Promise<ImportResult>;
  pack(on?: (moved: number) => void): Promise<{ readonly moved: number; readonly shards: number }>;
};
