import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type AccountList, LIST_SERVICES, startAccountList } from '../helpers/account-lists.ts';
import { type AccountsStage, startAccountsStage } from '../helpers/accounts.ts';

const ACCOUNTS = 500;
const INVOCATIONS = 10_000;
/** Every account has run twice by then. */
const WARM_UP = 2 * ACCOUNTS;
/** The time that each invocation has; timers of a run that ended before are held until it is over. */
const REMAINING_MS = 30_000;
const MEGABYTE = 2 ** 20;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What the process holds, this test and its services included. */
async function held() {
  await sleep(REMAINING_MS);
  collectGarbage();
  const active = process.getActiveResourcesInfo().filter((name) => name !== 'Immediate');
  return {
    heapBytes: process.memoryUsage().heapUsed,
    files: readdirSync('/proc/self/fd').length,
    handles: active.length,
    sockets: active.filter((name) => name.startsWith('TCPSocket')).length,
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
  };
}

describe('one process of a stage with many accounts', () => {
  let lists: AccountList[];
  let stage: AccountsStage;
  let now = 0;
  before(async () => {
    const options = { token: 's3cr3t', words: [400, 5000], now: () => now, pages: 'https://example.com' };
    lists = await Promise.all(LIST_SERVICES.map((service) => startAccountList(service, options)));
    stage = await startAccountsStage(lists);
    stage.env.LOG_LEVEL = 'SILENT';
  });
  after(() => Promise.all([stage, ...lists].map((one) => one.close())));

  it(`holds as much after ${INVOCATIONS} invocations of ${ACCOUNTS} accounts as after ${WARM_UP}`, async () => {
    const accounts = Array.from({ length: ACCOUNTS }, (_, at) => {
      const list = lists[at % lists.length];
      assert.ok(list);
      const bands = [`quick ${at}`, `long ${at}`];
      const variables = list.variables({ BANDS: `${bands[0]}:4, ${bands[1]}`, FETCH_PAGES: 'false' });
      const event = { account: `acct-${at}`, ...(at % 2 === 0 && { shard: 1 + (at % 5) }) };
      const secret = `prod/accounts/${event.shard === undefined ? event.account : `shard-${event.shard}`}`;
      const packed = { ...(stage.secrets.get(secret) as object | undefined), [event.account]: variables };
      stage.secrets.set(secret, event.shard === undefined ? variables : packed);
      return { list, event };
    });
    let early: Awaited<ReturnType<typeof held>> | undefined;
    for (let at = 0; at < INVOCATIONS; at += 1) {
      now += 60_000;
      const { list, event } = accounts[(at * 7) % ACCOUNTS] ?? {};
      assert.ok(list && event);
      list.setTags([]);
      // One in ten fails.
      list.fault =
        at % 10 === 0 ? { kind: 'answer', answer: { status: 404, headers: {}, body: {} } } : undefined;
      const { outcome } = await stage.invoke(event, REMAINING_MS);
      assert.equal((outcome as { complete: boolean }).complete, at % 10 !== 0, JSON.stringify(outcome));
      list.takeCalls();
      stage.aws.calls.length = 0;
      if (at === WARM_UP) early = await held();
    }
    const late = await held();
    console.log(`      after ${WARM_UP}: ${JSON.stringify(early)}; at the end: ${JSON.stringify(late)}`);
    assert.ok(early);
    assert.equal(late.listeners, early.listeners);
    assert.ok(late.handles <= early.handles + 8 && late.sockets <= early.sockets + 8);
    assert.ok(late.files <= early.files + 8);
    // What 9,000 runs left, if each left a kilobyte, would be 9 MB.
    assert.ok(
      late.heapBytes - early.heapBytes < 4 * MEGABYTE,
      `${late.heapBytes - early.heapBytes} bytes more`,
    );
  });
});
