import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import {
  type RunReport,
  type Watch,
  type WatchedList,
  watchLists,
} from '../../../lib/cli/watch/watch-loop.ts';
import { type Ending, emptyTally, type Summary, summarise } from '../../../lib/core/summary.ts';
import { Failure } from '../../../lib/failure.ts';
import type { RunRequest } from '../../../lib/run/event.ts';
import { type PendingItems, pendingItems } from '../../../lib/webhooks/pending-items.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const START = Date.UTC(2026, 6, 15, 12);

type Result = Summary | Failure | Error | 'busy';
type Run = {
  readonly list: string;
  /** Minutes after the start of the loop. */
  readonly at: number;
  readonly request: RunRequest;
};

function ended(ending: Partial<Ending> = {}, listed = 10): Summary {
  const tally = { ...emptyTally([]), listed, tagged: listed };
  return summarise(tally, { mode: 'recent', dryRun: false, requests: 1, durationMs: 1, ...ending });
}

const DOWN = new Failure('unavailable', 'GET http://192.0.2.1/api: no answer (ECONNREFUSED)');

/**
 * A loop on a clock that tests move by the naps of the loop alone. It ends after so many minutes.
 */
async function watched(
  results: Record<string, (run: number) => Result | Promise<Result>>,
  {
    minutes,
    onNap,
    onRun,
    fullAt,
    random = 0.5,
    pending,
  }: {
    minutes: number;
    onNap?: (clock: { now: number }, watch: Watch) => void;
    onRun?: (clock: { now: number }, watch: Watch, stop: AbortController) => unknown;
    fullAt?: number;
    random?: number;
    pending?: PendingItems;
  },
) {
  const clock = { now: START };
  const stop = new AbortController();
  const [runs, reports, naps]: [Run[], RunReport[], number[]] = [[], [], []];
  const done: Record<string, number> = fullAt === undefined ? {} : { '': fullAt };
  const well: number[] = [];
  const stopInTime = () => {
    if (clock.now - START > minutes * MINUTE_MS) stop.abort();
  };
  const lists = Object.entries(results).map(
    ([name, resultOf]): WatchedList => ({
      name,
      ...(pending && { pending }),
      async run(request, signal) {
        runs.push({ list: name, at: (clock.now - START) / MINUTE_MS, request });
        await turn();
        onRun?.(clock, watch, stop);
        const result = await resultOf(runs.filter(({ list }) => list === name).length - 1);
        stopInTime();
        if (result instanceof Error) throw result;
        assert.equal(signal.aborted, stop.signal.aborted);
        return result === 'busy' ? { busy: 'another run is writing' } : { summary: result };
      },
    }),
  );
  const watch = watchLists(lists, {
    schedule: { everyMs: HOUR_MS },
    stop: stop.signal,
    random: () => random,
    report: (report) => reports.push(report),
    record: {
      fullAt: (list) => done[list],
      endedWell(list, { nextAt, fullAt = done[list] }) {
        well.push(nextAt);
        if (fullAt !== undefined) done[list] = fullAt;
      },
    },
    clock: {
      now: () => clock.now,
      async sleep(ms, signal) {
        naps.push(ms);
        await turn();
        onNap?.(clock, watch);
        if (!signal.aborted) clock.now += ms;
        stopInTime();
      },
    },
  });
  await watch.ended;
  assert.equal(getEventListeners(stop.signal, 'abort').length, 0);
  return {
    runs,
    reports,
    naps,
    done,
    well,
    starts: runs.map(({ at }) => at),
    modes: runs.map((run) => run.request.mode),
  };
}

describe('the loop of readtime watch', () => {
  it('tags the whole list at once, then the newest each interval', async () => {
    const { starts, modes, done, well } = await watched({ '': () => ended() }, { minutes: 181 });
    assert.deepEqual(starts, [0, 60, 120, 180]);
    assert.deepEqual(modes, ['full', 'recent', 'recent', 'recent']);
    assert.equal(done[''], START);
    assert.equal(well[0], START + HOUR_MS);
  });

  it('tags the newest at once where the whole list was tagged by an earlier process', async () => {
    const { modes } = await watched({ '': () => ended() }, { minutes: 1, fullAt: START - HOUR_MS });
    assert.deepEqual(modes, ['recent']);
  });

  it('tries the whole list again where that failed, until it is done', async () => {
    const results = [DOWN, ended({ mode: 'full' }), ended()];
    const { modes, starts } = await watched({ '': (run) => results[run] ?? DOWN }, { minutes: 62 });
    assert.deepEqual(
      [modes, starts],
      [
        ['full', 'full', 'recent'],
        [0, 1, 61],
      ],
    );
  });

  it('backs off while a service is down, and is back at its interval once it is up', async () => {
    const results = [ended(), DOWN, DOWN, DOWN, DOWN, ended(), DOWN, ended()];
    const { starts, reports } = await watched({ '': (run) => results[run] ?? ended() }, { minutes: 200 });
    assert.deepEqual(starts, [0, 60, 61, 63, 67, 75, 135, 136, 196]);
    assert.deepEqual(
      reports.slice(0, -1).map(({ nextAt = 0 }) => (nextAt - START) / MINUTE_MS),
      starts.slice(1),
    );
  });

  it('goes on where a run stopped at its limit, and says that the list is done when it is', async () => {
    const stopped = ended({ mode: 'full', stoppedBy: 'limit' });
    const results = [stopped, stopped, ended({ mode: 'full' }), ended()];
    const { runs, starts, done } = await watched({ '': (run) => results[run] ?? DOWN }, { minutes: 61 });
    assert.deepEqual(starts, [0, 0, 0, 60]);
    assert.deepEqual(
      runs.map(({ request }) => request.continues?.runs),
      [undefined, 1, 2, undefined],
    );
    assert.equal(done[''], START);
  });

  it('waits as long as the service asks for where a limit on calls stopped a run', async () => {
    const results = [ended({ mode: 'full', stoppedBy: 'rate-limit', retryAfterMs: 3 * HOUR_MS }), ended()];
    const { starts, modes } = await watched({ '': (run) => results[run] ?? DOWN }, { minutes: 181 });
    assert.deepEqual(
      [starts, modes],
      [
        [0, 180],
        ['full', 'full'],
      ],
    );
  });

  it('backs off where runs follow one another and get no further', async () => {
    const stuck = ended({ mode: 'full', stoppedBy: 'deadline' }, 0);
    const { starts, reports } = await watched({ '': () => stuck }, { minutes: 1 });
    assert.deepEqual(starts, [0, 0, 0, 1, 1, 1]);
    const { outcome } = reports[2] ?? {};
    assert.ok(outcome && 'failure' in outcome && outcome.failure.kind === 'unavailable');
  });

  it('leaves a run out while another process writes, without a back-off', async () => {
    const { starts, modes, well } = await watched(
      { '': (run) => (run === 0 ? 'busy' : ended()) },
      { minutes: 61 },
    );
    assert.deepEqual([starts, modes, well.length], [[0, 60], ['full', 'full'], 1]);
  });

  it('goes on after a mistake of ours, whose words it does not repeat', async () => {
    const { starts, reports } = await watched({ '': () => new TypeError('a secret') }, { minutes: 1 });
    assert.deepEqual(starts, [0, 1]);
    const [{ outcome } = {}] = reports;
    assert.match(
      outcome && 'failure' in outcome ? outcome.failure.message : '',
      /nobody expected \(TypeError\)$/,
    );
  });

  it('looks at the time at least twice a minute', async () => {
    const { naps } = await watched({ '': () => ended() }, { minutes: 60 });
    assert.ok(naps.every((ms) => ms <= 30_000));
  });

  it('starts one run soon after a machine has slept through several, not all of them', async () => {
    let naps = 0;
    const { starts } = await watched(
      { '': () => ended() },
      {
        minutes: 600,
        onNap(clock) {
          naps += 1;
          if (naps === 10) clock.now += 9 * HOUR_MS;
        },
      },
    );
    assert.deepEqual(starts, [0, 545]);
  });

  it('waits no longer where the clock is set back meanwhile', async () => {
    const yearMinutes = 365 * 24 * 60;
    let naps = 0;
    const { starts } = await watched(
      { '': () => ended() },
      {
        minutes: 1000,
        onNap(clock) {
          naps += 1;
          if (naps === 10) clock.now -= yearMinutes * MINUTE_MS;
        },
        onRun: (_, __, stop) => naps > 0 && stop.abort(),
      },
    );
    // The nap in which it happens is no longer than half a minute.
    assert.ok(starts[1] !== undefined && Math.abs(starts[1] + yearMinutes - 60) <= 0.5);
  });

  it('nor where it is set back during a run, be it of this list or of another', async () => {
    const yearMinutes = 365 * 24 * 60;
    let run = 0;
    const { runs } = await watched(
      { anna: () => ended(), ben: () => ended() },
      {
        minutes: 1000,
        onRun(clock, _, stop) {
          run += 1;
          if (run === 3) clock.now -= yearMinutes * MINUTE_MS;
          if (run === 6) stop.abort();
        },
      },
    );
    assert.deepEqual(
      runs.slice(3).map(({ list, at }) => [list, at + yearMinutes]),
      [
        ['ben', 60],
        ['anna', 120],
        ['ben', 120],
      ],
    );
  });

  it('gives several lists their turn, one run at a time', async () => {
    let running = 0;
    const resultOf = (result: (run: number) => Result) => async (run: number) => {
      running += 1;
      assert.equal(running, 1);
      await turn();
      running -= 1;
      return result(run);
    };
    const limited = (run: number) => (run < 3 ? ended({ mode: 'full', stoppedBy: 'limit' }) : ended());
    const { runs } = await watched(
      { anna: resultOf(limited), ben: resultOf(() => DOWN), cleo: resultOf(() => ended()) },
      { minutes: 3 },
    );
    assert.deepEqual(
      runs.map(({ list, at }) => `${list} ${at}`),
      ['anna 0', 'ben 0', 'cleo 0', 'anna 0', 'anna 0', 'anna 0', 'ben 1', 'ben 3'],
    );
  });

  describe('when it is woken', () => {
    const wake = (minute: number, inMs?: number) => {
      let isDone = false;
      return (clock: { now: number }, watch: Watch) => {
        if (isDone || clock.now - START < minute * MINUTE_MS) return;
        isDone = true;
        for (let event = 0; event < 1000; event += 1) watch.wake('', inMs);
      };
    };
    const rows: [
      why: string,
      wake: ReturnType<typeof wake>,
      result: (run: number) => Result,
      starts: number[],
    ][] = [
      ['makes one run for a thousand events', wake(20), () => ended(), [0, 20, 80]],
      [
        'makes it so much later, and the events of that time belong to it',
        wake(20, MINUTE_MS),
        () => ended(),
        [0, 21, 81],
      ],
      ['makes none before a back-off is over', wake(60), (run) => (run === 1 ? DOWN : ended()), [0, 60, 61]],
    ];
    for (const [why, onNap, result, expected] of rows)
      it(why, async () => {
        const { starts } = await watched({ '': result }, { minutes: 82, onNap });
        assert.deepEqual(starts.slice(0, expected.length), expected);
      });

    it('makes one more run after the one that is under way', async () => {
      let runs = 0;
      const { starts } = await watched(
        { '': () => ended() },
        {
          minutes: 61,
          onRun(_, watch) {
            runs += 1;
            if (runs === 1) for (const inMs of [9000, 6000, 12_000]) watch.wake('', inMs);
          },
        },
      );
      assert.deepEqual(starts, [0, 0.1, 60.1]);
    });

    it('knows its lists', async () => {
      const { starts } = await watched(
        { '': () => ended() },
        { minutes: 59, onNap: (_, watch) => watch.wake('another') },
      );
      assert.deepEqual(starts, [0]);
    });
  });

  describe('when a webhook has told of items', () => {
    /** Tells of items at these minutes, each once. */
    const telling = (events: Readonly<Record<number, readonly string[]>>) => {
      const pending = pendingItems();
      const left = new Map(Object.entries(events).map(([minute, ids]) => [Number(minute), ids]));
      const tell = (clock: { now: number }, watch: Watch) => {
        for (const [minute, ids] of left) {
          if (clock.now - START < minute * MINUTE_MS) continue;
          left.delete(minute);
          for (const id of ids) {
            pending.add(id);
            watch.wake('', 6000);
          }
        }
      };
      return { pending, tell };
    };
    const idsTo = (count: number) => Array.from({ length: count }, (_, at) => `b${at}`);
    const said = ({ runs }: { runs: readonly Run[] }) =>
      runs.map(({ at, request }) => [at, request.mode === 'items' ? request.ids.join() : request.mode]);
    const items = (ending: Partial<Ending> = {}) => ended({ mode: 'items', ...ending });
    const limited = items({ stoppedBy: 'limit' });
    const waiting = items({ stoppedBy: 'rate-limit', retryAfterMs: 3 * MINUTE_MS });

    const rows: [
      why: string,
      events: Readonly<Record<number, readonly string[]>>,
      result: (run: number) => Result,
      runs: (string | number)[][],
    ][] = [
      [
        'makes a run of these alone, and the list is due when it was',
        { 20: ['a', 'b', 'a'] },
        () => items(),
        [
          [0, 'full'],
          [20.1, 'a,b'],
          [60, 'recent'],
          [120, 'recent'],
        ],
      ],
      [
        'is not kept from the list by events that come all the time',
        { 10: ['a'], 20: ['b'], 30: ['c'], 40: ['d'], 50: ['e'] },
        () => items(),
        [
          [0, 'full'],
          [10.1, 'a'],
          [20.2, 'b'],
          [30.3, 'c'],
          [40.4, 'd'],
          [50.5, 'e'],
          [60, 'recent'],
          [120, 'recent'],
        ],
      ],
      [
        'keeps items of a run that failed until the service is up, and the list after them',
        { 20: ['a'], 20.5: ['b'], 22: ['c'] },
        (run) => (run === 1 || run === 2 ? DOWN : items()),
        [
          [0, 'full'],
          [20.1, 'a'],
          [21.1, 'a,b'],
          [23.1, 'a,b,c'],
          [60, 'recent'],
          [120, 'recent'],
        ],
      ],
      [
        'keeps them also where another process writes',
        { 20: ['a'] },
        (run) => (run === 1 ? 'busy' : items()),
        [
          [0, 'full'],
          [20.1, 'a'],
          [21.1, 'a'],
          [60, 'recent'],
          [120, 'recent'],
        ],
      ],
      [
        'looks at them again after a minute where MAX_CHANGES left some',
        { 20: ['a', 'b'] },
        (run) => (run === 1 ? limited : items()),
        [
          [0, 'full'],
          [20.1, 'a,b'],
          [21.1, 'a,b'],
          [60, 'recent'],
          [120, 'recent'],
        ],
      ],
      [
        'and no earlier than the service says where it allows no more calls',
        { 20: ['a'] },
        (run) => (run === 1 ? waiting : items()),
        [
          [0, 'full'],
          [20.1, 'a'],
          [23.1, 'a'],
          [60, 'recent'],
          [120, 'recent'],
        ],
      ],
      [
        'is not kept from the list by items that fail each time, which are tried again after it',
        { 20: ['a'] },
        (run) => ([1, 2, 3, 4, 5, 6, 8].includes(run) ? DOWN : items()),
        [
          [0, 'full'],
          [20.1, 'a'],
          [21.1, 'a'],
          [23.1, 'a'],
          [27.1, 'a'],
          [35.1, 'a'],
          [51.1, 'a'],
          [83.1, 'recent'],
          [83.27, 'a'],
          [84.27, 'a'],
        ],
      ],
      [
        'makes a run over the whole list of more than 2,000',
        { 20: idsTo(2001) },
        () => ended(),
        [
          [0, 'full'],
          [20.1, 'full'],
          [80.1, 'recent'],
        ],
      ],
      [
        'and again where that failed',
        { 20: idsTo(2001) },
        (run) => (run === 1 ? DOWN : ended()),
        [
          [0, 'full'],
          [20.1, 'full'],
          [21.1, 'full'],
          [81.1, 'recent'],
        ],
      ],
    ];
    for (const [why, events, result, expected] of rows)
      it(why, async () => {
        const { pending, tell } = telling(events);
        const ran = await watched({ '': result }, { minutes: 121, pending, onNap: tell });
        const starts = said(ran).map(([at, what]) => [Math.round(Number(at) * 100) / 100, what]);
        assert.deepEqual(starts.slice(0, expected.length), expected);
      });

    it('waits for the end of the run that is under way, and ten seconds after one of items', async () => {
      const pending = pendingItems();
      const left = ['a', 'b', 'c'];
      const ran = await watched(
        { '': () => items() },
        {
          minutes: 10,
          pending,
          onRun(clock, watch) {
            const id = left.shift();
            if (id === undefined) return;
            clock.now += 3 * MINUTE_MS;
            pending.add(id);
            watch.wake('', 6000);
          },
        },
      );
      assert.deepEqual(
        said(ran).map(([at, what]) => [Math.round(Number(at) * 600) / 10, what]),
        [
          [0, 'full'],
          [186, 'a'],
          [376, 'b'],
          [566, 'c'],
        ],
      );
    });

    it('waits no longer where the clock was set back since the last ones', async () => {
      const pending = pendingItems();
      let naps = 0;
      const tellOf = (id: string, watch: Watch) => {
        pending.add(id);
        watch.wake('');
      };
      const ran = await watched(
        { '': () => items() },
        {
          minutes: 10,
          pending,
          onNap(clock, watch) {
            naps += 1;
            if (naps === 1) tellOf('a', watch);
            if (naps === 2) clock.now -= 30 * MINUTE_MS;
            if (naps === 3) tellOf('b', watch);
          },
          onRun: (_, __, stop) => naps > 4 && stop.abort(),
        },
      );
      // Ten seconds after the others, and as long as the nap in which it happens.
      const startsAt = ran.starts[2];
      assert.ok(startsAt !== undefined && startsAt <= -29, `${startsAt}`);
    });

    it('goes before the rest of a list, which goes on then', async () => {
      const pending = pendingItems();
      let isTold = false;
      const stopped = ended({ mode: 'full', stoppedBy: 'limit' });
      const ran = await watched(
        { '': (run) => [stopped, items(), ended({ mode: 'full' })][run] ?? ended() },
        {
          minutes: 1,
          pending,
          onRun: (_, watch) => {
            if (isTold) return;
            isTold = true;
            pending.add('a');
            watch.wake('');
          },
        },
      );
      assert.deepEqual(said(ran), [
        [0, 'full'],
        [0, 'a'],
        [0, 'full'],
      ]);
      assert.ok('continues' in (ran.runs[2]?.request ?? {}));
    });

    it('is in good health, and where items fail is not', async () => {
      const good = telling({ 20: ['a'] });
      const ran = await watched(
        { '': () => items() },
        { minutes: 30, pending: good.pending, onNap: good.tell },
      );
      assert.deepEqual(ran.well, [START + HOUR_MS, START + HOUR_MS]);
      const bad = telling({ 20: ['a'] });
      const failed = await watched(
        { '': (run) => (run > 0 ? DOWN : ended()) },
        { minutes: 30, pending: bad.pending, onNap: bad.tell },
      );
      assert.deepEqual(failed.well, [START + HOUR_MS]);
    });
  });

  it('ends after the run in hand, which it tells to end', async () => {
    const { starts, reports, well } = await watched(
      { '': () => ended({ mode: 'full', stoppedBy: 'interrupted' }) },
      { minutes: 100, onRun: (_, __, stop) => stop.abort() },
    );
    assert.deepEqual([starts, well], [[0], []]);
    assert.deepEqual(
      reports.map(({ nextAt }) => nextAt),
      [undefined],
    );
  });

  it('keeps that the whole list was done where it ends just then', async () => {
    const { done } = await watched(
      { '': () => ended({ mode: 'full' }) },
      { minutes: 100, onRun: (_, __, stop) => stop.abort() },
    );
    assert.equal(done[''], START);
  });
});
