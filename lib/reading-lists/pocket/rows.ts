import * as z from 'zod';
import { goneResult, type Item, type ItemKind, type TagChange, type TagResult } from '../../core/item.ts';
import { Failure } from '../../failure.ts';
import type { HttpResponse } from '../../http/request.ts';
import { addedAtOf, fieldOf } from '../api-call.ts';
import type { Rows } from '../paging.ts';
import type { Scope } from '../reading-list.ts';

/**
 * Pocket's rows. Scalars are strings or numbers, and any may be missing; a value of another type counts as missing, so
 * that one odd row never stops a run. Empty objects are `[]` in era A.
 */
const scalar = z.union([z.string(), z.number()]).transform(String).optional().catch(undefined);
const objects = z.record(z.string(), z.record(z.string(), z.unknown())).optional().catch(undefined);

/** The keys of an object. Not parsed as a record, which would lose a tag named `__proto__`. */
const tagNames = z
  .unknown()
  .transform((tags) => (typeof tags === 'object' && tags && !Array.isArray(tags) ? Object.keys(tags) : []))
  .optional();

const row = z.object({
  item_id: scalar,
  resolved_id: scalar,
  status: scalar,
  given_url: scalar,
  given_title: scalar,
  resolved_url: scalar,
  resolved_title: scalar,
  time_added: scalar,
  sort_id: scalar,
  is_article: scalar,
  has_image: scalar,
  has_video: scalar,
  word_count: scalar,
  lang: scalar,
  time_to_read: scalar,
  top_image_url: scalar,
  tags: tagNames,
  videos: objects,
});
type PocketRow = z.infer<typeof row>;

const anyRow = row.catch({});
const listing = z.object({
  list: z.union([z.record(z.string(), anyRow), z.array(anyRow)]),
  total: scalar,
});

const sendResponse = z.object({
  action_results: z.array(z.unknown()),
  action_errors: z.array(z.unknown()).optional().catch(undefined),
});

const actionError = z.object({ code: z.number().optional().catch(undefined), message: z.string().catch('') });

/**
 * Words a minute of Pocket's `time_to_read`: rounded, this fits 11 of 11 known items of Pocket's own. In other languages
 * than English it is not known.
 */
export const POCKET_WORDS_PER_MINUTE = 220;

/** `ref` of an item: its position in a listing. */
export type Position = { readonly state: Scope; readonly offset: number };

/**
 * Parses the rows of a `get` at this position, in order. Deleted and hidden rows are included, without an item, and so
 * are archived ones, unless all are asked for. Throws `unexpected-response` for another shape.
 */
export function readRows(response: HttpResponse, { state, offset }: Position): Rows {
  const { list, total } = parsePocket(listing, response, 'get');
  const idBy = (key: string) => (Array.isArray(list) ? undefined : key);
  const rows = Object.entries(list).map(([key, fields]) => ({ id: fields.item_id ?? idBy(key), fields }));
  // JSON objects with numeric keys lose their order; `sort_id` restores it.
  rows.sort((one, other) => number(one.fields.sort_id) - number(other.fields.sort_id));
  return {
    rows: rows.map(({ id, fields }, at) => {
      if (id === undefined) return undefined;
      const ref: Position = { state, offset: offset + at };
      return isListed(fields, state) ? { id, item: { ...toItem(id, fields), ref } } : { id };
    }),
    ...(total !== undefined && { total: number(total) }),
  };
}

/**
 * Parses the results of a `send`: one for each action, in order. `true` or an object is success, `false` is an error,
 * and a missing result is unknown, which counts as failed. Throws `unexpected-response` for another shape.
 */
export function readResults(
  response: HttpResponse,
  sent: readonly { readonly change: TagChange; readonly actions: number }[],
): TagResult[] {
  const { action_results: results, action_errors: errors = [] } = parsePocket(sendResponse, response, 'send');
  const known = errors.map((error) => actionError.safeParse(error).data);
  let at = 0;
  return sent.map(({ change, actions }) => {
    const from = at;
    at += actions;
    const itsErrors = known.slice(from, at);
    const problem = problemIn(
      results.slice(from, at),
      actions,
      itsErrors.map((error) => error?.code),
    );
    // As "Error - Not Found: SavedItem does not exist".
    const isGone =
      problem !== undefined && itsErrors.some((error) => /not found/i.test(error?.message ?? ''));
    if (isGone) return goneResult(change.item.id);
    return problem === undefined
      ? { itemId: change.item.id, ok: true }
      : { itemId: change.item.id, ok: false, reason: problem };
  });
}

function problemIn(
  results: readonly unknown[],
  actions: number,
  codes: readonly (number | undefined)[],
): string | undefined {
  if (results.includes(false)) {
    const code = codes.find((one) => one !== undefined);
    return code === undefined ? 'refused' : `refused with code ${code}`;
  }
  const done = results.filter((one) => one === true || (typeof one === 'object' && one !== null));
  return done.length === actions ? undefined : 'the service did not say whether it was done';
}

function toItem(id: string, fields: PocketRow): Item {
  const kind = kindOf(fields);
  const words = positive(fields.word_count);
  const minutes = positive(fields.time_to_read);
  const videoSeconds = kind === 'video' ? positive(firstVideoLength(fields)) : undefined;
  const url = fields.resolved_url || fields.given_url;
  const title = fields.resolved_title || fields.given_title;
  return {
    id,
    kind,
    tags: (fields.tags ?? []).map((name) => ({ name })),
    parsed: fields.resolved_id !== undefined && fields.resolved_id !== '' && fields.resolved_id !== '0',
    ...(url && { url }),
    ...(title && { title }),
    ...(words && { words }),
    ...(minutes && { minutes }),
    ...(minutes && !words && { lengthByMinutes: { words: minutes * POCKET_WORDS_PER_MINUTE } }),
    ...(videoSeconds && { videoSeconds }),
    ...(fields.lang && { language: fields.lang }),
    ...addedAtOf(number(fields.time_added)),
    ...(isAboutVideo(fields) && { aboutVideo: true }),
  };
}

/** 2: the item is one; 1: the item contains one. */
function kindOf({ has_video, has_image }: PocketRow): ItemKind {
  if (has_video === '2') return 'video';
  return has_image === '2' ? 'image' : 'article';
}

/** Whether an article (or at least not a video) has the thumbnail of a YouTube video as its lead image. */
function isAboutVideo({ is_article, has_video, top_image_url }: PocketRow): boolean {
  const isArticle = is_article === '1' || has_video === undefined || has_video === '0';
  if (!isArticle || !top_image_url || !URL.canParse(top_image_url)) return false;
  const host = new URL(top_image_url).hostname;
  return host === 'ytimg.com' || host.endsWith('.ytimg.com');
}

/** 1: archived, 2: deleted, 3: hidden. Era B sends stubs of deleted items whatever `state` is requested. */
function isListed({ status }: PocketRow, state: Scope): boolean {
  return status === undefined || status === '0' || (state === 'all' && status === '1');
}

function firstVideoLength({ videos }: PocketRow): string | undefined {
  const first = Object.values(videos ?? {})[0];
  return first === undefined ? undefined : String(first.length);
}

/** A number above 0; `"0"`, `""` and anything that is not a number mean unknown. */
function positive(value: string | undefined): number | undefined {
  const parsed = number(value);
  return parsed > 0 ? parsed : undefined;
}

function number(value: string | undefined): number {
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : 0;
}

function parsePocket<Shape>(schema: z.ZodType<Shape>, { body }: HttpResponse, path: string): Shape {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new Failure(
    'unexpected-response',
    `Could not read the answer of ${path}: "${fieldOf(parsed.error)}" is not what Pocket v3 sends`,
    { outcomeUnknown: path === 'send' },
  );
}
