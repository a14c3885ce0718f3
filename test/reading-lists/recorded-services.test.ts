import assert from 'node:assert/strict';
import { type FakeServer, fakeItems } from '../helpers/services/fake-service.ts';
import { type FakeKarakeep, fakeKarakeep } from '../helpers/services/karakeep.ts';
import { fakeLinkding } from '../helpers/services/linkding.ts';
import {
  type Answer,
  type Exchange,
  type Fields,
  idsOfTags,
  karakeepItems,
  linkdingItems,
  type Row,
  readRecording,
  TOKEN,
} from '../helpers/services/recordings.ts';

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

const fieldsOf = (row: Fields | undefined) => Object.keys(row ?? {}).toSorted();
describe('the fake of Karakeep answers as 0.33.2 did to', () => {
  const exchanges = readRecording('karakeep-0.33.2');
  if (!exchanges) {
    it.skip('98 calls: the recording is not there');
    return;
  }
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

describe('the fake of linkding answers as 1.46.2 did to', () => {
  const exchanges = readRecording('linkding-1.46.2');
  if (!exchanges) {
    it.skip('55 calls: the recording is not there');
    return;
  }
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
