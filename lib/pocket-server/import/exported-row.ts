import { pocketTagName, storedPocketTagName } from '../../reading-lists/tag-names.ts';
import type { NewItem } from '../stored-item.ts';

/** An item to import, or the reason why an entry of the file is skipped. Reasons do not quote the entry. */
export type Entry =
  /** `lost`: the fields that could not be read, such as `time`. */
  | { readonly item: NewItem; readonly place: string; readonly lost: readonly string[] }
  | { readonly skipped: { readonly place: string; readonly reason: string } };

/** A saved address as an export has it. */
export type ExportedRow = {
  readonly url: string;
  readonly title?: string | undefined;
  /** As in the file; see `secondsIn`. */
  readonly time?: string | number | undefined;
  readonly tags?: readonly string[] | undefined;
  /** `undefined`: the file says something that means neither. */
  readonly archived: boolean | undefined;
  readonly favorite?: boolean | undefined;
};

export const isWebAddress = (url = ''): boolean => /^\s*https?:\/\//i.test(url) && URL.canParse(url.trim());

/** The entry of a row: a field that cannot be read is lost, the item is not. `lost`: what was lost before. */
export function entryFrom(place: string, row: ExportedRow, lost: readonly string[] = []): Entry {
  const given_url = row.url.trim();
  if (!URL.canParse(given_url)) return { skipped: { place, reason: 'the url is not a URL' } };
  if (!isWebAddress(given_url)) return { skipped: { place, reason: 'the url is not a web address' } };
  const { title = '', tags = [], archived, favorite } = row;
  const time = String(row.time ?? '').trim();
  const time_added = time === '' ? undefined : secondsIn(time);
  const item: NewItem = {
    given_url,
    given_title: title === given_url ? '' : title,
    status: archived ? 1 : 0,
    tags: importedTags(tags),
    ...(favorite && { favorite: 1 }),
    ...(time_added !== undefined && { time_added }),
  };
  const unread = [
    ...(time !== '' && time_added === undefined ? ['time'] : []),
    ...(archived === undefined ? ['status'] : []),
  ];
  return { item, place, lost: [...lost, ...unread] };
}

/** Tags of a file as the store keeps them, without duplicates. Pocket exported `it\'s`; other programs do not escape. */
export const importedTags = (tags: readonly string[]): string[] => [
  ...new Set(tags.map((tag) => storedPocketTagName(pocketTagName(tag))).filter((tag) => tag !== '')),
];

/** Larger numbers are milliseconds, from 1973 on; as seconds they would be after the year 5000. */
const MAX_SECONDS = 1e11;
const MAX_MILLISECONDS = 1e14;
const MAX_MICROSECONDS = 1e17;

const ISO_DATE =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(?:(Z|UTC)|([+-]\d\d):?(\d\d))?)?$/i;

/**
 * Seconds since 1970 of a time as exports write it: seconds, milliseconds or microseconds since 1970, or ISO 8601, which
 * is UTC where it names no zone. A number that a spreadsheet has shortened (`1.72858E+09`) is no time: what is left of it
 * is hours off.
 */
function secondsIn(time: string): number | undefined {
  if (/^\d+(\.\d*)?$/.test(time)) return secondsOfNumber(Number(time));
  const [, day, clock = '00:00', , hours = '+00', minutes = '00'] = ISO_DATE.exec(time) ?? [];
  const seconds = Math.floor(Date.parse(`${day}T${clock}${hours}:${minutes}`) / 1000);
  return seconds >= 0 ? seconds : undefined;
}

function secondsOfNumber(value: number): number | undefined {
  if (value < MAX_SECONDS) return Math.floor(value);
  if (value < MAX_MILLISECONDS) return Math.floor(value / 1e3);
  return value < MAX_MICROSECONDS ? Math.floor(value / 1e6) : undefined;
}

/** The names in a list as services write it in one cell: JSON, Python's (`['a', "b's"]`), `[a,b]`, or `a, b`. */
export function listIn(cell: string): string[] {
  const text = cell.trim();
  const inner = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : undefined;
  if (inner === undefined) return text.split(',');
  const quoted = [...inner.matchAll(/'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"/gs)];
  if (quoted.length === 0) return inner.split(',');
  return quoted.map(([literal, single, double]) =>
    double === undefined ? unescaped(single) : (fromJson(literal) ?? unescaped(double)),
  );
}

const unescaped = (text = '') => text.replaceAll(/\\(.)/gs, '$1');

function fromJson(literal: string): string | undefined {
  try {
    return String(JSON.parse(literal));
  } catch {
    return undefined;
  }
}
