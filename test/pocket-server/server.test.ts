import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { json as readJson } from 'node:stream/consumers';
import { type Json, json, keys, reply, type Served, serving } from './serving.ts';

const items = [{ item_id: 1, given_url: 'https://a.example/', word_count: 500, tags: ['mine'] }];
const addTag = { actions: [{ action: 'tags_add', item_id: 1, tags: 'x' }] };
const tagsOf = ({ store }: Served) => store.find({ item_id: '1' })?.tags;

describe('a request', () => {
  const form = new URLSearchParams({ ...keys, count: '1' });
  const multipart = new FormData();
  for (const [name, value] of form) multipart.set(name, value);
  const typed = (type: string, body: string) => ({ method: 'POST', headers: { 'Content-Type': type }, body });
  const rows: [why: string, path: string, init: RequestInit][] = [
    ['JSON', 'get', json(keys)],
    [
      'JSON with the charset that Pocket documented',
      'get',
      typed('application/json; charset=UTF8', JSON.stringify(keys)),
    ],
    ['a form', 'get', { method: 'POST', body: form }],
    [
      'a form with a charset without dash',
      'get',
      typed('application/x-www-form-urlencoded; charset=utf8', String(form)),
    ],
    [
      'a form with brackets',
      'get',
      { method: 'POST', body: new URLSearchParams([...form, ['a[b][]', '1']]) },
    ],
    ['multipart', 'get', { method: 'POST', body: multipart }],
    ['GET', `get?${form}`, {}],
    ['POST with all in the query', `get?${form}`, { method: 'POST' }],
    ['credentials in the query, the rest in the body', `get?${form}`, json({ count: 2 })],
  ];
  for (const [why, path, init] of rows)
    it(`is understood as ${why}`, () =>
      serving(items, async ({ server }) => {
        const { status, headers, body } = await reply(await fetch(`${server.url}/${path}`, init));
        assert.deepEqual([status, Object.keys(body.list)], [200, ['1']]);
        assert.equal(headers.get('x-source'), 'Pocket');
      }));

  it('prefers the body when it is a POST', () =>
    serving(items, async ({ server }) => {
      const response = await fetch(`${server.url}/get?tag=none`, json({ ...keys, tag: 'mine' }));
      assert.deepEqual(Object.keys((await reply(response)).body.list), ['1']);
    }));

  it('prefers the query when it is a GET', () =>
    serving(items, async ({ server }) => {
      const body = JSON.stringify({ ...keys, tag: 'none' });
      const headers = { 'Content-Type': 'application/json', 'Content-Length': body.length };
      const request = httpRequest(`${server.url}/get?tag=mine`, { headers });
      request.end(body);
      const [response] = await once(request, 'response');
      assert.deepEqual(Object.keys(((await readJson(response)) as Json).list), ['1']);
    }));

  it('ignores a JSON body without a JSON content type', () =>
    serving(items, async ({ server }) => {
      const { status, headers } = await fetch(`${server.url}/get`, typed('text/plain', JSON.stringify(keys)));
      assert.deepEqual([status, headers.get('x-error-code')], [400, '130']);
    }));

  it('with a broken or a huge body is refused', () =>
    serving(items, async ({ server }) => {
      assert.equal((await fetch(`${server.url}/get`, typed('application/json', '{'))).status, 500);
      const huge = await fetch(
        `${server.url}/get`,
        typed('application/json', ' '.repeat(36 * 1024 * 1024)),
      ).then(
        ({ status }) => status,
        () => 413, // the connection may be cut before the whole body is sent
      );
      assert.equal(huge, 413);
    }));

  it('reads lists and objects from the names in a form, in the order of their numbers', () =>
    serving(items, async (served) => {
      const body = new URLSearchParams([
        ...Object.entries(keys),
        ['actions[1][action]', 'tags_add'],
        ['actions[1][item_id]', '1'],
        ['actions[1][tags][]', 'b'],
        ['actions[1][tags][]', 'a,c'],
        ['actions[900000000][action]', 'favorite'],
        ['actions[900000000][item_id]', '1'],
        ['__proto__[polluted]', 'yes'],
        ['a[b][c][d][e][f]', 'too deep'],
        ['odd]name[', 'x'],
      ]);
      const sent = await reply(await fetch(`${served.server.url}/send`, { method: 'POST', body }));
      assert.deepEqual(sent.body.action_results, [true, true]);
      assert.deepEqual(tagsOf(served), ['a,c', 'b', 'mine']);
      assert.equal('polluted' in {}, false);
    }));

  it('to anywhere else finds nothing, and a page that repeats the path without its markup', () =>
    serving([], async ({ server }) => {
      assert.equal((await fetch(`${server.url}/stats`)).status, 404);
      const { status, text } = await reply(await fetch(`${server.url}/%3Cscript%3E&x`));
      assert.deepEqual([status, text.includes('<script>')], [404, false]);
    }));

  it('from a page of the web is not allowed to read the answer', () =>
    serving(items, async ({ server }) => {
      const headers = { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' };
      for (const method of ['OPTIONS', 'POST']) {
        const answer = await fetch(`${server.url}/get`, { ...json(keys), headers, method });
        assert.equal(answer.headers.get('access-control-allow-origin'), null);
      }
    }));
});

describe('credentials', () => {
  const rows: [why: string, params: object, status: number, code: string][] = [
    ['no key', { consumer_key: undefined }, 400, '130'],
    ['an empty key', { consumer_key: '' }, 400, '130'],
    ['an empty token', { access_token: '' }, 400, '130'],
    ['another key', { consumer_key: '1-a' }, 403, '152'],
    ['no token', { access_token: undefined }, 401, '107'],
    ['another token', { access_token: 'x' }, 401, '107'],
    ['a token that is no text', { access_token: { a: 1 } }, 400, '130'],
  ];
  for (const [why, params, status, code] of rows)
    it(`with ${why} are answered ${status} and ${code} on every call`, () =>
      serving(items, async (served) => {
        for (const endpoint of ['get', 'add', 'send']) {
          const answer = await served.post(endpoint, { ...addTag, url: 'https://b.example/', ...params });
          assert.deepEqual([answer.status, answer.headers.get('x-error-code')], [status, code]);
          assert.equal(typeof answer.body.error, 'string');
        }
        assert.deepEqual([tagsOf(served), served.store.count()], [['mine'], 1]);
      }));

  it('may expire in the middle', () =>
    serving(items, async ({ server, post }) => {
      assert.equal((await post('get')).status, 200);
      server.setCredentials({ consumerKey: keys.consumer_key, accessToken: 'new' });
      assert.equal((await post('get')).status, 401);
      assert.equal((await post('get', { access_token: 'new' })).status, 200);
    }));
});
