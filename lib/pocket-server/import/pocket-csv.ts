import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { storedTagName } from '../../reading-lists/pocket/rows.ts';
import type { Store } from '../store.ts';
import type { NewItem, StoredItem } from '../stored-item.ts';

/** An item to import, or the reason why an entry of the file is skipped. Reasons do not quote the entry. */
export type Entry =
  | { readonly item: NewItem }
  | { readonly skipped: { readonly place: string; readonly reason: string } };

type CsvRecord = { readonly fields: readonly string[]; readonly line: number };
type Malformed = { readonly line: number };

/** The records of a text, with the line on which each starts. An unpaired quote makes only its own line malformed. */
function* recordsOf(text: string): Generator<CsvRecord | Malformed, undefined> {
  let rest = text;
  let line = 1;
  while (rest !== '') {
    const records: CsvRecord[] = [];
    let end = 0;
    try {
      parse(rest, {
        relax_column_count: true,
        record_delimiter: ['\r\n', '\n'],
        on_record: (fields: string[], { lines }: { lines: number }) => {
          records.push({ fields, line: line + end });
          end = lines;
          return null;
        },
      });
      yield* records;
      return;
    } catch {
      yield* records;
    }
    // The lines after an unpaired quote may be valid: continue with the next one.
    const lines = rest.split('\n');
    if (lines[end]?.trim()) yield { line: line + end };
    rest = lines.slice(end + 1).join('\n');
    line += end + 1;
  }
}

/** Pocket exported tags with escaped quotes, as it stored them; other programs do not escape. */
const importedTag = (tag: string) =>
  storedTagName(tag.replaceAll(/\\(.)/gs, (_, character: string) => (character === '0' ? '\0' : character)));

/** Tags of a file, normalized as the store keeps them, without duplicates. */
export const importedTags = (tags: readonly string[]): string[] => [
  ...new Set(tags.map(importedTag).filter((tag) => tag !== '')),
];

const statuses: Readonly<{ [status: string]: number }> = { '': 0, unread: 0, archive: 1 };

/** The item of one row, or what is wrong with it. */
function itemOf(row: Readonly<{ [column: string]: string }>): NewItem | string {
  const { url = '', title = '', time_added = '', tags = '', status = '' } = row;
  if (!URL.canParse(url)) return 'the url is not a URL';
  if (!/^\d{0,12}$/.test(time_added)) return 'time_added is not a number of seconds';
  const statusCode = Object.hasOwn(statuses, status) ? statuses[status] : undefined;
  if (statusCode === undefined) return 'the status is neither unread nor archive';
  return {
    given_url: url,
    given_title: title === url ? '' : title,
    status: statusCode,
    tags: importedTags(tags.split('|')),
    ...(time_added && { time_added: Number(time_added) }),
  };
}

/** The rows of one of Pocket's CSVs, by column name; undefined if there is no `url` column. */
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

/** All unread and archived items as Pocket's own CSV, in chunks. A tag that contains `|` is imported as two. */
export function* exportCsv(store: Store): Generator<string> {
  yield 'title,url,time_added,tags,status\n';
  for (const item of store.everything())
    if (item.status < 2) yield stringify([rowOf(item)], { quoted_match: /\r/ });
}
