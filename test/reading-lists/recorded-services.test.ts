import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { type FakeItem, type FakeServer, fakeItems } from '../helpers/services/fake-service.ts';
import { type FakeKarakeep, fakeKarakeep } from '../helpers/services/karakeep.ts';
import { fakeLinkding } from '../helpers/services/linkding.ts';

type Fields = Readonly<Record<string, unknown>>;
/** An exchange with a real server, as `../shared/recordings/README.md` describes it. */
type Exchange = {
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
type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
};

const TOKEN = 'TOKEN';

function readRecording(file: string): Exchange[] {
  return JSON.parse(readFileSync(file, 'utf8')).exchanges;
}

async function send(url: string, scheme: string, { request }: Pick<Exchange, 'request'>): Promise<Answer> {
  const { method, path, authorization = `${scheme} ${TOKEN}`, text, json } = request;
  const body = text ?? (json === undefined ? undefined : JSON.stringify(json));
  const type = request.contentType ?? (body === undefined ? undefined : 'application/json');
  const answer = await fetch(`${url}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(authorization !== 'none' && { Authorization: authorization }),
      ...(type !== undefined && { 'Content-Type': type }),
    },
    ...(body !== undefined && { body }),
  });
  const given = await answer.text();
  const headers = Object.fromEntries(answer.headers);
  const isJson = headers['content-type']?.startsWith('application/json');
  return { status: answer.status, headers, body: isJson ? JSON.parse(given) : given };
}

/** Of the headers, those by which a client reads an answer: what it is, and where the thing has gone. */
function headersOf({ headers }: Answer) {
  const type = headers['content-type']?.split(';')[0];
  return { ...(type !== undefined && { type }), location: headers.location, hasTag: 'etag' in headers };
}

/** A body without what no two servers have in common, by the name of the field and the rules of its service. */
function comparable(body: unknown, rules: Readonly<Record<string, (value: unknown) => unknown>>): unknown {
  if (Array.isArray(body)) return body.map((one) => comparable(one, rules));
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      rules[name] ? rules[name](value) : comparable(value, rules),
    ]),
  );
}

const A_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const aTime = (value: unknown) => (A_TIME.test(String(value)) ? 'a time' : value);

/** An item for each row, newest first; of one second, in the order of their ids. */
function itemsOf(rows: readonly Fields[], fields: (row: Fields) => Partial<FakeItem>): FakeItem[] {
  const [made] = fakeItems(1);
  assert.ok(made);
  return rows
    .map((row) => ({ ...made, id: String(row.id), row, ...fields(row) }))
    .toSorted((a, b) => b.addedAt - a.addedAt || Number(a.id) - Number(b.id));
}

const fieldsOf = (row: Fields | undefined) => Object.keys(row ?? {}).toSorted();
const secondsOf = (date: unknown) => Date.parse(String(date)) / 1000;
const isWrite = ({ request }: Exchange) => request.method !== 'GET';
const untilFirstWrite = (exchanges: Exchange[]) => exchanges.slice(0, exchanges.findIndex(isWrite));

describe('the fake of Karakeep answers as 0.33.2 did to', () => {
  const file = '../shared/recordings/karakeep-0.33.2.json';
  if (!existsSync(file)) {
    it.skip(`98 calls: ${file} is not there`);
    return;
  }
  const exchanges = readRecording(file);
  const items = karakeepItems(exchanges);
  const scopes = Object.fromEntries(
    ['lists:read', 'bookmarks:read', 'bookmarks:readwrite'].map((scope) => [
      `${TOKEN} of a key with ${scope} alone`,
      scope,
    ]),
  );
  let server: FakeKarakeep;
  before(async () => {
    const ids = idsOfTags(exchanges);
    server = await fakeKarakeep(items, { token: TOKEN, scopes, tagId: (name) => ids.get(name) });
    for (const key of Object.keys(scopes)) server.tokens.add(key);
  });
  after(() => server.close());
  /** What happened on the real server between two calls. */
  const happened: Readonly<Record<string, () => unknown>> = {
    'item: article kept as an asset whose file is gone from the disk': () => {
      const [lost] = items.filter(({ row }) => Array.isArray(row?.assets) && row.title === 'My own title');
      assert.ok(lost);
      lost.isLost = true;
    },
    'rate limit: a listing above the limit': () => reachLimit('rate limit: a listing above the limit'),
    'rate limit: attach above the limit': () => reachLimit('rate limit: attach above the limit'),
  };
  const reachLimit = async (name: string) => {
    server.limitCalls(3);
    const call = exchanges.find((one) => one.name === name);
    assert.ok(call);
    for (let n = 0; n < 3; n += 1) await send(server.url, 'Bearer', call);
  };

  for (const exchange of exchanges) {
    it(exchange.name, async () => {
      await happened[exchange.name]?.();
      const ours = await send(server.url, 'Bearer', exchange);
      const theirs = exchange.response;
      assert.equal(ours.status, theirs.status);
      assert.deepEqual(comparable(ours.body, KARAKEEP_RULES), comparable(theirs.body, KARAKEEP_RULES));
      assert.deepEqual(headersOf(ours), headersOf(theirs));
    });
  }

  it('98 calls', () => assert.equal(exchanges.length, 98));

  it('a listing, also with rows of its own', async () => {
    const real = items.map(({ row }) => row as Row).find(({ title }) => title === 'My own title');
    const made = await fakeKarakeep(fakeItems(1), { token: TOKEN });
    const listing = { request: { method: 'GET', path: '/api/v1/bookmarks' } };
    const answer = await send(made.url, 'Bearer', listing);
    await made.close();
    const [row] = (answer.body as { bookmarks: Row[] }).bookmarks;
    assert.deepEqual(fieldsOf(row), fieldsOf(real));
    assert.deepEqual(fieldsOf(row?.content), fieldsOf(real?.content));
  });
});

/** Tags are in the order of ids that were made up. */
const byName = (tags: unknown) => (tags as { name: string }[]).toSorted((a, b) => (a.name < b.name ? -1 : 1));
const sorted = (ids: unknown) => (ids as string[]).toSorted();
const KARAKEEP_RULES = {
  modifiedAt: aTime,
  contentVersion: (value: unknown) => String(value).replace(/[0-9a-f]{64}$/, '64 digits'),
  /** Of a text: an opaque one, in which its version is. */
  nextCursor: (value: unknown) => {
    const text = Buffer.from(String(value), 'base64url').toString();
    return text.startsWith('{"version"') ? { ...JSON.parse(text), contentVersion: '' } : value;
  },
  tags: byName,
  attached: sorted,
  detached: sorted,
};

function idsOfTags(exchanges: Exchange[]): Map<string, string> {
  const rows = exchanges.flatMap(({ response }) => (response.body as { tags?: Fields[] }).tags ?? []);
  const listed = exchanges
    .flatMap(({ response }) => (response.body as { bookmarks?: { tags: Fields[] }[] }).bookmarks ?? [])
    .flatMap(({ tags }) => tags);
  return new Map([...rows, ...listed].map(({ name, id }) => [String(name), String(id)]));
}

type Row = Fields & { readonly id: string; readonly content: Record<string, unknown> };

/** The bookmarks, each with all that a call before the first write showed of it. */
function karakeepItems(exchanges: Exchange[]): FakeItem[] {
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
    text: texts.get(String(row.id)) ?? '',
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

describe('the fake of linkding answers as 1.46.2 did to', () => {
  const file = '../shared/recordings/linkding-1.46.2.json';
  if (!existsSync(file)) {
    it.skip(`55 calls: ${file} is not there`);
    return;
  }
  const exchanges = readRecording(file);
  const items = linkdingItems(exchanges);
  const atOnce = 'two PATCHes at once: the one that failed';
  const other = 'two PATCHes at once: the other';
  /** Answers to calls that are made before their turn, by name. */
  const answered = new Map<string, Answer>();
  const call = (name: string) => {
    const found = exchanges.find((one) => one.name === name);
    assert.ok(found);
    return send(server.url, 'Token', found);
  };
  let whileWriting = async () => {};
  let server: FakeServer;
  before(async () => {
    const autoTags = (url: string) => (url.startsWith('https://auto.example.test/') ? ['auto-tag'] : []);
    server = await fakeLinkding(items, { token: TOKEN, autoTags, whileWriting: () => whileWriting() });
  });
  after(() => server.close());
  const writeAtOnce = async () => {
    whileWriting = async () => {
      answered.set(atOnce, await call(atOnce));
    };
    answered.set(other, await call(other));
    whileWriting = async () => {};
  };

  for (const { name, response } of exchanges) {
    it(name, async () => {
      if (name === atOnce) await writeAtOnce();
      const ours = answered.get(name) ?? (await call(name));
      assert.equal(ours.status, response.status);
      assert.deepEqual(
        comparable(ours.body, linkdingRules(server.url)),
        comparable(response.body, linkdingRules('http://server')),
      );
      assert.deepEqual(headersOf(ours), headersOf(response));
    });
  }

  it('55 calls', () => assert.equal(exchanges.length, 55));

  it('a listing, also with rows of its own', async () => {
    const made = await fakeLinkding(fakeItems(1), { token: TOKEN });
    const listing = { request: { method: 'GET', path: '/api/bookmarks/' } };
    const answer = await send(made.url, 'Token', listing);
    await made.close();
    const [row] = (answer.body as { results: Fields[] }).results;
    assert.deepEqual(fieldsOf(row), fieldsOf(items[0]?.row));
  });
});

/** Addresses are those of the host that was asked. */
const linkdingRules = (host: string) => {
  const address = (value: unknown) =>
    typeof value === 'string' ? value.replace(host, 'http://host') : value;
  return {
    next: address,
    previous: address,
    date_modified: aTime,
    date_added: aTime,
    /** Each parser of JSON has words of its own for what is wrong. */
    detail: (value: unknown) => String(value).replace(/^(JSON parse error) - .+/, '$1'),
  };
};

function linkdingItems(exchanges: Exchange[]): FakeItem[] {
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
