import { isUtf8 } from 'node:buffer';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import chardet from 'chardet';
import { unzipSync } from 'fflate';
import { Failure } from '../../failure.ts';
import { decodePage } from '../../pages/decode-page.ts';
import type { Store } from '../store.ts';
import type { NewItem } from '../stored-item.ts';
import type { Entry } from './exported-row.ts';
import { readBookmarks, readDump } from './json-and-html.ts';
import { readCsv } from './pocket-csv.ts';

type Note = { readonly file: string; readonly place: string; readonly reason: string };

export type ImportReport = {
  readonly added: number;
  /** Entries whose address the list had, or that came more than once. */
  readonly alreadyThere: number;
  /** Not imported. `place`: the line of a CSV, counted from 1, the item of a dump, the link of a page, or `all of it`. */
  readonly skipped: readonly Note[];
  /** Imported without a field, such as the time. */
  readonly incomplete: readonly Note[];
};

/** 100,000 items are about 20 MB of CSV, or 300 MB of a dump. */
const MAX_IMPORT_BYTES = 400 * 1024 * 1024;

/** Pocket's own export of 200,000 items has 20 files. */
const MAX_FOLDER_FILES = 1_000;

type Part = { readonly name: string; readonly bytes: Uint8Array };

const importFailure = (name: string, problem: string) =>
  new Failure(
    'settings',
    `Cannot import "${name}": ${problem}. Give an export of Pocket, Instapaper, Raindrop, Readwise, Omnivore or Karakeep, or bookmarks as HTML.`,
  );

const UNKNOWN_EXPORT = 'it is no export that is known here';

/** What Finder adds (`._part_000000.csv` in `__MACOSX`), highlights, and the saved pages in Omnivore's export. */
const NO_ITEMS =
  /(?:^|\/)(?:__MACOSX|annotations|collections|highlights|content|node_modules|\.[^/]*)(?:\/|$)/;
const isWanted = (path: string) => /\.(?:csv|html?|json)$/i.test(path) && !NO_ITEMS.test(path);
const isWantedInFolder = (path: string) => isWanted(path.replace(/\.zip$/i, '.csv'));

function unzip(name: string, bytes: Uint8Array): Part[] {
  let unpackedBytes = 0;
  let isSpreadsheet = false;
  const wanted = ({ name: path, originalSize }: { name: string; originalSize: number }) => {
    isSpreadsheet ||= path.startsWith('xl/');
    if (!isWanted(path)) return false;
    unpackedBytes += originalSize;
    if (unpackedBytes > MAX_IMPORT_BYTES) throw importFailure(name, 'it unpacks to more than 400 MB');
    return true;
  };
  try {
    const parts = Object.entries(unzipSync(bytes, { filter: wanted }));
    if (isSpreadsheet) throw importFailure(name, 'it is a spreadsheet; save it as CSV');
    if (parts.length === 0) throw importFailure(name, 'the ZIP holds no CSV, JSON or HTML');
    return inOrder(parts.map(([path, content]) => ({ name: path, bytes: content })));
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw importFailure(name, 'the ZIP is damaged');
  }
}

const inOrder = (parts: readonly Part[]) => parts.toSorted((a, b) => (a.name < b.name ? -1 : 1));

const SYSTEM_REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'there is no such file or folder',
  EACCES: 'it may not be read',
  EPERM: 'it may not be read',
};

function readFailure(path: string, { code = '' }: NodeJS.ErrnoException): Failure {
  return new Failure(
    'settings',
    `Cannot read "${path}": ${SYSTEM_REASONS[code] ?? `the system says ${code}`}.`,
  );
}

async function partsOf(path: string): Promise<Part[]> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return await filesIn(path);
    if (found.size > MAX_IMPORT_BYTES) throw importFailure(basename(path), 'it is larger than 400 MB');
    return partsOfFile(basename(path), await readFile(path));
  } catch (error) {
    throw error instanceof Failure ? error : readFailure(path, error as NodeJS.ErrnoException);
  }
}

const isZip = (bytes: Uint8Array) => Buffer.from(bytes.subarray(0, 2)).toString('latin1') === 'PK';

const partsOfFile = (name: string, bytes: Uint8Array): Part[] =>
  isZip(bytes) ? unzip(name, bytes) : [{ name, bytes }];

/** As `partsOfFile`. A ZIP that holds nothing of use is a file like any other, which is skipped and named. */
function partsInFolder(name: string, bytes: Uint8Array): Part[] {
  try {
    return partsOfFile(name, bytes);
  } catch (error) {
    if (error instanceof Failure) return [{ name, bytes: new Uint8Array() }];
    throw error;
  }
}

/** The exports in a folder and its folders, such as an unpacked ZIP, or several ZIPs. */
async function filesIn(folder: string): Promise<Part[]> {
  const name = basename(folder);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name: file }) => relative(folder, join(parentPath, file)).replaceAll('\\', '/'))
    .filter(isWantedInFolder);
  if (paths.length === 0) throw importFailure(name, 'the folder holds no CSV, JSON, HTML or ZIP');
  if (paths.length > MAX_FOLDER_FILES)
    throw importFailure(
      name,
      `the folder holds more than ${MAX_FOLDER_FILES} such files; name that of the export`,
    );
  const parts: Part[] = [];
  let totalBytes = 0;
  for (const path of paths) {
    totalBytes += (await stat(join(folder, path))).size;
    if (totalBytes > MAX_IMPORT_BYTES) throw importFailure(name, 'its files are larger than 400 MB');
    parts.push(...partsInFolder(path, await readFile(join(folder, path))));
  }
  return inOrder(parts);
}

/** By how many bytes of text an encoding is guessed. */
const MAX_DETECTION_BYTES = 8_000;

/** Where a file has no byte-order mark: the encoding that it is in, or is likely to be in. HTML says it itself. */
function charsetOf(bytes: Uint8Array): string | undefined {
  const head = [...bytes.subarray(0, 100)];
  const zeros = (rest: number) => head.filter((byte, at) => byte === 0 && at % 2 === rest).length;
  if (zeros(1) > head.length / 4) return 'utf-16le';
  if (zeros(0) > head.length / 4) return 'utf-16be';
  if (isUtf8(bytes)) return 'utf-8';
  const text = Buffer.from(bytes).toString('latin1');
  if (/^\s*</.test(text.slice(0, 1_000))) return undefined;
  const words = text.match(/[^\s,;|"]*[\x80-\xff][^\n\r,;|"]*/g) ?? [];
  const sample = words.join('\n').slice(0, MAX_DETECTION_BYTES);
  return chardet.detect(Buffer.from(sample, 'latin1')) ?? 'windows-1252';
}

function entriesIn({ bytes }: Part): Generator<Entry> | undefined {
  const text = decodePage(bytes, charsetOf(bytes));
  const [, first] = /^\s*(\S)/.exec(text.slice(0, 1_000)) ?? [];
  if (first === '{' || first === '[') return readDump(text);
  return first === '<' ? readBookmarks(text) : readCsv(text);
}

/** Where a file has an address twice: the entry that is unread, with the tags of both. */
function merged(one: NewItem, other: NewItem): NewItem {
  const isOther = one.status !== 0 && other.status === 0;
  const [first, second] = isOther ? [other, one] : [one, other];
  return {
    ...second,
    ...first,
    given_title: first.given_title || second.given_title || '',
    tags: [...new Set([...(one.tags ?? []), ...(other.tags ?? [])])],
  };
}

/** Inserts an item. It gets a new id if its own belongs to another item. */
function insert(store: Store, item: NewItem): void {
  const { item_id, ...rest } = item;
  const isFree = item_id !== undefined && !store.find({ item_id: String(item_id) });
  store.insert([isFree ? item : rest]);
}

/** Collects the entries of all files: the items that are new to the store, one for each address, and what to report. */
function collectorFor(store: Store) {
  const items = new Map<string, NewItem>();
  const skipped: Note[] = [];
  const incomplete: Note[] = [];
  let alreadyThere = 0;

  function take(file: string, entry: Entry): void {
    if ('skipped' in entry) {
      skipped.push({ file, ...entry.skipped });
      return;
    }
    const { item, place, lost } = entry;
    const earlier = items.get(item.given_url);
    if (earlier) items.set(item.given_url, merged(earlier, item));
    if (earlier || store.hasGivenUrl(item.given_url)) {
      alreadyThere += 1;
      return;
    }
    items.set(item.given_url, item);
    if (lost.length > 0) incomplete.push({ file, place, reason: lost.join(', ') });
  }

  /** Whether the file is an export that is known here. */
  function takeFile(part: Part): boolean {
    const entries = entriesIn(part);
    if (!entries) skipped.push({ file: part.name, place: 'all of it', reason: UNKNOWN_EXPORT });
    for (const entry of entries ?? []) take(part.name, entry);
    return entries !== undefined;
  }

  const report = (): ImportReport => ({ added: items.size, alreadyThere, skipped, incomplete });
  return { items, takeFile, report };
}

/**
 * Imports exports of Pocket and other services: files, ZIPs and folders. Items that exist are not changed, so importing
 * again changes nothing. Rejects with a `settings` failure, and imports nothing, if one file cannot be read or is no
 * export that is known; other files in a folder or a ZIP are skipped.
 */
export async function importFiles(store: Store, paths: readonly string[]): Promise<ImportReport> {
  const given = await Promise.all(paths.map(async (path) => ({ path, parts: await partsOf(path) })));
  return store.transaction(() => {
    const { items, takeFile, report } = collectorFor(store);
    for (const { path, parts } of given)
      if (parts.map(takeFile).every((known) => !known)) throw importFailure(basename(path), UNKNOWN_EXPORT);
    for (const item of items.values()) insert(store, item);
    return report();
  });
}
