import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../failure.ts';

/** The checkout that this file belongs to; a bundle belongs to none. */
export const PROJECT: string | undefined = fileURLToPath(new URL('../../..', import.meta.url));

/** Throws a `Failure` where there is no checkout, which has serverless.yml and what deploys. */
export function checkIsCheckout(): void {
  if (PROJECT === undefined)
    throw new Failure(
      'settings',
      'a stage on AWS needs the whole project; clone https://github.com/readtime-tagger/readtime-tagger, and type there: npm ci && npm run deploy',
    );
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The folder of this user where the platform keeps the state of programs; `undefined` for a user without a home.
 *
 * @example
 * stateFolder(); // '/home/ada/.local/state/readtime'
 */
export function stateFolder(
  env: Variables = process.env,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  const home = homeOf(env);
  const { LOCALAPPDATA = home && join(home, 'AppData', 'Local'), XDG_STATE_HOME = '' } = env;
  if (platform === 'win32') return LOCALAPPDATA && join(LOCALAPPDATA, 'readtime');
  // https://specifications.freedesktop.org/basedir-spec: a relative path is to be ignored.
  if (platform !== 'darwin' && isAbsolute(XDG_STATE_HOME)) return join(XDG_STATE_HOME, 'readtime');
  const place = platform === 'darwin' ? ['Library', 'Application Support'] : ['.local', 'state'];
  return home && join(home, ...place, 'readtime');
}

function homeOf({ HOME }: Variables): string | undefined {
  if (HOME) return HOME;
  try {
    return homedir();
  } catch {
    return undefined; // no entry in the list of users
  }
}

/**
 * Makes a folder for its owner only, and those that it is in, unless they are there. Throws as the file system does. With
 * `recursive`, Node tries without end below /proc, which refuses a folder as if its parent were not there.
 */
export function makeFolder(folder: string): void {
  const parent = dirname(folder);
  if (!existsSync(parent)) makeFolder(parent);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

/** Whether this user may write to a folder, or make it. */
export function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const parent = dirname(folder);
    return code === 'ENOENT' && parent !== folder && isWritable(parent);
  }
}
