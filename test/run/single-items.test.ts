import assert from 'node:assert/strict';
import type { Summary } from '../../lib/core/summary.ts';
import { run, type WarmState } from '../../lib/run/run.ts';
import { readSettings } from '../../lib/settings.ts';
import { faults } from '../helpers/faults.ts';
import { runIn } from '../helpers/run.ts';
import { type FakeItem, type FakeServer, fakeItems } from '../helpers/services/fake-service.ts';
import { fakeKarakeep } from '../helpers/services/karakeep.ts';
import { setupOf } from '../helpers/services/setups.ts';
import { environmentOf } from '../helpers/services/under-test.ts';

describe('a run over single items', () => {
  let server: FakeServer;
  let items: FakeItem[];
  const start = async (given: FakeItem[]) => {
    items = given;
    server = await fakeKarakeep(items);
  };
  const runOver = (ids: readonly string[], options = {}): Promise<Summary> => {
    const env = environmentOf('karakeep', server);
    const request = { mode: 'items', ids, dryRun: false, refetch: false } as const;
    return run({ request, settings: readSettings(env), env, ...options });
  };
  afterEach(() => server.close());

  it('tags these and no others, with a call to read each and one to write', async () => {
    await start(fakeItems(60));
    const summary = await runOver(['60', '31']);
    assert.match(summary.message, /^Tagged 2 of 2 new items: /);
    assert.deepEqual(
      items.filter(({ tags }) => tags.length > 0).map(({ id }) => id),
      ['60', '31'],
    );
    // The fifth verifies the first write.
    assert.equal(summary.requests, 5);
    assert.ok(server.calls.every(({ path }) => path !== '/api/v1/bookmarks'));
  });

  const trouble: [
    why: string,
    change: (item: FakeItem) => void,
    skipped: Summary['skipped'],
    listed: number,
  ][] = [
    ['is archived meanwhile', (item) => Object.assign(item, { archived: true }), {}, 1],
    ['is deleted meanwhile', (item) => items.splice(items.indexOf(item), 1), {}, 1],
    ['is not crawled yet', (item) => Object.assign(item, { ready: false }), { 'not-parsed': 1 }, 2],
    ['has no text', (item) => Object.assign(item, { words: 0 }), { 'no-length': 1 }, 2],
    [
      'is lost on the disk of the server',
      (item) => Object.assign(item, { isLost: true }),
      { 'text-unavailable': 1 },
      2,
    ],
    [
      'is an error each time',
      ({ id }) => Object.assign(server, { fault: failing(id) }),
      { 'not-understood': 1 },
      2,
    ],
    [
      'is not what a bookmark is',
      ({ id }) => Object.assign(server, { fault: strange(id) }),
      { 'not-understood': 1 },
      2,
    ],
  ];
  const failing =
    (id: string): FakeServer['fault'] =>
    ({ path }) =>
      path.endsWith(`/${id}`) ? faults.internalError() : undefined;
  const strange =
    (id: string): FakeServer['fault'] =>
    ({ path }) =>
      path.endsWith(`/${id}`) ? Response.json({ hello: 'world' }) : undefined;
  for (const [why, change, skipped, listed] of trouble)
    it(`does not fail where one of them ${why}`, async () => {
      await start(fakeItems(2));
      const [first] = items;
      assert.ok(first);
      change(first);
      const summary = await runOver(['2', '1']);
      assert.deepEqual([summary.complete, summary.tagged, summary.listed], [true, 1, listed]);
      assert.deepEqual(summary.skipped, skipped);
    });

  it('looks at all of them, however many are tagged already', async () => {
    await start(fakeItems(120));
    await runIn(environmentOf('karakeep', server), { mode: 'full' });
    for (const item of items.slice(-3)) item.tags = [];
    const summary = await runOver(items.map(({ id }) => id));
    assert.deepEqual([summary.tagged, summary.unchanged], [3, 117]);
  });

  it('says nothing about the list: older items are still to be seen, and lengths that were kept stay', async () => {
    await start(fakeItems(3));
    const forgotten: string[] = [];
    const lengths = { get: () => undefined, set() {}, close() {}, forgetOthers: () => forgotten.push('all') };
    const warm: WarmState = { wasStopped: true };
    await runOver(['1'], { warm, lengths });
    assert.equal(warm.wasStopped, true);
    assert.deepEqual(forgotten, []);
  });

  it('fails as a whole where the service is down, or the token is refused', async () => {
    await start(fakeItems(3));
    server.tokens.clear();
    await assert.rejects(runOver(['1']), { kind: 'credentials' });
  });

  it('is refused for a service that cannot look items up', async () => {
    server = await setupOf('linkding').start(fakeItems(1), {} as never);
    const env = environmentOf('linkding', server);
    const request = { mode: 'items', ids: ['1'], dryRun: false, refetch: false } as const;
    await assert.rejects(run({ request, settings: readSettings(env), env }), { kind: 'settings' });
  });
});
