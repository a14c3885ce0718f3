import assert from 'node:assert/strict';
import { EventEmitter, once as onceEmitted } from 'node:events';
import { type Fault, faults } from '../helpers/faults.ts';
import type { PocketCall } from '../helpers/test-pocket.ts';
import { type Served, serving } from './serving.ts';

const items = [{ item_id: 1, given_url: 'https://a.example/', word_count: 500, tags: ['mine'] }];
const addTag = { actions: [{ action: 'tags_add', item_id: 1, tags: 'x' }] };
const tagsOf = ({ store }: Served) => store.find({ item_id: '1' })?.tags;
const once = (fault: Fault) => ({ fault: ({ n }: { n: number }) => (n === 1 ? fault : undefined) });

describe('a fault of the Pocket server in tests', () => {
  const isKept: [fault: Fault, status: number | undefined, isKept: boolean][] = [
    [faults.maintenance(7), 503, false],
    [{ ...faults.internalError(), done: true } as Fault, 500, true],
    [faults.html(), 200, false],
    [{ kind: 'reset' }, undefined, false],
    [{ kind: 'reset', done: true }, undefined, true],
    [{ kind: 'truncate' }, 200, true],
    [{ kind: 'change', change: () => ({}) }, 200, true],
    [{ kind: 'slow', delayMs: 1 }, 200, true],
    [{ kind: 'forget' }, 200, false],
  ];
  for (const [fault, status, kept] of isKept)
    it(`${JSON.stringify(fault)}: status ${status}, ${kept ? 'carried out' : 'nothing kept'}`, () =>
      serving(
        items,
        async (served) => {
          const answer = await served.post('send', addTag).catch(() => undefined);
          assert.equal(answer?.status, status);
          assert.deepEqual(tagsOf(served), kept ? ['mine', 'x'] : ['mine']);
          const [call] = served.server.calls;
          assert.deepEqual([call?.status, call?.carriedOut.length], [status, kept ? 1 : 0]);
          await served.post('send', addTag);
          assert.deepEqual(tagsOf(served), ['mine', 'x']);
        },
        once(fault),
      ));

  it('sends the headers and the body of the replacement response', () =>
    serving(
      items,
      async ({ post }) => {
        const { headers, body } = await post('get');
        assert.deepEqual([headers.get('retry-after'), body], ['7', { error: 'Pocket server issue.' }]);
      },
      once(faults.maintenance(7)),
    ));

  it('never answers, until the server closes', async () => {
    const seen = new EventEmitter();
    const isSeen = onceEmitted(seen, 'call');
    let waiting: Promise<unknown> = Promise.resolve();
    await serving(
      items,
      async (served) => {
        waiting = assert.rejects(served.post('get'), TypeError);
        await isSeen;
      },
      {
        fault: () => {
          seen.emit('call');
          return { kind: 'hang' };
        },
      },
    );
    await waiting;
  });

  it('cuts an answer in half, or changes it', async () => {
    await serving(
      items,
      async ({ post }) => {
        const { text, body } = await post('get');
        assert.match(text, /^\{"maxActions"/);
        assert.equal(body, undefined);
      },
      once({ kind: 'truncate' }),
    );
    await serving(
      items,
      async ({ post }) => assert.deepEqual((await post('get')).body, { list: 5 }),
      once({ kind: 'change', change: () => ({ list: 5 }) }),
    );
  });
});

describe('other Pocket servers, as tests need them', () => {
  it('refuse a token inside HTTP 200', () =>
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
      { refusesInside200: true },
    ));

  it('take the number 1 for false', () =>
    serving(
      items,
      async ({ post }) => {
        assert.equal('total' in (await post('get', { total: 1 })).body, false);
        assert.equal('total' in (await post('get', { total: '1' })).body, true);
      },
      { strictFlags: true },
    ));

  it('leave out what is unknown or empty in era A', () =>
    serving(
      [{ item_id: 2, given_url: 'https://b.example/' }],
      async ({ post }) => {
        const { list } = (await post('get')).body;
        assert.deepEqual(['tags' in list['2'], 'time_to_read' in list['2']], [false, false]);
        assert.deepEqual((await post('get', { offset: 9 })).body.list, []);
        const actions = [{ action: 'archive', item_id: 99 }];
        assert.deepEqual((await post('send', { actions })).body, { status: 0, action_results: [false] });
      },
      { era: 'A' },
    ));
});

it('the log of calls says what was asked and what was carried out, and no credentials', () =>
  serving(items, async ({ server, post }) => {
    const actions = [...addTag.actions, { action: 'nonsense' }];
    await post('get', { state: 'unread' });
    await post('send', { actions });
    const carriedOut = [{ action: 'tags_add', item: '1' }];
    assert.deepEqual(server.calls, [
      { n: 1, endpoint: 'get', params: { state: 'unread' }, status: 200, carriedOut: [] },
      { n: 2, endpoint: 'send', params: { actions }, status: 200, carriedOut },
    ] satisfies PocketCall[]);
  }));
