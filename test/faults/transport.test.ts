import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { type Exchange, startProxy, type TransportFault } from './proxy.ts';
import { proven } from './report.ts';
import { attempt, endOf, type Hurry, recovers, startWorld, type Tags, UNREAD, undisturbed } from './world.ts';

const NOT_HTTP = Buffer.from(Array.from({ length: 300 }, (_, at) => (at * 151 + 7) % 256));
const headOf = (bytes: Buffer) => bytes.indexOf('\r\n\r\n') + 4;
/** The head, and the body as far as its middle. */
const begun = (bytes: Buffer) => bytes.subarray(0, (headOf(bytes) + bytes.length) / 2);
const withoutLength = (bytes: Buffer) => Buffer.from(String(bytes).replace(/^content-length: .*\r\n/im, ''));
const garbled = (bytes: Buffer) => bytes.map((byte, at) => (at < headOf(bytes) ? byte : byte ^ 0x55));

async function trickle(client: Socket, bytes: Buffer, everyMs?: number): Promise<void> {
  for (let at = 0; at < bytes.length && !client.destroyed; at += 1) {
    client.write(bytes.subarray(at, at + 1));
    await (everyMs === undefined ? turn() : sleep(everyMs));
  }
  client.end();
}

async function endlessHeader({ client }: Exchange): Promise<void> {
  client.write('HTTP/1.1 200 OK\r\nX-Pad: ');
  while (!client.destroyed) {
    client.write('a'.repeat(1024));
    await turn();
  }
}

/** Where a write was carried out, its client does not learn of it, and sends it again. */
const KINDS: Readonly<Record<string, TransportFault>> = {
  'a refused connection': 'refuse',
  'a connection closed without an answer': ({ client }) => client.end(),
  'a connection closed without an answer, the work done': async ({ client, answer }) => {
    await answer();
    client.end();
  },
  'a reset in the middle of the request': async ({ client, halfARequest }) => {
    await halfARequest();
    client.resetAndDestroy();
  },
  'a reset in the middle of the answer': async ({ client, answer }) => {
    client.write(begun(await answer()), () => client.resetAndDestroy());
  },
  'a connection closed in the middle of the answer': async ({ client, answer }) =>
    client.end(begun(await answer())),
  'the same, of an answer that does not say its length': async ({ client, answer }) =>
    client.end(begun(withoutLength(await answer()))),
  'a connection that stands, and silence': () => {},
  'a connection that stands, and silence, the work done': ({ answer }) => answer(),
  'silence in the middle of the answer': async ({ client, answer }) => client.write(begun(await answer())),
  'bytes that are not HTTP': ({ client }) => client.end(NOT_HTTP),
  'bytes that are not HTTP, the work done': async ({ client, answer }) => {
    await answer();
    client.end(NOT_HTTP);
  },
  'a garbled body': async ({ client, answer }) => client.end(garbled(await answer())),
  'a header that never ends': endlessHeader,
};

const once = (kind: TransportFault, n: number) => (at: number) => (at === n ? kind : undefined);
const fromThereOn = (kind: TransportFault, n: number) => (at: number) => (at >= n ? kind : undefined);

/** One run through a proxy with such faults, and how it ended; then one without. */
async function runThrough(faultAt: (n: number) => TransportFault | undefined, right: Tags, hurry: Hurry) {
  const world = await startWorld();
  const proxy = await startProxy(world.url, faultAt);
  world.url = proxy.url;
  try {
    const run = await attempt(world, hurry);
    if (run.summary?.complete) {
      assert.equal(run.lookedAt.size, UNREAD, 'complete, and something not looked at');
      assert.deepEqual(world.tags(), right);
    }
    await proxy.close();
    await recovers(world, right);
    return { ...run, end: endOf(run), tried: proxy.tried() };
  } finally {
    await proxy.close();
    await world.close();
  }
}

describe('a connection that goes wrong at every call of a run', () => {
  let right: Tags;
  let calls: number;
  before(async () => {
    ({ tags: right, calls } = await undisturbed());
  });
  const positions = () => Array.from({ length: calls }, (_, at) => at + 1);

  for (const [name, kind] of Object.entries(KINDS)) {
    // Much longer than an answer takes: a busy machine is not to be silent by itself.
    const hurry = /silence/.test(name) ? { idleTimeoutMs: 500 } : {};

    // An answer with a status and a useless body is not the sign of a server that is down; silence lasts by itself.
    const tries = /silence|garbled|closed in the middle|the same, of an answer/.test(name) ? 4 : 8;

    it(`${name}, once: as if nothing`, async () => {
      const tried = positions().map(async (n) => {
        const { end, tried } = await runThrough(once(kind, n), right, hurry);
        assert.equal(end, 'as if nothing', `at call ${n}`);
        assert.ok(tried > calls, `sent again after call ${n}`);
      });
      await Promise.all(tried);
      proven({ fault: name, when: 'once', positions: calls, end: 'as if nothing' });
    });

    it(`${name}, from there on: unavailable after ${tries} tries, or four before a first answer`, async () => {
      const tried = positions().map(async (n) => {
        const { end, mostTries } = await runThrough(fromThereOn(kind, n), right, hurry);
        assert.equal(end, 'unavailable', `from call ${n} on`);
        assert.equal(mostTries, n === 1 ? 4 : tries, `from call ${n} on`);
      });
      await Promise.all(tried);
      proven({ fault: name, when: 'from there on', positions: calls, end: 'unavailable' });
    });
  }

  it('an answer that comes a byte at a time, always: as if nothing', async () => {
    const bytewise: TransportFault = async ({ client, answer }) => trickle(client, await answer());
    const { end, tried } = await runThrough(() => bytewise, right, {});
    assert.deepEqual([end, tried], ['as if nothing', calls]);
    proven({ fault: 'an answer a byte at a time', when: 'always', positions: calls, end });
  });

  const delays: Readonly<Record<string, TransportFault>> = {
    'an answer that comes a byte now and then': async ({ client, answer }) =>
      trickle(client, await answer(), 30),
    'a connection that stands, and silence': () => {},
    'silence in the middle of the answer': async ({ client, answer }) => client.write(begun(await answer())),
  };
  for (const [name, kind] of Object.entries(delays)) {
    it(`${name}: the run ends before its deadline`, async () => {
      const tried = positions().map(async (n) => {
        const run = await runThrough(fromThereOn(kind, n), right, { deadlineMs: 400, idleTimeoutMs: 60_000 });
        // A run that does not end there waits for a minute at each try, and longer than a test may take.
        if (run.summary) assert.equal(run.summary.complete, false);
        else assert.equal(run.end, 'unavailable');
      });
      await Promise.all(tried);
      proven({ fault: name, when: 'from there on', positions: calls, end: 'before the deadline' });
    });
  }
});
