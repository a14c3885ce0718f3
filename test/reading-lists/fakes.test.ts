import assert from 'node:assert/strict';
import { fakeItems } from '../helpers/services/fake-service.ts';
import { fakeInstapaper } from '../helpers/services/instapaper.ts';
import { fakeLinkwarden } from '../helpers/services/linkwarden.ts';
import { fakeOmnivore } from '../helpers/services/omnivore.ts';
import { fakeReadeck } from '../helpers/services/readeck.ts';
import { fakeShiori, SHIORI_USERNAME } from '../helpers/services/shiori.ts';
import { fakeWallabag, LOGIN } from '../helpers/services/wallabag.ts';

/** The answer of a fake to a call. */
const get = async (url: string, token = 't') => {
  const response = await fetch(url, { headers: { Authorization: `Bearer ${token}` } });
  const text = await response.text();
  return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text };
};

describe('a fake answers as the sources of the real service say:', () => {
  // https://github.com/Instapaper/instapaper-api-js, src/resources/bookmarks.ts, and README, "Errors".
  const instapaper: [why: string, path: string, status: number, ids?: number[]][] = [
    ['lists home without a section', '', 200, [3, 2]],
    ['lists home as a section', '?section=home', 200, [3, 2]],
    ['lists a folder by its id', '?folder_id=5', 200, [1]],
    ['ignores a folder beside a section', '?section=home&folder_id=5', 200, [3, 2]],
    ['refuses more than 500', '?limit=501', 400],
    ['takes an unknown bookmark for an argument that is not valid', '/99/parse', 400],
    ['has no endpoint of another name', '/1/words', 404],
  ];
  for (const [why, path, status, ids] of instapaper)
    it(`Instapaper ${why}`, async () => {
      const fake = await fakeInstapaper(fakeItems(3), { folders: { '1': 5 }, token: 't' });
      const answer = await get(`${fake.url}/api/2/bookmarks${path}`);
      await fake.close();
      assert.deepEqual(
        [answer.status, answer.body.bookmarks?.map(({ id }: { id: number }) => id)],
        [status, ids],
      );
    });

  // https://codeberg.org/readeck/readeck, internal/server/pagination.go: `Lte(100)`; 404 for a form that is not valid.
  for (const [limit, status] of [
    [100, 200],
    [101, 404],
  ] as const)
    it(`Readeck answers ${status} to a limit of ${limit}`, async () => {
      const fake = await fakeReadeck(fakeItems(3), { token: 't' });
      const answer = await get(`${fake.url}/api/bookmarks?limit=${limit}`);
      await fake.close();
      assert.equal(answer.status, status);
    });

  // https://github.com/linkwarden/linkwarden, apps/web: pages/api/v1 and lib/api.
  const linkwarden: [why: string, version: '2.10' | '2.16', path: string, status: number, said: string][] = [
    ['says whose token it is', '2.16', 'users/me', 200, '"id":1,'],
    ['took me for the id of a user', '2.10', 'users/me', 400, 'Invalid request.'],
    ['gives no link that is gone', '2.16', 'links/9', 401, 'Collection is not accessible.'],
    ['gives no text of one', '2.16', 'archives/9?format=3', 401, "don't have access to this collection"],
    ['gives the text of an article as HTML', '2.16', 'archives/3?format=3', 200, '"content":"<article>'],
    ['gives none where the file is lost', '2.16', 'archives/2?format=3', 404, 'File not found.'],
    ['begins behind the link of the cursor', '2.16', 'search?cursor=3', 200, '"links":[{"name":"Article 2"'],
    ['gives nothing behind one that is gone', '2.16', 'search?cursor=9', 200, '"links":[],"nextCursor":null'],
    ['gave nothing behind one that is gone', '2.10', 'search?cursor=9', 200, '"links":[],"nextCursor":null'],
    ['gives nothing behind a cursor elsewhere', '2.16', 'search?cursor=3&collectionId=1', 200, '"links":[]'],
    ['left one out behind a cursor elsewhere', '2.10', 'search?cursor=3&collectionId=1', 200, '"Article 3"'],
  ];
  for (const [why, version, path, status, said] of linkwarden)
    it(`Linkwarden ${version} ${why}`, async () => {
      const items = fakeItems(3);
      Object.assign(items[0] ?? {}, { archived: true });
      Object.assign(items[1] ?? {}, { isLost: true });
      const fake = await fakeLinkwarden(items, { token: 't', version });
      const answer = await get(`${fake.url}/api/v1/${path}`);
      await fake.close();
      assert.equal(answer.status, status);
      assert.ok(JSON.stringify(answer.body).includes(said), JSON.stringify(answer.body));
    });

  // `UpdateLinkSchema`, updateLinks.ts and updateLinkById.ts: none of it says which link it was.
  const link = { id: 3, url: 'https://example.com/1', collection: { id: 1, ownerId: 1 }, tags: [] };
  const bulk: [why: string, version: '2.10' | '2.16', links: object[], tag: string, status: number][] = [
    ['nothing', '2.16', [], 'x', 200],
    ['a link', '2.16', [link], 'x', 200],
    ['no tag of 51 characters', '2.16', [link], 'x'.repeat(51), 400],
    ['a link that is gone', '2.16', [{ ...link, id: 9 }], 'x', 200],
    ['no link that is gone', '2.10', [{ ...link, id: 9 }], 'x', 400],
    ['no link without its address', '2.10', [{ ...link, url: null }], 'x', 400],
    ['a link by its id alone', '2.16', [{ id: 3 }], 'x', 200],
  ];
  for (const [why, version, links, name, status] of bulk)
    it(`Linkwarden ${version} takes for changed: ${why}`, async () => {
      const fake = await fakeLinkwarden(fakeItems(3), { token: 't', version });
      const response = await fetch(`${fake.url}/api/v1/links`, {
        method: 'PUT',
        headers: { Authorization: 'Bearer t' },
        body: JSON.stringify({ links, removePreviousTags: false, newData: { tags: [{ name }] } }),
      });
      await fake.close();
      assert.equal(response.status, status);
    });

  // https://github.com/go-shiori/shiori, internal/webserver/handler-api.go and utils.go; for 1.8 its issue 1204.
  const shiori: [why: string, call: [method: string, path: string, json?: object], said: string][] = [
    ['lists 30 of a page, the highest id first', ['GET', '?page=1'], '"maxPage":2,"bookmarks":[{"id":31,'],
    ['lists nothing on a page behind the last', ['GET', '?page=3'], '"maxPage":2,"bookmarks":[]'],
    ['lists the first page for none', ['GET', '?page=0'], '"page":1,'],
    ['adds a tag in lower case', ['PUT', '/tags', { ids: [31], tags: [{ name: ' A  B' }] }], '"name":"a b"'],
    ['adds no tag with an id', ['PUT', '/tags', { ids: [31], tags: [{ id: 5, name: 'x' }] }], '"tags":[]'],
    [
      'adds none to a bookmark that is gone',
      ['PUT', '/tags', { ids: [99], tags: [{ name: 'x' }] }],
      'no bookmark',
    ],
    ['adds no tags that are none', ['PUT', '/tags', { ids: [31], tags: [] }], 'IDs and tags must not empty'],
    [
      'empties what a write leaves out',
      ['PUT', '', { id: 31, url: 'x', title: 'A' }],
      '"excerpt":"","public":0',
    ],
    ['writes no bookmark without a title', ['PUT', '', { id: 31, url: 'x' }], 'title must not empty'],
  ];
  for (const version of ['1.7', '1.8'] as const)
    for (const [why, [method, path, json], said] of shiori)
      it(`Shiori ${version} ${why}`, async () => {
        const fake = await fakeShiori(fakeItems(31), { token: 't', version });
        const send = (to: string, init: RequestInit) => fetch(`${fake.url}/api${to}`, init);
        const login = { username: SHIORI_USERNAME, password: 't' };
        const granted = await send('/v1/auth/login', { method: 'POST', body: JSON.stringify(login) });
        const { message, token = message?.token } = (await granted.json()) as {
          token?: string;
          message?: { token: string };
        };
        const headers = { Authorization: `Bearer ${token}` };
        const sent = send(`/bookmarks${path}`, {
          method,
          headers,
          ...(json && { body: JSON.stringify(json) }),
        });
        const answer = await sent.then((response) => response.text()).catch(() => 'none');
        await fake.close();
        const isRefused = !said.includes('"');
        assert.ok(answer.includes(isRefused && version === '1.8' ? 'none' : said), answer);
      });

  // https://github.com/omnivore-app/omnivore, packages/api/src/resolvers and utils/auth.ts.
  const omnivore: [
    why: string,
    key: string,
    query: string,
    variables: object,
    status: number,
    said: string,
  ][] = [
    ['500 to a key that it does not know', 'x', '{ search { id } }', {}, 500, 'Unexpected server error'],
    ['ten of a search', 't', '{ search { id } }', {}, 200, '"cursor":"10"'],
    ['100 of a search at most', 't', '{ search { id } }', { first: 500 }, 200, '"cursor":"100"'],
    ['one by its id', 't', '{ search { id } }', { query: 'in:all includes:7' }, 200, '"title":"Article 98"'],
    [
      'that a label is there, whatever its capitals',
      't',
      'mutation { createLabel { id } }',
      { input: { name: 'MINE' } },
      200,
      'LABEL_ALREADY_EXISTS',
    ],
    [
      'that a label is not there',
      't',
      'mutation { setLabels { id } }',
      { input: { pageId: '7', labelIds: ['label-9'] } },
      200,
      'NOT_FOUND',
    ],
    [
      'of an item that is not there that it is not allowed',
      't',
      'mutation { setLabels { id } }',
      { input: { pageId: '999', labelIds: [] } },
      200,
      'UNAUTHORIZED',
    ],
  ];
  for (const [why, Authorization, query, variables, status, said] of omnivore)
    it(`Omnivore answers ${why}`, async () => {
      const fake = await fakeOmnivore(fakeItems(104, { tags: ['mine'] }), { token: 't' });
      const body = JSON.stringify({ query, variables });
      const response = await fetch(`${fake.url}/api/graphql`, {
        method: 'POST',
        headers: { Authorization },
        body,
      });
      const answer = await response.text();
      await fake.close();
      assert.equal(response.status, status);
      assert.ok(answer.includes(said), answer.slice(0, 200));
    });

  // https://github.com/wallabag/wallabag/issues/8901: one entry without its content, as in the listing.
  for (const [why, query, ignoresDetail, hasContent] of [
    ['whole', '', false, true],
    ['without its content where that is asked for', '?detail=metadata', false, false],
    ['whole from servers up to 2.6 whatever is asked for', '?detail=metadata', true, true],
  ] as const)
    it(`wallabag gives an entry ${why}`, async () => {
      const fake = await fakeWallabag(fakeItems(1), { token: 't', ignoresDetail });
      const { clientId: client_id, clientSecret: client_secret, username } = LOGIN;
      const login = { grant_type: 'password', client_id, client_secret, username, password: 't' };
      const response = await fetch(`${fake.url}/oauth/v2/token`, {
        method: 'POST',
        body: JSON.stringify(login),
      });
      const { access_token } = (await response.json()) as { access_token: string };
      const { body } = await get(`${fake.url}/api/entries/1.json${query}`, access_token);
      await fake.close();
      assert.equal(body.content !== null, hasContent);
    });
});
