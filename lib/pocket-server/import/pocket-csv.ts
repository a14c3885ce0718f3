import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import type { Store } from '../store.ts';
import { type NewItem, normalizeTag, type StoredItem } from '../stored-item.ts';

/** An item to import, or why there is none at that place of the file. Reasons quote nothing of the row. */
export type Entry =
  | { readonly item: NewItem }
  | { readonly skipped: { readonly place: string; readonly reason: string } };

type CsvRecord = { readonly fields: readonly string[]; readonly line: number };
type Malformed = { readonly line: number };

/** The records of a text and the line on which each begins; a quote gone wrong costs its own line only. */
function* recordsOf(text: string): Generator<CsvRecord | Malformed, undefined> {
  let rest = text;
  let line = 1;
  while (rest !== '') {
    const good: CsvRecord[] = [];
    let end = 0;
    try {
      parse(rest, {
        relax_column_count: true,
        record_delimiter: ['\r\n', '\n'],
        on_record: (fields: string[], { lines }: { lines: number }) => {
          good.push({ fields, line: line + end });
          end = lines;
          return null;
        },
      });
      yield* good;
      return;
    } catch {
      yield* good;
    }
    // What a stray quote swallowed may be good rows: go on with the line after it.
    const lines = rest.split('\n');
    if (lines[end]?.trim()) yield { line: line + end };
    rest = lines.slice(end + 1).join('\n');
    line += end + 1;
  }
}

/** Pocket wrote tags as it stored them, with escaped quotes; other programs do not. */
const importedTag = (tag: string) =>
  normalizeTag(tag.replaceAll(/\\(.)/gs, (_, character: string) => (character === '0' ? '\0' : character)));

/** Tags of a file, as the store keeps them. */
export const importedTags = (tags: readonly string[]): string[] => [
  ...new Set(tags.map(importedTag).filter((tag) => tag !== '')),
];

const statuses: Readonly<{ [status: string]: number }> = { '': 0, unread: 0, archive: 1 };

/** The item of one row; a string says what is wrong with it. */
function itemOf(row: Readonly<{ [column: string]: string }>): NewItem | string {
  const { url = '', title = '', time_added = '', tags = '', status = '' } = row;
  if (!URL.canParse(url)) return 'the url is not a URL';
  if (!/^\d{0,12}$/.test(time_added)) return 'time_added is not a number of seconds';
  const found = Object.hasOwn(statuses, status) ? statuses[status] : undefined;
  if (found === undefined) return 'the status is neither unread nor archive';
  return {
    given_url: url,
    given_title: title === url ? '' : title,
    status: found,
    tags: importedTags(tags.split('|')),
    ...(time_added && { time_added: Number(time_added) }),
  };
}

/** The rows of one of Pocket's CSVs, read by header name; undefined when there is no `url` column. */
export function readCsv(text: string): Generator<Entry> | undefined {
  const records = recordsOf(text.replace(/^\uFEFF/, ''));
  const { value: first } = records.next();
  const header: readonly string[] =
    first && 'fields' in first ? first.fields.map((name) => name.trim().toLowerCase()) : [];
  return header.includes('url') ? entriesOf(records, header) : undefined;
}

function* entriesOf(records: Generator<CsvRecord | Malformed>, header: readonly string[]): Generator<Entry> {
  for (const record of records) {
    const skipped = (reason: string): Entry => ({ skipped: { place: `line ${record.line}`, reason } });
    if (!('fields' in record)) yield skipped('the quotes do not pair up');
    else if (record.fields.length === 1 && record.fields[0]?.trim() === '') continue;
    else if (record.fields.length !== header.length)
      yield skipped(`${record.fields.length} columns, not ${header.length}`);
    else {
      const row = Object.fromEntries(header.map((name, at) => [name, record.fields[at] ?? '']));
      const item = itemOf(row);
      yield typeof item === 'string' ? skipped(item) : { item };
    }
  }
}

const rowOf = ({ given_title, given_url, resolved_title, time_added, tags, status }: StoredItem) => [
  given_title || resolved_title || given_url,
  given_url,
  time_added,
  tags.join('|'),
  status === 1 ? 'archive' : 'unread',
];

/** Pocket's own CSV of all unread and archived items, in pieces. A tag with `|` in it comes back as two. */
export function* exportCsv(store: Store): Generator<string> {
  yield 'title,url,time_added,tags,status\n';
  for (const item of store.everything())
    if (item.status < 2) yield stringify([rowOf(item)], { quoted_match: /\r/ });
}
