import { lstatSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'dotenv';
import { Failure } from '../../failure.ts';
import { misspeltVariables, secretsIn } from '../../setting-names.ts';
import { stageVariables } from '../../settings.ts';
import { isWritable, PROJECT, stateFolder } from './places.ts';

/** What editors make of the name. */
const MISNAMED = ['.env.txt', 'env.txt'];
/** Variables of ours that other programs have, too: by them alone a `.env` is not known as ours. */
const COMMON_NAMES = ['LOG_LEVEL', 'CODE'];

/** A `.env` that was found, and what it sets. */
export type EnvFile = { readonly path: string; readonly values: Readonly<Record<string, string>> };

/**
 * Reads `.env` from the current folder, if it is ours, else from the user's state folder, else from that of the project, into
 * `process.env`, where a variable that is set already wins. Terminal and serverless.yml both read it here, so a value is
 * the same by either way. Throws a `Failure` that names the file and the line, never a value, where it is not clear what
 * is meant.
 */
export function loadEnvFile(): EnvFile | undefined {
  const path = findEnvFile();
  if (path === undefined) return undefined;
  const values = parseEnvFile(textOf(path), path, process.env);
  // Into process.env, where the client of AWS and the choice of a proxy look for their own variables.
  for (const [name, value] of Object.entries(values)) process.env[name] ??= value;
  return { path, values };
}

/** Where the `.env` is that is read. One of another program in the current folder is passed over. */
export function findEnvFile(): string | undefined {
  const here = envFileIn(process.cwd());
  if (here !== undefined && isOurs(here)) return here;
  const folders = [stateFolder(), PROJECT].filter((folder) => folder !== undefined);
  return folders.map(envFileIn).find((found) => found !== undefined);
}

/** The `.env` in the current folder that is passed over, as that of another program, such as Docker Compose. */
export function foreignEnvFile(): string | undefined {
  const here = envFileIn(process.cwd());
  return here !== findEnvFile() ? here : undefined;
}

/**
 * The `.env` that is read, or where there is none, the one that a command may begin: here, unless that is foreign, or the
 * command is one that is installed and called from any folder.
 */
export function ownEnvFile(): string {
  return findEnvFile() ?? (foreignEnvFile() || PROJECT === undefined ? newEnvFile() : resolve('.env'));
}

/** Whether a `.env` sets something of ours, also misspelt or in a comment, or nothing at all. */
export function isOurs(path: string): boolean {
  const text = textOf(path);
  if (!/^\s*[^\s#]/m.test(text)) return true;
  const names = [...text.matchAll(/^[\s#]*(?:(?:export|set)\s+)?([\w.-]+)/gm)].map(([, name = '']) => name);
  const secrets = secretsIn({ ...process.env, ...parse(text) });
  const ours = [...stageVariables(), ...secrets, ...secrets.map((name) => `SECRET_${name}`)];
  const set = Object.fromEntries(names.map((name) => [name, 'set']));
  return (
    names.some((name) => ours.includes(name) && !COMMON_NAMES.includes(name)) ||
    misspeltVariables(set, stageVariables()).length > 0
  );
}

/**
 * Where a `.env` goes that is read from whichever folder: in the project, or where that is not ours, the state folder; and
 * where that is not, either, here.
 */
export function newEnvFile(): string {
  const folders = [PROJECT, stateFolder(), process.cwd()].filter((folder) => folder !== undefined);
  return join(folders.find(isWritable) ?? process.cwd(), '.env');
}

function envFileIn(folder: string): string | undefined {
  const [path, ...misnamed] = ['.env', ...MISNAMED].map((name) => join(folder, name));
  if (path !== undefined && exists(path)) return path;
  const found = misnamed.find(exists);
  if (found !== undefined) throw problem(found, 'is not read under this name; rename it to .env');
  return undefined;
}

function exists(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** The text of a file. Throws a `Failure` where it cannot be read, or is not UTF-8. */
export function textOf(path: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw unreadable(path, error);
  }
  if (bytes.includes(0)) throw problem(path, 'is not UTF-8 but UTF-16; save it as UTF-8');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw problem(path, 'is not UTF-8; save it as UTF-8');
  }
}

function unreadable(path: string, error: unknown): Failure {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EISDIR') return problem(path, 'is a folder, not a file; give the folder another name');
  if (code === 'ENOENT') return problem(path, 'is a link to a file that is not there');
  return problem(path, `cannot be read (${code}); check whose it is and what its owner allows`);
}

/** An entry as it stands in the file. */
type Entry = {
  readonly name: string;
  readonly value: string;
  /** The quote around the value; empty: none. */
  readonly quote: string;
  /** A comment was taken off the value. */
  readonly hasComment: boolean;
  /** How many lines it takes: more than one where a line ends inside of quotes. */
  readonly lines: number;
};

/**
 * The variables of a `.env`. Quoted values are read by dotenv, which ends an unquoted one at any `#`; here as in a shell
 * only a `#` after a space begins a comment. Nothing is put in for `$NAME`.
 */
export function parseEnvFile(
  text: string,
  path: string,
  env: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const { name, value } of entriesOf(text, path, env)) values[name] = value;
  return values;
}

/** An entry, and the lines of the file that it takes, from 0. */
export type PlacedEntry = Pick<Entry, 'name' | 'value'> & { readonly from: number; readonly to: number };

/** The lines of a text, whichever way they end. */
export function linesOf(text: string): string[] {
  return text.split(/\r\n|[\r\n]/);
}

/** The entries of a `.env`, in their order. Throws a `Failure` where it is not clear what one means. */
export function entriesOf(
  text: string,
  path: string,
  env: Readonly<Record<string, string | undefined>> = {},
): PlacedEntry[] {
  const found: PlacedEntry[] = [];
  const lines = linesOf(text);
  const ours = [...stageVariables(), ...secretsIn({ ...env, ...parse(text) })];
  for (let at = 0; at < lines.length; ) {
    const where = `${path}, line ${at + 1}`;
    if (/^\s*(#|$)/.test(lines[at] ?? '')) {
      at += 1;
      continue;
    }
    const entry = readEntry(lines.slice(at), where, ours);
    const { name, value } = entry;
    const isOurs = ours.includes(name) || name.startsWith('SECRET_');
    const before = Object.fromEntries(found.map((one) => [one.name, one.value]));
    const unclear = isOurs ? whatIsUnclear(entry, { ...env, ...before }) : undefined;
    if (unclear !== undefined) throw problem(where, `${name} ${unclear}`);
    found.push({ name, value, from: at, to: at + entry.lines });
    at += entry.lines;
  }
  return found;
}

/** `NAME=value` or `NAME: value`, with or without `export`, as dotenv knows it. */
const ENTRY = /^\s*(?:export\s+)?([\w.-]+)(?:\s*=|:\s)(\s*(["'`])?.*)$/;

function readEntry([line = '', ...more]: readonly string[], where: string, ours: readonly string[]): Entry {
  const [, name, text = '', quote = ''] = ENTRY.exec(line) ?? [];
  if (name === undefined) {
    const meant = ours.find((one) => line.split(/\W+/).includes(one)) ?? 'NAME';
    throw problem(where, `is not an entry; write ${meant}=value`);
  }
  if (quote === '') {
    const [value = ''] = text.split(/\s#/, 1);
    return { name, value: value.trim(), quote, hasComment: value !== text, lines: 1 };
  }
  for (let taken = 0; taken <= more.length; taken += 1) {
    const { [name]: value = '' } = parse([line, ...more.slice(0, taken)].join('\n'));
    // dotenv leaves the quotes of a value that does not end in one.
    if (!value.startsWith(quote)) return { name, value, quote, hasComment: false, lines: taken + 1 };
  }
  throw problem(where, `${name} begins with ${quote} and does not end with one; quote the whole value`);
}

const AS_IT_STANDS = 'put the value in single quotes if it is meant as it stands';

/** Why a value may be meant otherwise than it would be read, in a clause; `undefined` if it is clear. */
function whatIsUnclear(
  { value, quote, hasComment }: Entry,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (/^[“”„‘’«]/.test(value)) return 'is in typographic quotes; write straight ones';
  if (hasComment && value.startsWith('{')) return `is cut off at a " #"; ${AS_IT_STANDS}`;
  if (quote === "'") return undefined;
  if (quote === '"' && value.includes('\\"'))
    return 'holds \\", which stays as it is; put the value in single quotes, and write " alone';
  if (value.includes('\\$')) return `holds \\$, which stays as it is; write $ alone, or ${AS_IT_STANDS}`;
  const references = [...value.matchAll(/\$(?:\{[^}]*\}|([A-Za-z_]\w*))/g)];
  const isReference = references.some(([, name]) => name === undefined || env[name] !== undefined);
  return isReference
    ? `refers to another variable with $, which is not replaced; write its value out, or ${AS_IT_STANDS}`
    : undefined;
}

/** What is wrong with a file, or with a line of it. */
export function problem(where: string, what: string): Failure {
  return new Failure('settings', `${where}: ${what}`);
}
