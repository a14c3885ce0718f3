import * as z from 'zod';
import type { Item, ItemKind, TagChange, TagResult } from '../../core/item.ts';
import { Failure } from '../../failure.ts';
import type { HttpResponse } from '../../http/request.ts';
import type { Rows } from '../paging.ts';
import { fieldOf } from '../parse-response.ts';

/**
 * Pocket's rows in our words. Scalars come as strings, some as numbers, and any of them may be missing; what
 * does not fit counts as missing, so that one odd row never stops a run. Empty objects come as `[]` in era A.
 */
const scalar = z.union([z.string(), z.number()]).transform(String).optional().catch(undefined);
const objects = z.record(z.string(), z.record(z.string(), z.unknown())).optional().catch(undefined);

/** The keys of an object, taken as they are: a record would lose the tag `__proto__`. */
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
type Row = z.infer<typeof row>;

const anyRow = row.catch({});
const listing = z.object({
  list: z.union([z.record(z.string(), anyRow), z.array(anyRow)]),
  total: scalar,
});

const sendResponse = z.object({
  action_results: z.array(z.unknown()),
  action_errors: z.array(z.unknown()).optional().catch(undefined),
});

const actionError = z.object({ code: z.number() });

/**
 * The rows of a `get` from this offset, in order; `ref` of an item is its place in the list. Archived, deleted and
 * hidden rows come too, without an item.
 */
export function readRows(response: HttpResponse, offset: number): Rows {
  const { list, total } = parsePocket(listing, response, 'get');
  const rows = Object.entries(list).map(([key, fields]) => ({ id: fields.item_id ?? key, fields }));
  // JSON objects with numeric keys lose their order: `sort_id` keeps it.
  rows.sort((one, other) => number(one.fields.sort_id) - number(other.fields.sort_id));
  return {
    rows: rows.map(({ id, fields }, at) =>
      isUnread(fields) ? { id, item: { ...toItem(id, fields), ref: offset + at } } : { id },
    ),
    ...(total !== undefined && { total: number(total) }),
  };
}

/**
 * The results of a `send`: one slot an action, in order. `true` and an object are success, `false` is refusal,
 * and a missing slot is unknown, which is not success.
 */
export function readResults(
  response: HttpResponse,
  sent: readonly { readonly change: TagChange; readonly actions: number }[],
): TagResult[] {
  const { action_results: slots, action_errors: errors = [] } = parsePocket(sendResponse, response, 'send');
  const codes = errors.map((error) => actionError.safeParse(error).data?.code);
  let at = 0;
  return sent.map(({ change, actions }) => {
    const from = at;
    at += actions;
    const trouble = troubleIn(slots.slice(from, at), actions, codes.slice(from, at));
    return trouble === undefined
      ? { itemId: change.item.id, ok: true }
      : { itemId: change.item.id, ok: false, reason: trouble };
  });
}

function troubleIn(
  slots: readonly unknown[],
  actions: number,
  codes: readonly (number | undefined)[],
): string | undefined {
  if (slots.includes(false)) {
    const code = codes.find((one) => one !== undefined);
    return code === undefined ? 'refused' : `refused with code ${code}`;
  }
  const done = slots.filter((slot) => slot === true || (typeof slot === 'object' && slot !== null));
  return done.length === actions ? undefined : 'the service did not say whether it was done';
}

function toItem(id: string, fields: Row): Item {
  const kind = kindOf(fields);
  const words = positive(fields.word_count);
  const minutes = positive(fields.time_to_read);
  const addedAt = positive(fields.time_added);
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
    ...(videoSeconds && { videoSeconds }),
    ...(fields.lang && { language: fields.lang }),
    ...(addedAt && { addedAt }),
    ...(isAboutVideo(fields) && { aboutVideo: true }),
  };
}

/** 2 means that the item is one; 1 that it contains one. */
function kindOf({ has_video, has_image }: Row): ItemKind {
  if (has_video === '2') return 'video';
  return has_image === '2' ? 'image' : 'article';
}

/** An article, or at least no video, that leads with the picture of a YouTube video. */
function isAboutVideo({ is_article, has_video, top_image_url }: Row): boolean {
  const isArticle = is_article === '1' || has_video === undefined || has_video === '0';
  if (!isArticle || !top_image_url || !URL.canParse(top_image_url)) return false;
  const host = new URL(top_image_url).hostname;
  return host === 'ytimg.com' || host.endsWith('.ytimg.com');
}

/** 1 is archived, 2 deleted, 3 hidden; era B sends stubs of deleted items whatever the state asked for. */
function isUnread({ status }: Row): boolean {
  return status === undefined || status === '0';
}

function firstVideoLength({ videos }: Row): string | undefined {
  const first = Object.values(videos ?? {})[0];
  return first === undefined ? undefined : String(first.length);
}

/** A number above 0; `"0"`, `""`, and what is no number mean unknown. */
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
  );
}
