import assert from 'node:assert/strict';
import { ALARMS, costParts, METRICS } from '../../../bench/scale/cost.ts';
import { limitsOf } from '../../../bench/scale/limits.ts';
import { MEASURED } from '../../../bench/scale/measured.ts';
import {
  importPerS,
  kindsOf,
  othersOf,
  sizesOf,
  stageOf,
  withinBudget,
} from '../../../bench/scale/scenarios.ts';
import { simulate } from '../../../bench/scale/simulate.ts';

const HOUR_MS = 3_600_000;

describe('an import', () => {
  it('is as fast as secrets can be made, or as a terminal calls where accounts are packed', () => {
    assert.equal(importPerS('own'), 50);
    assert.equal(importPerS('packed'), 80);
  });
});

describe('the first runs of a list', () => {
  const run = (calls: number) => ({ waitMs: 1000, workMs: 500, calls });

  it('follow one another after a minute while the calls of the hour last', () =>
    assert.deepEqual(
      withinBudget([run(700), run(800)], 1500).map(({ afterMs }) => afterMs),
      [60_000, 60_000],
    ));

  it('are one an hour where they need more calls, and take as long together', () => {
    const parts = withinBudget([run(2000), run(1001)], 1500);
    assert.equal(parts.length, 3);
    const total = parts.reduce((sum, { waitMs, workMs }) => sum + waitMs + workMs, 0);
    assert.ok(Math.abs(total - 3000) < 1e-6);
    for (const { waitMs, workMs, afterMs } of parts) assert.equal(waitMs + workMs + afterMs, HOUR_MS);
  });
});

describe('what a stage is simulated by', () => {
  it('has each account in one kind', () =>
    assert.equal(
      kindsOf(MEASURED).reduce((sum, { share }) => sum + share, 0),
      1,
    ));

  it('packs a million accounts, as there cannot be as many secrets', () => {
    const sizes = sizesOf(MEASURED, Number.POSITIVE_INFINITY);
    assert.deepEqual(
      sizes.map(({ simulation, store }) => [simulation.accounts, store]),
      [
        [1, 'own'],
        [1000, 'own'],
        [100_000, 'own'],
        [1_000_000, 'packed'],
      ],
    );
  });

  it('leaves out what is larger than it is told', () => {
    const accounts = [...sizesOf(MEASURED, 1000), ...othersOf(MEASURED, 1000)];
    assert.deepEqual(
      accounts.map(({ simulation }) => simulation.accounts),
      [1, 1000, 1000],
    );
  });
});

describe('the quota that binds', () => {
  const stage = stageOf(MEASURED, 1000, 'own');
  const limits = limitsOf(stage);
  const accountsAt = (part: string) => limits.find(({ quota }) => quota.includes(part))?.accounts ?? 0;

  it('first is that of runs at once, of a new account of AWS and of any other', () =>
    assert.deepEqual(
      limits.slice(0, 2).map(({ quota, byDefault }) => [quota.split(':')[0], byDefault]),
      [
        ['Lambda, runs at once', 10],
        ['Lambda, runs at once', 1000],
      ],
    ));

  it('is reached at the number of accounts that are simulated to need as much', () => {
    // A hundredth of the accounts need a hundredth of the quota.
    const accounts = Math.round(accountsAt('runs at once: steady') / 100);
    const cold = { startMs: 0, moreMs: 0 };
    const { steady } = simulate({ ...stage, accounts, cold, settleMs: 4 * HOUR_MS, steadyMs: 4 * HOUR_MS });
    assert.ok(Math.abs(steady.concurrency.mean - 10) < 0.5, String(steady.concurrency.mean));
  });

  it('is reached in the hour of all first runs as well', () => {
    const accounts = Math.round(accountsAt('within an hour') / 100);
    const { begin } = simulate({
      ...stage,
      accounts,
      importPerS: Number.POSITIVE_INFINITY,
      firstRun: { ...stage.firstRun, afterMs: 0 },
      settleMs: 0,
    });
    assert.ok(Math.abs(begin.concurrency.mean - 10) < 1, String(begin.concurrency.mean));
  });

  it('is a million of schedules for a third as many accounts, and a secret for each account', () => {
    assert.equal(Math.round(accountsAt('Scheduler, schedules')), 3_333_333);
    assert.equal(accountsAt('one each'), 500_000);
    assert.equal(accountsAt('secrets: packed'), 100_000_000);
  });
});

describe('what an account costs', () => {
  const { steady } = simulate({ ...stageOf(MEASURED, 10, 'own'), steadyMs: HOUR_MS });
  const costOf = (accounts: number, store: 'own' | 'packed') =>
    Object.fromEntries(
      costParts({ accounts, store, steady: { ...steady, meanBilledMs: 1000 } }, MEASURED).map((part) => [
        part.what,
        part,
      ]),
    );

  it('is by its 734 runs a month', () => {
    const { Scheduler, 'Lambda, time': time, 'reading secrets': reads } = costOf(1e6, 'own');
    assert.ok(Math.abs((Scheduler?.usd ?? 0) - 734.35e-6) < 1e-9);
    assert.ok(Math.abs((reads?.usd ?? 0) - 734.35 * 5e-6) < 1e-9);
    // A quarter of a GB for a second.
    assert.ok(Math.abs((time?.usd ?? 0) - 734.35 * 0.25 * 0.000_013_333_4) < 1e-9);
  });

  it('is 0.40 for its secret, or a 200th of that', () => {
    assert.equal(costOf(1e6, 'own').secrets?.usd, 0.4);
    assert.equal(costOf(1e6, 'packed').secrets?.usd, 0.002);
    // No less than one secret.
    assert.equal(costOf(1, 'packed').secrets?.usd, 0.4);
  });

  it('is less by what AWS gives, as long as that lasts', () => {
    assert.equal(costOf(19_000, 'own').Scheduler?.usdWithAllowances, 0);
    const { Scheduler } = costOf(1e6, 'own');
    assert.ok((Scheduler?.usdWithAllowances ?? 0) > 0.9 * (Scheduler?.usd ?? 0));
  });

  it('shares metrics and alarms with all others', () => {
    const parts = costParts({ accounts: 100, store: 'own', steady }, MEASURED);
    const fixed = parts.filter(({ what }) => what === 'metrics and alarms');
    const usd = fixed.reduce((sum, part) => sum + part.usd, 0);
    assert.ok(Math.abs(usd - (METRICS * 0.3 + ALARMS * 0.1) / 100) < 1e-9);
  });
});
