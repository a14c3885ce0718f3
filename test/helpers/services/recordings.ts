import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { type FakeItem, fakeItems } from './fake-service.ts';

export type Fields = Readonly<Record<string, unknown>>;
/** An exchange with a real server, as `../shared/recordings/README.md` describes it. */
export type Exchange = {
  readonly name: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    /** In place of the usual one; `none`: no header. */
    readonly authorization?: string;
    readonly contentType?: string;
    readonly text?: string;
    readonly json?: unknown;
  };
  readonly response: Answer;
};
export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
};

/** Stands in the recordings for the token that is good. */
export const TOKEN = 'TOKEN';

/** The exchanges with a service, if they are there. */
export function readRecording(name: string): Exchange[] | undefined {
  const file = `../shared/recordings/${name}.json`;
  if (!existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, 'utf8')).exchanges;
}

/** An item for each row, newest first; of one second, in the order of their ids. */
function itemsOf<R extends Fields>(rows: readonly R[], fields: (row: R) => Partial<FakeItem>): FakeItem[] {
  const [made] = fakeItems(1);
  assert.ok(made);
  return rows
    .map((row) => ({ ...made, id: String(row.id), row, ...fields(row) }))
    .toSorted((a, b) => b.addedAt - a.addedAt || Number(a.id) - Number(b.id));
}

const secondsOf = (date: unknown) => Date.parse(String(date)) / 1000;
const isWrite = ({ request }: Exchange) => request.method !== 'GET';
const untilFirstWrite = (exchanges: Exchange[]) => exchanges.slice(0, exchanges.findIndex(isWrite));

/** Ids of the tags of Karakeep, by name. */
export function idsOfTags(exchanges: Exchange[]): Map<string, string> {
  const rows = exchanges.flatMap(({ response }) => (response.body as { tags?: Fields[] }).tags ?? []);
  const listed = exchanges
    .flatMap(({ response }) => (response.body as { bookmarks?: { tags: Fields[] }[] }).bookmarks ?? [])
    .flatMap(({ tags }) => tags);
  return new Map([...rows, ...listed].map(({ name, id }) => [String(name), String(id)]));
}

export type Row = Fields & { readonly id: string; readonly content: Record<string, unknown> };

/** The bookmarks, each with all that a call before the first write showed of it. */
export function karakeepItems(exchanges: Exchange[]): FakeItem[] {
  const rows = new Map<string, Row>();
  const bodies = untilFirstWrite(exchanges).map(({ response }) => structuredClone(response.body) as Fields);
  for (const row of bodies.flatMap((body) => (body.bookmarks ?? body) as Row | Row[])) {
    if (typeof row.content !== 'object') continue;
    const shown = Object.entries(row.content).filter(([, value]) => value !== null);
    const known = rows.get(row.id) ?? row;
    Object.assign(known.content, Object.fromEntries(shown));
    rows.set(row.id, known);
  }
  const texts = textsOf(exchanges);
  return itemsOf([...rows.values()], (row) => ({
    archived: row.archived === true,
    addedAt: secondsOf(row.createdAt),
    tags: (row.tags as { name: string }[]).map(({ name }) => name),
    text: texts.get(row.id) ?? String(row.content.text ?? ''),
  }));
}

/** The texts, by bookmark, from the parts in which they were read. */
function textsOf(exchanges: Exchange[]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { request, response } of exchanges) {
    if (response.status !== 200 || !request.path.includes('/content?format=text')) continue;
    const { bookmarkId, content, range } = response.body as {
      bookmarkId: string;
      content: string;
      range: { start: number };
    };
    texts.set(bookmarkId, (texts.get(bookmarkId) ?? '').slice(0, range.start) + content);
  }
  return texts;
}

/** The bookmarks, each as it was before the first write. */
export function linkdingItems(exchanges: Exchange[]): FakeItem[] {
  const rows = new Map<unknown, Fields>();
  for (const { response } of untilFirstWrite(exchanges)) {
    const { results = [] } = response.body as { results?: Fields[] };
    for (const row of results) if (!rows.has(row.id)) rows.set(row.id, row);
  }
  return itemsOf([...rows.values()], (row) => ({
    archived: row.is_archived === true,
    progress: row.unread === true ? 0 : 1,
    url: String(row.url),
    addedAt: secondsOf(row.date_added),
    tags: row.tag_names as string[],
  }));
}
