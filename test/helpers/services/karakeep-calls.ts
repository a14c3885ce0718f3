import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import * as z from 'zod';
import type { FakeItem } from './fake-service.ts';

/** A part of an article ends with a line if one ends in the last fifth of what was asked for, or else anywhere. */
const PART_OF_CHUNK = 0.8;

const cursor = z
  .string()
  .refine((text) => text.includes('_'), 'Must be a valid cursor')
  .transform((text) => ({ id: text.split('_')[0], createdAt: text.split('_')[1] }) as unknown)
  .pipe(z.object({ id: z.string(), createdAt: z.coerce.date() }));
const flag = z
  .string()
  .refine((text) => ['true', 'false'].includes(text), 'Must be true or false')
  .transform((text) => text === 'true');
export const withContent = z.object({ includeContent: flag.default(false) });
export const listing = withContent.extend({
  archived: flag.optional(),
  limit: z.coerce.number().max(100).default(20),
  sortOrder: z.enum(['asc', 'desc']).default('desc'),
  cursor: cursor.optional(),
});
export const readable = z.object({
  format: z.enum(['text', 'markdown']).default('markdown'),
  maxChars: z.coerce.number().max(50_000).default(50_000),
  cursor: z.string().optional(),
});
const tagging = z.object({
  tags: z.array(
    z
      .object({ tagId: z.string().optional(), tagName: z.string().optional() })
      .refine(({ tagId, tagName }) => tagId || tagName, {
        message: 'You must provide either a tagId or a tagName',
        path: ['tagId', 'tagName'],
      }),
  ),
});
export type TagRef = z.infer<typeof tagging>['tags'][number];

/** The tags that a body names, or the answer to a body that the real one would refuse. */
export async function tagsIn(context: Context): Promise<TagRef[] | Response> {
  const text = await context.req.text();
  const isJson = context.req.header('Content-Type')?.startsWith('application/json') && text !== '';
  const json = isJson ? parsed(text) : {};
  if (json === undefined) return context.text('Malformed JSON in request body', 400);
  const body = tagging.safeParse(json);
  return body.error ? refused(body.error) : body.data.tags;
}

export const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function refused({ message }: z.ZodError): Response {
  return Response.json({ success: false, error: { name: 'ZodError', message } }, { status: 400 });
}

/** A part of the text of an item, which is empty until it is crawled; Markdown joins the lines of a paragraph. */
export function partOf(
  context: Context,
  item: FakeItem,
  bookmarkType: string,
  { format, maxChars, cursor }: z.infer<typeof readable>,
): Response {
  const text = item.ready ? (item.text ?? 'word '.repeat(item.words)) : '';
  const whole = format === 'text' ? text : text.replaceAll(/(?<!\n)\n(?!\n)/g, ' ');
  const contentVersion = `sha256:${createHash('sha256').update(whole).digest('hex')}`;
  const at = { version: 1, bookmarkId: item.id, format, contentVersion };
  const from =
    cursor === undefined ? { ...at, offset: 0 } : parsed(Buffer.from(cursor, 'base64url').toString());
  const {
    bookmarkId,
    format: formatBefore,
    offset,
  } = (from ?? {}) as Partial<typeof at & { offset: number }>;
  const invalid = (message: string) => context.json({ code: 'INVALID_CURSOR', message }, 400);
  if (offset === undefined) return invalid('The cursor is invalid.');
  if (bookmarkId !== item.id || formatBefore !== format)
    return invalid('The cursor does not match this bookmark or format.');
  const chunk = whole.slice(offset, offset + maxChars);
  const isLast = offset + chunk.length >= whole.length;
  const line = chunk.lastIndexOf('\n') + 1;
  const content = isLast || line < PART_OF_CHUNK * maxChars ? chunk : chunk.slice(0, line);
  const end = offset + content.length;
  context.header('ETag', `"${contentVersion}"`);
  return context.json({
    bookmarkId: item.id,
    bookmarkType,
    format,
    content,
    contentVersion,
    range: { start: offset, end, total: whole.length },
    nextCursor: isLast ? null : base64({ ...at, offset: end }),
    truncated: !isLast,
  });
}
