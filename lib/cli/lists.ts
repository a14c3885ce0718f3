import { realpathSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { styleText } from 'node:util';
import { Failure } from '../failure.ts';
import { secretIn } from '../secrets/env-secrets.ts';
import { splitKey } from '../secrets/get-secret.ts';
import { type Environment, readSettings } from '../settings.ts';
import { readEnvironment } from './environment.ts';
import { isPromptLeft, wasInterrupted } from './interruption.ts';
import type { ListSource, Output } from './options.ts';
import { printable } from './view/format.ts';
import type { ExitStatus } from './view/run-result.ts';
import { printTrouble } from './view/wrapped.ts';

/**
 * The options of a command, once for each reading list that it is called for: with the one file of it, and where there
 * are several with its name. Throws a `Failure` where a list comes twice.
 *
 * @example
 * for (const options of listsOf({ envFile: ['anna.env', 'ben.env'] })) ... // { envFile: ['anna.env'], listName: 'anna' }
 */
export function listsOf<Options extends ListSource>(options: Options): readonly Options[] {
  const { envFile: files = [] } = options;
  if (files.length > 0 && (options.sample || options.fresh))
    throw new Failure('settings', 'the sample is a list of its own: leave out --env-file');
  if (files.length < 2) return [options];
  checkNoneTwice(files);
  const names = files.map(listName);
  return files.map((file, at) => {
    const [name = file] = [names[at]];
    const isOneOfTwo = names.indexOf(name) !== names.lastIndexOf(name);
    return { ...options, envFile: [file], listName: printable(isOneOfTwo ? file : name) };
  });
}

/** `anna` for `anna.env`, `.env.anna` and `anna/.env`. */
function listName(file: string): string {
  return basename(file).replace(/^\.env\.|\.env$/, '') || basename(dirname(resolve(file))) || basename(file);
}

function checkNoneTwice(files: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const file of files)
    for (const found of [realPath(file), accountIn(file)]) {
      if (found === undefined) continue;
      const before = seen.get(found);
      if (before !== undefined && before !== file)
        throw new Failure('settings', `${before} and ${file} name the same list: leave one of them out`);
      seen.set(found, file);
    }
  const twice = files.find((file, at) => files.indexOf(file) !== at);
  if (twice !== undefined) throw new Failure('settings', `${twice} is given twice: leave one of them out`);
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return resolve(file);
  }
}

/** What two files of one list have in common; `undefined` where it cannot be told, which its own turn will say. */
function accountIn(file: string): string | undefined {
  try {
    return accountOf(readEnvironment({ envFile: [file] }));
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

function accountOf(env: Environment): string | undefined {
  const { readingList, serviceSettings, secretsFrom, secretNames } = readSettings(env);
  const names = Object.values(secretNames);
  const { AWS_REGION, AWS_PROFILE } = env;
  const secrets =
    secretsFrom === 'env'
      ? names.map((name) => secretIn(env, splitKey(name).name))
      : [...names, AWS_REGION ?? '', AWS_PROFILE ?? ''];
  return secrets.includes(undefined) ? undefined : JSON.stringify([readingList, serviceSettings, secrets]);
}

/**
 * Calls `work` for each reading list, one after the other, each under a heading with its name; where one fails, the
 * others have their turn. Resolves to the worst exit status. For one list it is `work` alone.
 */
export async function eachList<Options extends ListSource & Output>(
  options: Options,
  work: (one: Options) => Promise<ExitStatus>,
): Promise<ExitStatus> {
  const lists = listsOf(options);
  const [only, another] = lists;
  if (only && !another) return work(only);
  const statuses: ExitStatus[] = [];
  for (const one of lists) {
    if (wasInterrupted()) statuses.push(3);
    else {
      if (!one.quiet && !one.json) printHeading(one.listName, statuses.length === 0);
      statuses.push(await statusOfOne(one, work));
    }
  }
  return ([1, 3] as const).find((status) => statuses.includes(status)) ?? 0;
}

function printHeading(name = '', isFirst: boolean): void {
  console.log(`${isFirst ? '' : '\n'}${styleText('bold', `== ${name} ==`)}`);
}

async function statusOfOne<Options extends ListSource>(
  one: Options,
  work: (one: Options) => Promise<ExitStatus>,
): Promise<ExitStatus> {
  try {
    return await work(one);
  } catch (error) {
    if (isPromptLeft(error)) throw error;
    printTrouble(error, { listName: one.listName });
    return 1;
  }
}
