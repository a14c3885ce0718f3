import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { json as readJson } from 'node:stream/consumers';
import { type Fault, faults } from '../../lib/pocket-server/faults.ts';
import type { Call } from '../../lib/pocket-server/server.ts';
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

  it('tells nothing by a JSON body that is not called JSON', () =>
    serving(items, async ({ server }) => {
      const { status, headers } = await fetch(`${server.url}/get`, typed('text/plain', JSON.stringify(keys)));
      assert.deepEqual([status, headers.get('x-error-code')], [400, '138']);
    }));

  it('with a broken or a huge body is refused', () =>
    serving(items, async ({ server }) => {
      assert.equal((await fetch(`${server.url}/get`, typed('application/json', '{'))).status, 400);
      const huge = await fetch(
        `${server.url}/get`,
        typed('application/json', ' '.repeat(36 * 1024 * 1024)),
      ).then(
        ({ status }) => status,
        () => 413, // the connection may be cut before the whole body is sent
      );
      assert.equal(huge, 413);
    }));

  it('to anywhere else finds nothing', () =>
    serving([], async ({ server }) => assert.equal((await fetch(`${server.url}/stats`)).status, 404)));
});

describe('credentials', () => {
  const rows: [why: string, params: object, status: number, code: string][] = [
    ['no key', { consumer_key: '' }, 400, '138'],
    ['another key', { consumer_key: '1-a' }, 403, '152'],
    ['no token', { access_token: undefined }, 401, '107'],
    ['another token', { access_token: 'x' }, 401, '107'],
    ['a token that is no text', { access_token: { a: 1 } }, 401, '107'],
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

  it('that are refused inside HTTP 200 change nothing', () =>
    serving(
      items,
      async (served) => {
        const get = await served.post('get', { access_token: 'x' });
        assert.deepEqual([get.status, get.headers.get('x-error-code')], [200, '5200']);
        assert.deepEqual(get.body, { error: 'Not authorized' });
        const send = await served.post('send', { access_token: 'x', ...addTag });
        const action_errors = [{ message: 'Not authorized', type: 'Forbidden', code: 5200 }];
        assert.deepEqual(send.body, { status: 1, action_errors, action_results: [false] });
        assert.deepEqual(tagsOf(served), ['mine']);
      },
      { quirks: { refusedInside200: true } },
    ));
});

describe('limits', () => {
  it('are said in headers and enforced with 403 until the window is over', () =>
    serving(
      items,
      async ({ post }) => {
        const seen: unknown[] = [];
        for (let at = 0; at < 3; at += 1) {
          const { status, headers } = await post('get');
          seen.push([status, headers.get('x-limit-user-remaining'), headers.get('x-limit-key-remaining')]);
          const reset = Number(headers.get('x-limit-user-reset'));
          assert.ok(reset > 0 && reset <= 3600);
          assert.equal(headers.get('x-limit-user-limit'), '2');
        }
        assert.deepEqual(seen, [
          [200, '1', '9999'],
          [200, '0', '9998'],
          [403, '0', '9998'],
        ]);
      },
      { limits: { userPerHour: 2 } },
    ));

  it('begin anew with the next window', () =>
    serving(
      items,
      async ({ post }) => {
        assert.equal((await post('get')).status, 200);
        assert.equal((await post('get')).status, 403);
        await new Promise((resolve) => setTimeout(resolve, 1050));
        assert.equal((await post('get')).status, 200);
      },
      { limits: { userPerHour: 1, windowSeconds: 1 } },
    ));

  it('are those that Pocket documented in era A, and unsaid in era B', async () => {
    await serving(
      items,
      async ({ post }) => assert.equal((await post('get')).headers.get('x-limit-user-limit'), '320'),
      { era: 'A' },
    );
    await serving(items, async ({ post }) =>
      assert.equal((await post('get')).headers.get('x-limit-user-limit'), null),
    );
  });
});

describe('a fault', () => {
  const once = (fault: Fault) => ({ fault: ({ n }: { n: number }) => (n === 1 ? fault : undefined) });

  const answers: [fault: Fault, status: number, header: string, value: string | null][] = [
    [faults.maintenance(7), 503, 'retry-after', '7'],
    [faults.maintenance(), 503, 'retry-after', null],
    [faults.internalError(), 500, 'x-error-code', '198'],
    [faults.rateLimited(9), 403, 'x-limit-user-reset', '9'],
    [faults.noPermission(), 403, 'x-limit-user-remaining', '319'],
    [
      faults.tokenRefused(),
      401,
      'x-error',
      'A valid access token is required to access the requested API endpoint.',
    ],
    [faults.refusedInside200(), 200, 'x-error-code', '5200'],
    [faults.tooLarge(), 413, 'content-type', 'text/html; charset=UTF-8'],
    [faults.html(), 200, 'content-type', 'text/html; charset=UTF-8'],
    [faults.html(403), 403, 'content-type', 'text/html; charset=UTF-8'],
    [faults.errorInside200(), 200, 'x-error-code', null],
  ];
  for (const [fault, status, header, value] of answers)
    it(`answers ${status} with ${header} ${value}, and nothing is carried out`, () =>
      serving(
        items,
        async (served) => {
          const answer = await served.post('send', addTag);
          assert.deepEqual([answer.status, answer.headers.get(header)], [status, value]);
          assert.equal('action_results' in (answer.body ?? {}), false);
          assert.deepEqual(tagsOf(served), ['mine']);
          await served.post('send', addTag);
          assert.deepEqual(tagsOf(served), ['mine', 'x']);
        },
        once(fault),
      ));

  it('answers an error although the call was carried out', () =>
    serving(
      items,
      async (served) => {
        assert.equal((await served.post('send', addTag)).status, 500);
        assert.deepEqual(tagsOf(served), ['mine', 'x']);
        assert.equal(served.server.calls[0]?.carriedOut.length, 1);
      },
      once({ ...faults.internalError(), done: true } as Fault),
    ));

  for (const done of [false, true])
    it(`resets the connection ${done ? 'after' : 'before'} the call was carried out`, () =>
      serving(
        items,
        async (served) => {
          await assert.rejects(served.post('send', addTag), TypeError);
          assert.deepEqual(tagsOf(served), done ? ['mine', 'x'] : ['mine']);
          const [call] = served.server.calls;
          assert.deepEqual([call?.status, call?.carriedOut.length], [undefined, done ? 1 : 0]);
        },
        once({ kind: 'reset', done }),
      ));

  it('never answers, until the server closes', async () => {
    let waiting: Promise<unknown> = Promise.resolve();
    await serving(
      items,
      async (served) => {
        waiting = assert.rejects(served.post('get'), TypeError);
        while (served.server.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      },
      once({ kind: 'hang' }),
    );
    await waiting;
  });

  it('cuts an answer in half', () =>
    serving(
      items,
      async ({ post }) => {
        const { status, headers, text, body } = await post('get');
        assert.deepEqual([status, headers.get('content-type'), body], [200, 'application/json', undefined]);
        assert.match(text, /^\{"maxActions"/);
      },
      once({ kind: 'truncate' }),
    ));

  it('changes an answer', () =>
    serving(
      items,
      async (served) => {
        assert.deepEqual((await served.post('send', addTag)).body, { action_results: [] });
        assert.deepEqual(tagsOf(served), ['mine', 'x']);
      },
      once({ kind: 'change', change: () => ({ action_results: [] }) }),
    ));

  it('says yes and keeps nothing', () =>
    serving(
      items,
      async (served) => {
        assert.deepEqual((await served.post('send', addTag)).body.action_results, [true]);
        assert.deepEqual([tagsOf(served), served.server.calls[0]?.carriedOut], [['mine'], []]);
      },
      once({ kind: 'forget' }),
    ));

  it('may only be lateness', () =>
    serving(items, async ({ post }) => assert.deepEqual(Object.keys((await post('get')).body.list), ['1']), {
      delayMs: 5,
      ...once({ kind: 'slow', delayMs: 5 }),
    }));

  it('may be that the reader changes the list between two pages', async () => {
    let archive = () => {};
    await serving(
      [...items, { item_id: 2, given_url: 'https://b.example/', time_added: 1 }],
      async ({ post, store }) => {
        archive = () => store.change(1, { status: 1 });
        assert.deepEqual(Object.keys((await post('get', { state: 'unread', count: 1 })).body.list), ['1']);
        assert.deepEqual((await post('get', { state: 'unread', count: 1, offset: 1 })).body.list, {});
      },
      {
        fault: ({ n }) => {
          if (n === 2) archive();
          return undefined;
        },
      },
    );
  });
});

describe('a quirk', () => {
  const old = { item_id: 2, given_url: 'https://b.example/', status: 2 };
  it('makes an empty list an array', () =>
    serving([], async ({ post }) => assert.deepEqual((await post('get')).body.list, []), {
      quirks: { emptyList: 'array' },
    }));
  it('leaves keys out', () =>
    serving(
      items,
      async ({ post }) => {
        const item = (await post('get')).body.list['1'];
        assert.equal('time_to_read' in item || 'resolved_url' in item, false);
      },
      { quirks: { omit: ['time_to_read', 'resolved_url'] } },
    ));
  it('takes the number 1 for false', () =>
    serving(
      [{ ...items[0], given_url: 'https://a.example/', favorite: 1 }],
      async ({ post }) => {
        assert.deepEqual((await post('get', { favorite: 1 })).body.list, {});
        assert.deepEqual(Object.keys((await post('get', { favorite: '1' })).body.list), ['1']);
        assert.equal('total' in (await post('get', { total: 1 })).body, false);
      },
      { quirks: { strictFlags: true } },
    ));
  it('refuses to sort by title and ignores the domain', () =>
    serving(
      items,
      async ({ post }) => {
        assert.equal((await post('get', { sort: 'title' })).status, 400);
        assert.deepEqual(Object.keys((await post('get', { domain: 'else.example' })).body.list), ['1']);
      },
      { quirks: { strictSort: true } },
    ));
  it('shows the deleted in full', () =>
    serving(
      [old],
      async ({ post }) => assert.equal((await post('get')).body.list['2'].given_url, old.given_url),
      { quirks: { deletedStubs: false } },
    ));
  it('stops counting', () =>
    serving(
      [...items, { given_url: 'https://c.example/' }],
      async ({ post }) => assert.equal((await post('get', { total: '1' })).body.total, '1'),
      { quirks: { mostTotal: 1 } },
    ));
  it('fails some actions in their slots', () =>
    serving(
      items,
      async (served) => {
        const { body } = await served.post('send', {
          actions: [...addTag.actions, { action: 'archive', item_id: 1 }],
        });
        assert.deepEqual(body.action_results, [false, true]);
        assert.deepEqual(tagsOf(served), ['mine']);
        assert.deepEqual(served.server.calls[0]?.carriedOut, [{ action: 'archive', item: '1', tags: [] }]);
      },
      { quirks: { fails: ({ action }) => action === 'tags_add' } },
    ));
  it('keeps the results of actions to itself', () =>
    serving(
      items,
      async ({ post }) =>
        assert.deepEqual((await post('send', addTag)).body, { status: 1, action_results: [] }),
      { quirks: { actionResults: 'none', actionErrors: false } },
    ));
});

describe('the log of calls', () => {
  it('says what was asked and what was carried out, and no credentials', () =>
    serving(items, async ({ server, post }) => {
      await post('get', { state: 'unread' });
      await post('send', { actions: [...addTag.actions, { action: 'nonsense' }] });
      const carriedOut = [{ action: 'tags_add', item: '1', tags: ['x'] }];
      const actions = [...addTag.actions, { action: 'nonsense' }];
      assert.deepEqual(server.calls, [
        { n: 1, endpoint: 'get', params: { state: 'unread' }, status: 200, carriedOut: [] },
        { n: 2, endpoint: 'send', params: { actions }, status: 200, carriedOut },
      ] satisfies Call[]);
    }));

  it('keeps no more than it is told to, and counts on', () =>
    serving(
      items,
      async ({ server, post }) => {
        for (let at = 0; at < 3; at += 1) await post('get');
        assert.deepEqual([server.calls.map(({ n }) => n), server.callCount()], [[2, 3], 3]);
      },
      { callsKept: 2 },
    ));
});
