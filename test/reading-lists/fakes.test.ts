import assert from 'node:assert/strict';
import { fakeItems } from '../helpers/services/fake-service.ts';
import { fakeInstapaper } from '../helpers/services/instapaper.ts';
import { fakeReadeck } from '../helpers/services/readeck.ts';
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
