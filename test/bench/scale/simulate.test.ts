import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Simulation, simulate } from '../../../bench/scale/simulate.ts';

const HOUR_MS = 3_600_000;
const UNLIMITED = Number.POSITIVE_INFINITY;
const run = (waitMs: number, workMs = 0) => ({ waitMs, workMs });
const oneKind = (recentMs: number) => [
  { share: 1, recent: run(recentMs), weekly: run(0), first: [{ ...run(0), afterMs: 0 }] },
];

/**
 * Accounts that are all there from the beginning, whose hourly runs begin at any time of the hour: of many, these are
 * independent of each other. Nothing is limited, and nothing else runs.
 */
const HOURLY: Simulation = {
  accounts: 3600,
  kinds: oneKind(10_000),
  cold: { startMs: 0, moreMs: 0 },
  sigma: 0,
  importPerS: UNLIMITED,
  firstRun: { afterMs: 0, windowMs: 0 },
  recent: { everyMs: HOUR_MS, windowMs: HOUR_MS },
  weekMs: 1e12,
  scheduledPerS: UNLIMITED,
  lambda: { concurrency: UNLIMITED, environmentsIn10S: 1e9, idleMs: HOUR_MS },
  queue: { firstRetryMs: 1000, maxRetryMs: 300_000, maxEventAgeMs: 900_000 },
  settleMs: 2 * HOUR_MS,
  steadyMs: 24 * HOUR_MS,
  seed: 1,
};

const isNear = (value: number, expected: number, share: number) =>
  assert.ok(Math.abs(value - expected) <= share * expected, `${value} is not near ${expected}`);

/** The share of calls that find all of `servers` taken, by Erlang: `load` is how many would be taken without a limit. */
function erlangB(load: number, servers: number): number {
  let blocked = 1;
  for (let at = 1; at <= servers; at += 1) blocked = (load * blocked) / (at + load * blocked);
  return blocked;
}

describe('the simulation, beside what is known of queues', () => {
  it('has as many runs at once as begin while one lasts, by Little', () => {
    const { steady } = simulate(HOURLY);
    isNear(steady.runsPerS.mean, 1, 0.01);
    isNear(steady.concurrency.mean, 10, 0.02);
    // Of a Poisson distribution with a mean of 10.
    assert.equal(steady.concurrency.p50, 10);
    assert.ok(Math.abs(steady.concurrency.p99 - 18) <= 1, String(steady.concurrency.p99));
    assert.ok(steady.concurrency.max > steady.concurrency.p99);
  });

  it('does so as well where some runs wait longer than others', () => {
    const sigma = 0.5;
    const { steady } = simulate({ ...HOURLY, sigma });
    isNear(steady.concurrency.mean, 10 * Math.exp(sigma ** 2 / 2), 0.03);
  });

  it('gives up as many events as Erlang says where none is tried again', () => {
    const { steady } = simulate({
      ...HOURLY,
      lambda: { ...HOURLY.lambda, concurrency: 10 },
      queue: { ...HOURLY.queue, maxEventAgeMs: 0 },
    });
    isNear(steady.lost / (steady.lost + steady.runs), erlangB(10, 10), 0.05);
  });

  it('lets events wait for Scheduler as in a queue with one server and constant times: M/D/1', () => {
    const [load, serviceMs] = [0.8, 1250];
    // Until the first runs, which all begin at once, are long done.
    const settleMs = 8 * HOUR_MS;
    const { steady } = simulate({ ...HOURLY, accounts: 2304, scheduledPerS: 1000 / serviceMs, settleMs });
    isNear(steady.runsPerS.mean, load * (1000 / serviceMs), 0.01);
    isNear(steady.lateMs.mean, (load / (2 * (1 - load))) * serviceMs, 0.1);
  });

  it('lets events wait for one environment as long, where they are tried again at once', () => {
    const [load, serviceMs] = [0.8, 800];
    const { steady } = simulate({
      ...HOURLY,
      kinds: oneKind(serviceMs),
      lambda: { ...HOURLY.lambda, concurrency: 1 },
      queue: { firstRetryMs: 10, maxRetryMs: 10, maxEventAgeMs: HOUR_MS },
      steadyMs: 6 * HOUR_MS,
    });
    isNear(steady.lateMs.mean, (load / (2 * (1 - load))) * serviceMs, 0.15);
  });
});

describe('the simulation', () => {
  const two: Simulation = {
    ...HOURLY,
    accounts: 2,
    kinds: oneKind(10_000),
    recent: { everyMs: HOUR_MS, windowMs: 0 },
    lambda: { ...HOURLY.lambda, concurrency: 1 },
    settleMs: 2 * HOUR_MS - 1,
    steadyMs: HOUR_MS,
  };

  it('tries an event again after 1, 2, 4 and 8 s', () => {
    // One run takes 10 s, so the other finds a place at its fifth try, after 15 s.
    const { steady } = simulate(two);
    assert.equal(steady.throttled, 4);
    assert.equal(steady.lateMs.max, 15_000);
    assert.equal(steady.lost, 0);
  });

  it('gives an event up that would be too old at its next try', () => {
    const { steady } = simulate({ ...two, queue: { ...two.queue, maxEventAgeMs: 14_999 } });
    assert.deepEqual([steady.runs, steady.lost, steady.throttled], [1, 1, 4]);
    const inTime = simulate({ ...two, queue: { ...two.queue, maxEventAgeMs: 15_000 } });
    assert.deepEqual([inTime.steady.runs, inTime.steady.lost], [2, 0]);
  });

  it('starts cold where an environment is idle for too long, and is late and billed by that', () => {
    const { steady } = simulate({
      ...two,
      accounts: 1,
      cold: { startMs: 300, moreMs: 200 },
      lambda: { ...two.lambda, idleMs: HOUR_MS / 2 },
    });
    assert.equal(steady.coldShare, 1);
    assert.equal(steady.lateMs.max, 300);
    assert.equal(steady.meanBilledMs, 10_500);
  });

  it('says when every account has had its first runs, with those that go on later', () => {
    const part = { ...run(1000), afterMs: 60_000 };
    const [kind] = oneKind(0);
    assert.ok(kind);
    const { firstDone, importMs } = simulate({
      ...HOURLY,
      accounts: 100,
      importPerS: 10,
      kinds: [{ ...kind, first: [part, part, part] }],
      firstRun: { afterMs: 120_000, windowMs: 0 },
    });
    assert.equal(importMs, 10_000);
    const eachMs = 120_000 + 3 * 1000 + 2 * 60_000;
    assert.deepEqual([firstDone.accounts, firstDone.p50, firstDone.max], [100, eachMs, eachMs]);
    assert.equal(firstDone.lastMs, 9900 + eachMs);
  });

  it('loses no event from sight, whatever it is given', () => {
    const simulations = fc.record({
      accounts: fc.integer({ min: 1, max: 200 }),
      recentMs: fc.integer({ min: 0, max: 200_000 }),
      concurrency: fc.integer({ min: 1, max: 10 }),
      maxEventAgeMs: fc.integer({ min: 0, max: 900_000 }),
      scheduledPerS: fc.integer({ min: 1, max: 100 }),
      importPerS: fc.integer({ min: 1, max: 100 }),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(simulations, ({ recentMs, concurrency, maxEventAgeMs, ...given }) => {
        const { begin, steady, events } = simulate({
          ...HOURLY,
          ...given,
          kinds: oneKind(recentMs),
          lambda: { ...HOURLY.lambda, concurrency },
          queue: { ...HOURLY.queue, maxEventAgeMs },
          steadyMs: HOUR_MS,
        });
        assert.equal(events.given, events.ended + events.lost + events.left);
        assert.equal(events.lost, begin.lost + steady.lost);
        assert.ok(begin.runs + steady.runs >= events.ended);
        assert.ok(Math.max(begin.concurrency.max, steady.concurrency.max) <= concurrency);
      }),
    );
  });

  it('has the same result for the same seed, and another for another', () => {
    assert.deepEqual(simulate(two), simulate(two));
    const small = { ...HOURLY, accounts: 10, steadyMs: HOUR_MS };
    assert.notDeepEqual(simulate(small), simulate({ ...small, seed: 2 }));
  });
});
