import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { Failure, systemMessage, withoutControls } from '../../failure.ts';
import { type EnvFiles, type Output, type TimeLimit, timeLimitMs } from '../options.ts';
import { timeOfDay } from '../view/format.ts';
import type { ExitStatus } from '../view/run-result.ts';
import { wrapped } from '../view/wrapped.ts';
import { ownEnvFile } from './env-file.ts';
import { listFile } from './list-file.ts';
import { isWritable, makeFolder, stateFolder } from './places.ts';

/** Held by the run that writes, as a database that is locked; it stays empty. */
const LOCK = 'run.lock';
/** Which run holds the lock. */
const HOLDER = 'run.json';
/** How long after its time a run may take to end; later than that it hangs: milliseconds. */
const MAX_LATE_MS = 300_000;

/** Result codes: another process holds the lock; the file is none of SQLite's, and so held by nobody. */
const [SQLITE_BUSY, SQLITE_NOTADB] = [5, 26];

/** The last millisecond of a JavaScript date. */
const MAX_TIME = 8.64e15;
const time = z.number().min(0).max(MAX_TIME);
/** The run that holds the lock; times are milliseconds since 1970. */
const HOLDING = z.object({ pid: z.int(), host: z.string(), since: time, until: time });
type Holder = z.output<typeof HOLDING>;

/**
 * The folder of what the commands keep: `.data` beside the `.env` that is read, from whichever folder they are called,
 * so that two that use one list have one lock; where there is none, in the current folder. Where this user may not write
 * there, the platform's state folder. A file of `--env-file` with a name of its own has a folder of its own in there, so
 * that nothing of one list is kept with what is of another.
 */
export function dataFolder(source: EnvFiles): string {
  const state = stateFolder();
  const file = listFile(source);
  const path = file === undefined ? ownEnvFile() : resolve(file);
  const folder = dirname(path);
  const own = basename(path) === '.env' ? '' : basename(path);
  const beside = folder === state && own === '' ? folder : join(folder, '.data', own);
  if (isWritable(beside) || state === undefined) return beside;
  // In there are those of files of any folder.
  return file === undefined ? state : join(state, path.replaceAll(/[/\\:]+/g, '-'));
}

/** Opens a file of `.data/`. Throws a `Failure` where the folder cannot be written to. */
export function openInDataFolder<Opened>(
  name: string,
  open: (path: string) => Opened,
  source: EnvFiles,
): Opened {
  const folder = dataFolder(source);
  try {
    makeDataFolder(folder);
    return open(join(folder, name));
  } catch (error) {
    if (error instanceof Failure) throw error;
    const path = join(basename(folder), name);
    throw new Failure('settings', `Cannot open "${path}" in ${dirname(folder)}: ${systemMessage(error)}`);
  }
}

/**
 * Calls `work` while no other run in this folder writes. Where one does, it is not called: with `quiet` that is no
 * trouble, unless the other one hangs, else a `Failure` says so.
 */
export function withRunLock(
  options: Output & TimeLimit & EnvFiles,
  work: () => Promise<ExitStatus>,
): Promise<ExitStatus> {
  return whereFree<ExitStatus>(options, work, (sentence, isHanging) => {
    if (options.quiet && !isHanging) return 0;
    throw new Failure('unavailable', sentence);
  });
}

/**
 * Calls `work` while no other run in this folder writes, else `onBusy` with a sentence. The lock is the system's own,
 * which ends with the process however that ends, so it is never left behind. A folder in which nothing can be kept has no
 * lock, and the run goes on without.
 */
export async function whereFree<Result>(
  { quiet = false, json = false, ...options }: Output & TimeLimit & EnvFiles,
  work: () => Promise<Result>,
  onBusy: (sentence: string, isHanging: boolean) => Result,
): Promise<Result> {
  const folder = dataFolder(options);
  let lock: DatabaseSync | undefined;
  try {
    lock = takeLock(folder, Date.now() + timeLimitMs(options));
  } catch (error) {
    if (codeOf(error) === SQLITE_BUSY) {
      const holder = readHolder(folder);
      return onBusy(busySentence(holder), isLate(holder));
    }
    const reason = error instanceof Failure ? error.message : systemMessage(error);
    const sentence = `No lock in ${basename(folder)}/ (${reason}): nothing keeps another run from starting.`;
    if (!quiet && !json) console.error(wrapped(sentence, process.stderr));
  }
  try {
    return await work();
  } finally {
    if (lock) {
      rmSync(join(folder, HOLDER), { force: true });
      lock.close();
    }
  }
}

function takeLock(folder: string, until: number): DatabaseSync {
  makeDataFolder(folder);
  const lock = new DatabaseSync(join(folder, LOCK), { timeout: 0 });
  try {
    lock.exec('PRAGMA journal_mode = OFF; BEGIN IMMEDIATE');
    const holder: Holder = { pid: process.pid, host: hostname(), since: Date.now(), until };
    writeFileSync(join(folder, HOLDER), `${JSON.stringify(holder)}\n`, { mode: 0o600 });
    return lock;
  } catch (error) {
    lock.close();
    if (codeOf(error) !== SQLITE_NOTADB) throw error;
    rmSync(join(folder, LOCK));
    return takeLock(folder, until);
  }
}

function makeDataFolder(folder: string): void {
  try {
    makeFolder(folder);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    throw new Failure(
      'settings',
      `"${basename(folder)}" in ${dirname(folder)} is a file and no folder; rename it`,
    );
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'errcode' in error ? error.errcode : undefined;
}

/** Absent where it cannot be read, as in the moment before it is written, or is not what a run writes. */
function readHolder(folder: string): Holder | undefined {
  try {
    return HOLDING.parse(JSON.parse(readFileSync(join(folder, HOLDER), 'utf8')));
  } catch {
    return undefined;
  }
}

function isLate(holder: Holder | undefined): boolean {
  return holder !== undefined && Date.now() > holder.until + MAX_LATE_MS;
}

function busySentence(holder: Holder | undefined): string {
  if (holder === undefined) return 'another run is writing in this folder; start this one when it has ended';
  const { pid, host, since, until } = holder;
  const holding = `process ${pid}${host === hostname() ? '' : ` on ${withoutControls(host)}`}`;
  return isLate(holder)
    ? `another run in this folder should have ended at ${timeOfDay(until)}, and hangs; end it first (${holding})`
    : `another run has been writing in this folder since ${timeOfDay(since)} (${holding}); it ends by ${timeOfDay(until)}`;
}
