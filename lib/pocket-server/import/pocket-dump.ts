import * as z from 'zod';
import type { NewItem } from '../stored-item.ts';
import { type Entry, importedTags } from './pocket-csv.ts';

const absentIfEmpty = (value: unknown) => (value === null || value === '' ? undefined : value);
const text = z.preprocess((value) => value ?? '', z.coerce.string());
const integer = z.preprocess((value) => absentIfEmpty(value) ?? 0, z.coerce.number().int().nonnegative());
/** Objects in an object or an array; `[]` if there are none. */
const parts = z.preprocess(
  (value) => (typeof value === 'object' && value !== null ? Object.values(value) : []),
  z.array(z.record(z.string(), z.coerce.string())),
);
const tags = z.preprocess(
  (value) => value ?? {},
  z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]),
);

const v3Item = z.object({
  item_id: z.preprocess(absentIfEmpty, z.coerce.number().int().positive().optional()),
  resolved_id: z.preprocess((value) => value ?? '0', z.coerce.string()),
  given_url: text,
  given_title: text,
  resolved_url: text,
  resolved_title: text,
  excerpt: text,
  lang: text,
  top_image_url: text,
  favorite: integer,
  status: integer,
  is_article: integer,
  is_index: integer,
  has_image: integer,
  has_video: integer,
  word_count: integer,
  time_to_read: integer,
  listen_duration_estimate: integer,
  time_added: z.preprocess(absentIfEmpty, z.coerce.number().int().nonnegative().optional()),
  time_updated: z.preprocess(absentIfEmpty, z.coerce.number().int().nonnegative().optional()),
  time_read: integer,
  time_favorited: integer,
  tags,
  authors: parts,
  images: parts,
  videos: parts,
  domain_metadata: z.preprocess((value) => value ?? {}, z.record(z.string(), z.coerce.string())),
});

const nameOf = (tag: unknown) => {
  const name = typeof tag === 'object' && tag !== null && 'tag' in tag ? tag.tag : tag;
  return typeof name === 'string' ? name : '';
};

/** The item of one entry of `list`, or what is wrong with it. */
function itemOf(entry: unknown): NewItem | string {
  const read = v3Item.safeParse(entry);
  if (!read.success) return `${String(read.error.issues[0]?.path[0] ?? 'the item')} makes no sense`;
  const { item_id, time_added, time_updated, tags, authors, images, videos, domain_metadata, ...rest } =
    read.data;
  const given_url = rest.given_url || rest.resolved_url;
  if (!URL.canParse(given_url)) return rest.status === 2 ? 'deleted' : 'no URL';
  return {
    ...rest,
    given_url,
    ...(item_id !== undefined && { item_id }),
    ...(time_added !== undefined && { time_added }),
    ...(time_updated !== undefined && { time_updated }),
    tags: importedTags(Array.isArray(tags) ? tags.map(nameOf) : Object.keys(tags)),
    media: { authors, images, videos, domain_metadata },
  };
}

const dump = z.object({ list: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]) });

/** The items of a JSON dump of /v3/get; undefined if it is not one. */
export function readDump(json: string): Generator<Entry> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  const read = dump.safeParse(value);
  return read.success ? entriesOf(Object.values(read.data.list)) : undefined;
}

function* entriesOf(list: readonly unknown[]): Generator<Entry> {
  for (const [at, entry] of list.entries()) {
    const item = itemOf(entry);
    yield typeof item === 'string' ? { skipped: { place: `item ${at + 1}`, reason: item } } : { item };
  }
}
