import assert from 'node:assert/strict';
import type { FaultyCall } from '../helpers/test-pocket.ts';
import { type FaultKind, KINDS, type RunEnd } from './kinds.ts';
import { proven } from './report.ts';
import { attempt, endOf, recovers, startWorld, type Tags, UNREAD, undisturbed } from './world.ts';

const sameCall = ({ endpoint, body }: FaultyCall) => `${endpoint} ${JSON.stringify(body)}`;

/**
 * One run with the fault at call `n`, or at it and all that follow; then one without. The end that was met, or
 * `undefined` where the fault does not apply to that call.
 */
async function tryAt(kind: FaultKind, n: number, lasting: boolean, right: Tags): Promise<RunEnd | undefined> {
  const world = await startWorld();
  const tries = new Map<string, number>();
  const listed = new Set<string>();
  let met = false;
  let onlyReadBack = true;
  world.fault = (call) => {
    // The one item that is read back is asked for as its page was: what comes of that alone is no trouble.
    const isReadBack = listed.has(sameCall(call));
    const isHit = lasting ? call.n >= n : call.n === n;
    if (!isHit || (kind.only && call.endpoint !== kind.only)) {
      listed.add(sameCall(call));
      return undefined;
    }
    met = true;
    onlyReadBack &&= isReadBack;
    tries.set(sameCall(call), (tries.get(sameCall(call)) ?? 0) + 1);
    return kind.fault;
  };
  try {
    const run = await attempt(world, kind.fault.kind === 'hang' ? { idleTimeoutMs: 100 } : {});
    if (!met) return undefined;
    const most = Math.max(...tries.values());
    assert.ok(most <= kind.tries, `sent ${most} times`);
    const end = endOf(run);
    if (run.summary?.complete)
      assert.equal(run.lookedAt.size, UNREAD, 'complete, and something not looked at');
    if (end === 'as if nothing') assert.deepEqual(world.tags(), right);
    await recovers(world, right);
    return onlyReadBack && end === 'as if nothing' ? undefined : end;
  } finally {
    await world.close();
  }
}

describe('a fault at every call of a run', () => {
  let right: Tags;
  let calls: number;
  before(async () => {
    ({ tags: right, calls } = await undisturbed());
  });

  for (const kind of KINDS) {
    for (const lasting of [false, true]) {
      const expected = lasting ? kind.always : kind.once;
      it(`${kind.name}, ${lasting ? 'from there on' : 'once'}: ${expected}`, async () => {
        const ends: RunEnd[] = [];
        for (let n = 1; n <= calls; n += 1) {
          const end = await tryAt(kind, n, lasting, right);
          if (end) ends.push(end);
        }
        assert.ok(ends.length >= 1);
        assert.deepEqual([...new Set(ends)], [expected]);
        proven({
          fault: kind.name,
          when: lasting ? 'from there on' : 'once',
          positions: ends.length,
          end: expected,
        });
      });
    }
  }
});
