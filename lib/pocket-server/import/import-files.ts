import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { unzipSync } from 'fflate';
import { Failure } from '../../failure.ts';
import type { Store } from '../store.ts';
import type { NewItem } from '../stored-item.ts';
import { type Entry, readCsv } from './pocket-csv.ts';
import { readDump } from './pocket-dump.ts';

export type ImportReport = {
  readonly added: number;
  readonly alreadyThere: number;
  /** `place`: the line of a CSV, counted from 1, or the item of a dump. */
  readonly skipped: readonly { readonly file: string; readonly place: string; readonly reason: string }[];
};

/** 100,000 items are about 20 MB of CSV, or 300 MB of a dump. */
const MAX_IMPORT_BYTES = 400 * 1024 * 1024;

type Part = { readonly name: string; readonly text: string };

const importFailure = (name: string, problem: string) =>
  new Failure(
    'settings',
    `Cannot import "${name}": ${problem}. Give Pocket's ZIP, one of its CSVs or a v3 JSON dump.`,
  );

/** The CSVs of Pocket's ZIP; its annotations and collections contain no items. */
function unzip(name: string, bytes: Uint8Array): Part[] {
  let unpackedBytes = 0;
  const wanted = ({ name: part, originalSize }: { name: string; originalSize: number }) => {
    if (!part.toLowerCase().endsWith('.csv')) return false;
    unpackedBytes += originalSize;
    if (unpackedBytes > MAX_IMPORT_BYTES) throw importFailure(name, 'it unpacks to more than 400 MB');
    return true;
  };
  try {
    const parts = Object.entries(unzipSync(bytes, { filter: wanted }));
    const texts = parts.map(([part, content]) => ({ name: part, text: new TextDecoder().decode(content) }));
    return texts.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw importFailure(name, 'the ZIP is damaged');
  }
}

async function partsOf(path: string): Promise<Part[]> {
  const name = basename(path);
  const bytes = await stat(path)
    .then(({ size }) => (size > MAX_IMPORT_BYTES ? undefined : readFile(path)))
    .catch(() => {
      throw new Failure('settings', `Cannot read "${path}": there is no such file, or it may not be read.`);
    });
  if (!bytes) throw importFailure(name, 'it is larger than 400 MB');
  const zip = bytes.subarray(0, 2).toString('latin1') === 'PK';
  const parts = zip ? unzip(name, bytes) : [{ name, text: bytes.toString('utf8') }];
  if (parts.length === 0) throw importFailure(name, 'the ZIP holds no CSV');
  return parts;
}

function entriesOf({ name, text }: Part): Generator<Entry> {
  const entries = /^\s*[{[]/.test(text.slice(0, 100)) ? readDump(text) : readCsv(text);
  if (!entries) throw importFailure(name, "it is not one of Pocket's");
  return entries;
}

/** Adds an item unless its URL exists. It gets a new id if its own belongs to another item. */
function addIfNew(store: Store, item: NewItem): boolean {
  const { item_id, ...rest } = item;
  if (store.hasGivenUrl(item.given_url)) return false;
  const isFree = item_id !== undefined && !store.find({ item_id: String(item_id) });
  store.insert([isFree ? item : rest]);
  return true;
}

/**
 * Imports Pocket's ZIP, its CSVs, and JSON dumps of /v3/get. Items that exist are not changed, so importing again changes
 * nothing. Rejects with a `settings` failure, and imports nothing, if one file cannot be read or is none of these.
 */
export async function importFiles(store: Store, paths: readonly string[]): Promise<ImportReport> {
  const parts = (await Promise.all(paths.map(partsOf))).flat();
  return store.transaction(() => {
    let added = 0;
    let alreadyThere = 0;
    const skipped: ImportReport['skipped'][number][] = [];
    for (const part of parts)
      for (const entry of entriesOf(part)) {
        if ('skipped' in entry) skipped.push({ file: part.name, ...entry.skipped });
        else if (addIfNew(store, entry.item)) added += 1;
        else alreadyThere += 1;
      }
    return { added, alreadyThere, skipped };
  });
}
