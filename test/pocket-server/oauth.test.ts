import assert from 'node:assert/strict';
import { json, keys, reply, type Served, serving } from './serving.ts';

const consumer_key = keys.consumer_key;
const redirect_uri = 'myapp:done';
const asJson = { 'Content-Type': 'application/json', 'X-Accept': 'application/json' };

const ask = async ({ server }: Served, path: string, params: object, headers: object = asJson) =>
  reply(await fetch(`${server.url}/oauth/${path}`, { ...json(params), headers: { ...asJson, ...headers } }));
const codeOf = async (served: Served) =>
  (await ask(served, 'request', { consumer_key, redirect_uri })).body.code;
const answer = ({ server }: Served, code: string, yes: boolean) =>
  fetch(new URL('/auth/authorize', server.url), {
    method: 'POST',
    body: new URLSearchParams({ request_token: code, answer: yes ? 'yes' : 'no' }),
    redirect: 'manual',
  });

describe('OAuth', () => {
  it('gives a token once, for a code that the reader approved in the browser', () =>
    serving([], async (served) => {
      const code = await codeOf(served);
      const page = await fetch(
        new URL(`/auth/authorize?request_token=${code}&redirect_uri=x`, served.server.url),
      );
      assert.match(await page.text(), new RegExp(`value="${code}"`));
      const { status, headers } = await answer(served, code, true);
      assert.deepEqual([status, headers.get('location')], [302, redirect_uri]);
      const { body } = await ask(served, 'authorize', { consumer_key, code, request_token: code });
      assert.deepEqual(Object.keys(body), ['access_token', 'username']);
      assert.equal((await served.post('get', { access_token: body.access_token })).status, 200);
      const again = await ask(served, 'authorize', { consumer_key, code });
      assert.deepEqual([again.status, again.headers.get('x-error-code')], [403, '159']);
      assert.equal((await answer(served, code, true)).status, 404);
    }));

  it('answers a form unless asked for JSON, and echoes the state', () =>
    serving([], async (served) => {
      const params = { consumer_key, redirect_uri, state: 'a&b' };
      const form = await ask(served, 'request', params, { 'X-Accept': '' });
      assert.match(form.text, /^code=[\w-]+&state=a%26b$/);
      assert.equal(form.headers.get('content-type'), 'application/x-www-form-urlencoded');
      assert.equal((await ask(served, 'request', params)).body.state, 'a&b');
      assert.equal((await ask(served, 'request', { consumer_key, redirect_uri })).body.state, null);
    }));

  const rows: [why: string, path: string, params: object, status: number, code: string][] = [
    ['no key', 'request', { redirect_uri }, 400, '138'],
    ['another key', 'request', { consumer_key: 'x', redirect_uri }, 403, '152'],
    ['no address to return to', 'request', { consumer_key }, 400, '140'],
    ['no key', 'authorize', { code: 'x' }, 400, '138'],
    ['another key', 'authorize', { consumer_key: 'x', code: 'x' }, 403, '152'],
    ['no code', 'authorize', { consumer_key }, 400, '182'],
    ['an unknown code', 'authorize', { consumer_key, code: 'x' }, 400, '185'],
  ];
  for (const [why, path, params, status, code] of rows)
    it(`refuses ${path} with ${why}: ${status}, ${code}`, () =>
      serving([], async (served) => {
        const refused = await ask(served, path, params);
        assert.deepEqual([refused.status, refused.headers.get('x-error-code')], [status, code]);
      }));

  it('says 158 of a code that waits for an answer as of one that was rejected', () =>
    serving([], async (served) => {
      const code = await codeOf(served);
      for (const act of [async () => {}, () => answer(served, code, false)]) {
        await act();
        const { status, headers } = await ask(served, 'authorize', { consumer_key, code });
        const said = [status, headers.get('x-error-code'), headers.get('x-error'), headers.get('x-source')];
        assert.deepEqual(said, [403, '158', 'User rejected code.', 'Pocket']);
      }
    }));

  it('is for POST only, and knows no page for an unknown code', () =>
    serving([], async ({ server }) => {
      assert.equal((await fetch(`${server.url}/oauth/request?consumer_key=${consumer_key}`)).status, 404);
      assert.equal((await fetch(new URL('/auth/authorize?request_token=x', server.url))).status, 404);
    }));
});
