import { randomUUID } from 'node:crypto';
import { existsSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure, systemMessage } from '../../failure.ts';
import { entriesOf, linesOf, parseEnvFile, textOf } from './env-file.ts';
import { makeFolder } from './places.ts';

type Values = Readonly<Record<string, string>>;

/** What needs no quotes, in a shell neither. */
const PLAIN = /^[\p{L}\p{N}_.,:/@%+=~-]([\p{L}\p{N} _.,:/@%+=~-]*[\p{L}\p{N}_.,:/@%+=~-])?$/u;
const QUOTES = ["'", '"', '`'];

/** What stands before the name for a shell that reads the file, too. */
const EXPORT = /^\s*export\s+/;

/**
 * The text of a `.env` with these values: an entry that is there is replaced in its place, the others are added at the
 * end. Other lines stay as they are. Throws a `Failure` that names what cannot be merged.
 * @internal
 */
export function mergedText(text: string, values: Values, path: string): string {
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = linesOf(text);
  const entries = entriesOf(text, path);
  const before = Object.fromEntries(entries.map(({ name, value }) => [name, value]));
  const changes = Object.entries(values)
    .filter(([name, value]) => before[name] !== value)
    .map(([name, value]) => ({
      line: entryLine(name, value, path),
      // Of two entries with one name the last counts.
      at: entries.findLast((entry) => entry.name === name),
    }));
  // From the end, so that the places of the others stay right.
  for (const { line, at } of changes.toSorted((one, other) => (other.at?.from ?? 0) - (one.at?.from ?? 0)))
    if (at) lines.splice(at.from, at.to - at.from, `${EXPORT.exec(lines[at.from] ?? '')?.[0] ?? ''}${line}`);
  const added = changes.filter(({ at }) => at === undefined).map(({ line }) => line);
  if (added.length > 0) {
    if (lines.at(-1) === '') lines.pop();
    lines.push(...added, '');
  }
  return lines.join(end);
}

/** The line of an entry, in quotes where it needs them. Throws a `Failure` where it would be read as another value. */
function entryLine(name: string, value: string, path: string): string {
  const quote = PLAIN.test(value) ? '' : (QUOTES.find((one) => !value.includes(one)) ?? '');
  const line = `${name}=${quote}${value}${quote}`;
  if (isReadAs(value, line, name)) return line;
  throw new Failure(
    'settings',
    `Cannot keep ${name} in ${path}: no quotes fit it; set it in the environment`,
  );
}

function isReadAs(value: string, line: string, name: string): boolean {
  try {
    return parseEnvFile(line, '')[name] === value;
  } catch {
    return false;
  }
}

/**
 * Writes these values into a `.env` that only its owner may read. The file is replaced at once, so whatever happens it
 * is the old one or the new one. Throws a `Failure` where that cannot be done, and then nothing has changed.
 */
export function writeEnvFile(path: string, values: Values): void {
  const isThere = existsSync(path);
  const merged = mergedText(isThere ? textOf(path) : '', values, path);
  try {
    makeFolder(dirname(path));
    // A link goes on to lead to the file.
    replaceFile(isThere ? realpathSync(path) : path, merged);
  } catch (error) {
    throw new Failure('settings', `Cannot write ${path}: ${systemMessage(error)}`);
  }
}

function replaceFile(path: string, text: string): void {
  const unfinished = `${path}.${randomUUID()}`;
  try {
    writeFileSync(unfinished, text, { mode: 0o600, flag: 'wx', flush: true });
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}
