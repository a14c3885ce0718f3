import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { pocketTagName } from '../../reading-lists/tag-names.ts';
import type { Store } from '../store.ts';
import type { StoredItem } from '../stored-item.ts';
import { type Entry, type ExportedRow, entryFrom, isWebAddress, listIn } from './exported-row.ts';

type CsvRecord = { readonly fields: readonly string[]; readonly line: number };
type Row = Readonly<{ [column: string]: string }>;

/**
 * The records of a text, with the line on which each starts. A line whose quotes make no sense is read by itself, with
 * its quotes as text. Each line is read at most three times, however many quotes do not pair up: a record ends where its
 * quotes are even in number, and the search for that place stops at the next line with an odd number.
 */
function* recordsOf(text: string, delimiter: string): Generator<CsvRecord> {
  const lines = (text.includes('\n') ? text : text.replaceAll('\r', '\n')).split('\n');
  const hasOddQuotes = lines.map((line) => line.split('"').length % 2 === 0);
  let at = 0;
  while (at < lines.length) {
    const odd = hasOddQuotes.indexOf(true, at);
    const end = odd < 0 ? lines.length : odd;
    yield* recordsOfLines(lines.slice(at, end), at + 1, delimiter);
    if (odd < 0) return;
    const close = hasOddQuotes.indexOf(true, odd + 1);
    const whole = close < 0 ? undefined : parsed(lines.slice(odd, close + 1).join('\n'), delimiter);
    yield { fields: whole?.[0] ?? literalFields(lines[odd] ?? '', delimiter), line: odd + 1 };
    at = whole ? close + 1 : odd + 1;
  }
}

/** Lines that are read at once: a call of the parser costs as much as 100 lines. */
const MAX_LINES_AT_ONCE = 200;

/** One record a line: many at once where their quotes make sense, else line by line. */
function* recordsOfLines(
  lines: readonly string[],
  firstLine: number,
  delimiter: string,
): Generator<CsvRecord> {
  for (let start = 0; start < lines.length; start += MAX_LINES_AT_ONCE) {
    const block = lines.slice(start, start + MAX_LINES_AT_ONCE);
    const all = parsed(block.join('\n'), delimiter);
    for (const [at, text] of block.entries()) {
      if (text.trim() === '') continue;
      const fields = all ? all[at] : parsed(text, delimiter)?.[0];
      yield { fields: fields ?? literalFields(text, delimiter), line: firstLine + start + at };
    }
  }
}

/** Records by the rules of CSV, one for an empty line too; undefined if the quotes break them. */
function parsed(text: string, delimiter: string): string[][] | undefined {
  try {
    const options = { delimiter, relax_column_count: true, record_delimiter: ['\r\n', '\n'] };
    return parse(text, options);
  } catch {
    return undefined;
  }
}

/** The fields of one line with quotes inside unquoted fields, or with one that is never closed. */
function literalFields(line: string, delimiter: string): readonly string[] {
  const text = line.replace(/\r$/, '');
  for (const quotes of [{ relax_quotes: true }, { quote: false }] as const)
    try {
      return parse(text, { delimiter, relax_column_count: true, record_delimiter: '\n', ...quotes })[0] ?? [];
    } catch {}
  return text.split(delimiter);
}

/** How a service writes its CSV. */
type Service = {
  /** Columns by which it is recognised, besides `url`. */
  readonly has: readonly string[];
  readonly title?: string;
  readonly time: string;
  readonly tags: (row: Row) => readonly string[];
  readonly archived: (row: Row) => boolean | undefined;
  readonly favorite?: (row: Row) => boolean;
  /** Why a row is no saved item. */
  readonly skipped?: (row: Row) => string | undefined;
};

const is = (value = '', ...names: string[]) => names.includes(value.trim().toLowerCase());

function pocketStatus({ status = '' }: Row): boolean | undefined {
  if (is(status, '', 'unread')) return false;
  return is(status, 'archive') || undefined;
}

/** Columns by which Pocket's own CSV is known, with or without the others. */
const POCKET_COLUMNS = ['title', 'url', 'time_added', 'cursor', 'tags', 'status'];

const POCKET: Service = {
  has: ['time_added'],
  time: 'time_added',
  // A tag of Pocket's holds no comma; programs that write its columns separate tags so.
  tags: ({ tags = '' }) => tags.split(/[|,]/),
  archived: pocketStatus,
};

const INSTAPAPER_FOLDERS = ['', 'unread', 'archive', 'starred'];

const SERVICES: readonly Service[] = [
  POCKET,
  // Instapaper, Settings, Download .CSV file: URL,Title,Selection,Folder,Timestamp and, since 2024, Tags (JSON). As in
  // the importers of Karakeep and wallabag; as in the latter, a folder of one's own becomes a tag.
  {
    has: ['folder', 'timestamp'],
    time: 'timestamp',
    tags: ({ tags = '', folder = '' }) => [
      ...listIn(tags),
      ...(is(folder, ...INSTAPAPER_FOLDERS) ? [] : [folder]),
    ],
    archived: ({ folder }) => is(folder, 'archive'),
    favorite: ({ folder }) => is(folder, 'starred'),
  },
  // Raindrop.io, help.raindrop.io/export: id,title,note,excerpt,url,folder,tags,created,cover,highlights,favorite. It has
  // no archive; a collection of that name is one.
  {
    has: ['folder', 'created'],
    time: 'created',
    tags: ({ tags = '' }) => listIn(tags),
    archived: ({ folder }) => is(folder, 'archive'),
    favorite: ({ favorite }) => is(favorite, 'true'),
  },
  // Readwise Reader, Export CSV: Title,URL,ID,Document tags,Saved date,Reading progress,Location,Seen. As in
  // omnivore-app/readwise-reader-csv-to-omnivore-csv; locations as in readwise.io/reader_api.
  {
    has: ['document tags', 'saved date'],
    time: 'saved date',
    tags: (row) => listIn(row['document tags'] ?? ''),
    archived: ({ location }) => is(location, 'archive'),
    skipped: ({ location }) => (is(location, 'feed') ? 'it is in the feed, not saved' : undefined),
  },
  // Omnivore, docs.omnivore.app/using/importing.html: url,state,labels,saved_at,published_at; milliseconds.
  {
    has: ['labels', 'saved_at'],
    time: 'saved_at',
    tags: ({ labels = '' }) => listIn(labels),
    archived: ({ state }) => is(state, 'archived'),
    skipped: ({ state }) => (is(state, 'deleted') ? 'deleted' : undefined),
  },
];

function serviceOf(header: readonly string[]): Service | undefined {
  if (!header.includes('url')) return undefined;
  const service = SERVICES.find(({ has }) => has.every((column) => header.includes(column)));
  const isPlain = header.every((column) => column === '' || POCKET_COLUMNS.includes(column));
  return service ?? (isPlain ? POCKET : undefined);
}

/** The rows of a CSV of Pocket or another service; undefined if its columns are of none that is known. */
export function readCsv(text: string): Generator<Entry> | undefined {
  const [firstLine = ''] = /^.*\S.*$/m.exec(text) ?? [];
  const delimiters = [',', ';', '\t'].map((delimiter) => ({
    delimiter,
    count: firstLine.split(delimiter).length,
  }));
  const { delimiter } = delimiters.reduce((most, other) => (other.count > most.count ? other : most));
  const records = recordsOf(text, delimiter);
  const { value: first } = records.next();
  const header: readonly string[] = first
    ? first.fields.map((name: string) => name.trim().toLowerCase())
    : [];
  const service = serviceOf(header);
  return service && entriesOf(records, header, service);
}

function* entriesOf(
  records: Generator<CsvRecord>,
  header: readonly string[],
  service: Service,
): Generator<Entry> {
  for (const { fields, line } of records) {
    const place = `line ${line}`;
    if (fields.length === 1 && fields[0]?.trim() === '') continue;
    const aligned = rowOf(fields, header);
    const reason = typeof aligned === 'string' ? aligned : service.skipped?.(aligned.row);
    if (typeof aligned === 'string' || reason) yield { skipped: { place, reason: String(reason) } };
    else yield entryFrom(place, exportedRow(aligned.row, service), aligned.lost);
  }
}

const exportedRow = (row: Row, { time, tags, archived, favorite }: Service): ExportedRow => ({
  url: row.url ?? '',
  title: row.title,
  time: row[time],
  tags: tags(row),
  archived: archived(row),
  favorite: favorite?.(row),
});

/**
 * The fields by column. Where the url is not in its place, as after an unquoted comma in the title, the columns are
 * counted from it. What is wrong with the row, if it cannot be found.
 */
function rowOf(
  fields: readonly string[],
  header: readonly string[],
): string | { readonly row: Row; readonly lost: readonly string[] } {
  const urlAt = header.indexOf('url');
  const found = isWebAddress(fields[urlAt]) ? urlAt : fields.findIndex((field) => isWebAddress(field));
  if (found < 0 && fields.length !== header.length) return `${fields.length} columns, not ${header.length}`;
  const shift = found < 0 ? 0 : found - urlAt;
  const valueAt = (at: number) => (at < urlAt ? fields.slice(0, found)[at] : fields[at + shift]);
  const row = Object.fromEntries(header.map((name, at) => [name, valueAt(at) ?? '']));
  const titleAt = header.indexOf('title');
  if (shift > 0 && titleAt === urlAt - 1) row.title = fields.slice(titleAt, found).join(',');
  const extra = fields.length - shift - header.length;
  const lost = extra === 0 ? [] : [extra < 0 ? 'missing columns' : 'surplus columns'];
  return { row, lost };
}

const exportedFields = ({ given_title, given_url, resolved_title, time_added, tags, status }: StoredItem) => [
  given_title || resolved_title || given_url,
  given_url,
  time_added,
  tags.map(pocketTagName).join('|'),
  status === 1 ? 'archive' : 'unread',
];

/**
 * All unread and archived items as Pocket's own CSV, in chunks, with tags as people write them: `it's`. A tag that
 * contains `|` is imported as two.
 */
export function* exportCsv(store: Store): Generator<string> {
  yield 'title,url,time_added,tags,status\n';
  for (const item of store.everything())
    if (item.status < 2) yield stringify([exportedFields(item)], { quoted_match: /\r/ });
}
