import { existsSync } from 'node:fs';
import { Failure } from '../../failure.ts';
import { secretVariable, WEBHOOK_SECRET } from '../../reading-lists/service-settings.ts';
import { secretsIn } from '../../setting-names.ts';
import { type Environment, GENERAL_SETTINGS, stageVariables } from '../../settings.ts';
import type { EnvFiles } from '../options.ts';
import { typedCommand, typedSource } from '../typed-command.ts';
import { isOurs, parseEnvFile, problem, textOf } from './env-file.ts';

/** What of AWS is read from the file; the client of AWS looks for the rest in the environment alone. */
const READ_OF_AWS = ['AWS_REGION', 'AWS_PROFILE'];

/** What names the token of its webhook. */
const OF_WEBHOOK = secretVariable(WEBHOOK_SECRET);

/** The file of `--env-file`, for a command that is for one list; `undefined`: the environment and `.env` name it. */
export function listFile({ envFile: [file, another] = [] }: EnvFiles): string | undefined {
  if (another === undefined) return file;
  throw new Failure('settings', 'this command is for one list: give --env-file once');
}

/**
 * What the file of a reading list says, and of the environment what is of no list, such as `BANDS` and proxies: an
 * address and the secrets that are sent to it come from one file. `begins`: the file may be one that is to be written.
 * Throws a `Failure` where it is not clear what is meant.
 */
export function fileEnvironment(path: string, { begins = false } = {}): Environment {
  const values = begins && !existsSync(path) ? {} : readListFile(path);
  const named = [...stageVariables(), OF_WEBHOOK, ...secretsIn(values)];
  const ofLists = named.filter((name) => !GENERAL_SETTINGS.includes(name));
  // http_proxy and HTTP_PROXY are one.
  const inFile = Object.keys(values).map((name) => name.toUpperCase());
  const isMeant = (name: string) =>
    !(inFile.includes(name.toUpperCase()) || ofLists.includes(name)) &&
    (GENERAL_SETTINGS.includes(name) || !name.startsWith('SECRET_'));
  return { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => isMeant(name))), ...values };
}

function readListFile(path: string): Readonly<Record<string, string>> {
  if (!existsSync(path))
    throw problem(
      path,
      `there is no such file; ${typedCommand()} init${typedSource({ envFile: [path] })} writes one`,
    );
  const text = textOf(path);
  if (!isOurs(path)) throw problem(path, "sets nothing of the tagger: it is another program's");
  const values = parseEnvFile(text, path, process.env);
  const unread = Object.keys(values).find((name) => name.startsWith('AWS_') && !READ_OF_AWS.includes(name));
  if (unread !== undefined)
    throw problem(path, `${unread} is not read from here; set it in the environment, or name an AWS_PROFILE`);
  return values;
}
