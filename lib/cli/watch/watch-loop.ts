import { setTimeout as timer } from 'node:timers/promises';
import type { Mode, Summary } from '../../core/summary.ts';
import { Failure } from '../../failure.ts';
import { type NextRun, nextRun } from '../../run/continuation.ts';
import type { RunRequest } from '../../run/event.ts';
import { isFullDue, nextStart, nextTry, type Schedule } from './next-start.ts';

/** A list that is watched. */
export type WatchedList = {
  /** Unique; empty where there is one list. */
  readonly name: string;
  /** One run, which ends early when `stop` aborts. Rejects as `run` does. */
  run(request: RunRequest, stop: AbortSignal): Promise<Ran>;
};

/** What a run did, or why none was made: another process was writing to the list. */
export type Ran = { readonly summary: Summary } | { readonly busy: string };

/** `next`: the run that does the rest, of one that stopped before its end. */
type Outcome =
  | { readonly summary: Summary; readonly next?: NextRun }
  | { readonly busy: string }
  | { readonly failure: Failure };

/** What came of a run; times are milliseconds since 1970. */
export type RunReport = {
  readonly list: string;
  readonly mode: Mode;
  readonly startedAt: number;
  readonly endedAt: number;
  /** When the next run of this list starts; absent: the loop ends. */
  readonly nextAt?: number;
  readonly outcome: Outcome;
};

/** PORT: what is known of a list from one process to the next. Never throws. */
export type WatchRecord = {
  /** When the last run over the whole list started that came to its end. */
  fullAt(list: string): number | undefined;
  /** Called after each run that ended well, with when the next one starts. */
  endedWell(list: string, times: { readonly nextAt: number; readonly fullAt?: number }): void;
};

type WatchClock = {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms`, or when `signal` aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
};

export type WatchOptions = {
  readonly schedule: Schedule;
  readonly record: WatchRecord;
  /** Ends the loop: at once while it waits, else after the batch in hand. */
  readonly stop: AbortSignal;
  /** Called after each run. */
  readonly report: (report: RunReport) => void;
  readonly clock?: WatchClock;
  readonly random?: () => number;
};

export type Watch = {
  /** Resolves when the loop has ended. */
  readonly ended: Promise<void>;
  /**
   * Something has changed in a list: its next run starts in `inMs` milliseconds at the latest, or that long after the run
   * that is under way, but not before a back-off is over, or a wait that the service asked for.
   */
  wake(list: string, inMs?: number): void;
};

type State = {
  readonly list: WatchedList;
  dueAt: number;
  /** No earlier start, whoever asks: the end of a back-off. */
  notBefore: number;
  failuresInARow: number;
  /** What the next run goes on with, where the last one stopped before its end. */
  rest?: { readonly request: RunRequest; readonly startedAt: number } | undefined;
  /** Woken during its run: how long after it the next one starts at the latest. */
  wokenInMs?: number | undefined;
};

/**
 * The time is looked at so often at least: timers stand still while a machine sleeps, and a clock may be set.
 * Milliseconds.
 */
const MAX_NAP_MS = 30_000;

const SYSTEM_CLOCK: WatchClock = {
  now: Date.now,
  sleep: (ms, signal) => timer(ms, undefined, { signal }).catch(() => undefined),
};

/**
 * Runs each list again and again, one run at a time, until `stop` aborts. A run that stopped before its end, such as at
 * its limit on changes, goes on in the next one, once the other lists that are due have had their turn. Whatever a run
 * fails with, the next one is tried.
 */
export function watchLists(lists: readonly WatchedList[], options: WatchOptions): Watch {
  const { schedule, record, stop, report, clock = SYSTEM_CLOCK, random = Math.random } = options;
  const states = lists.map((list): State => ({ list, dueAt: clock.now(), notBefore: 0, failuresInARow: 0 }));
  let running: State | undefined;
  let nap = new AbortController();
  const endNap = () => nap.abort();

  async function loop(): Promise<void> {
    stop.addEventListener('abort', endNap);
    while (!stop.aborted) {
      const next = states.reduce((first, state) => (state.dueAt < first.dueAt ? state : first));
      const waitMs = next.dueAt - clock.now();
      if (waitMs > 0) await sleep(Math.min(waitMs, MAX_NAP_MS));
      else await runNext(next);
    }
    stop.removeEventListener('abort', endNap);
  }

  async function sleep(ms: number): Promise<void> {
    const before = clock.now();
    nap = new AbortController();
    await clock.sleep(ms, nap.signal);
    const setBackMs = before - clock.now();
    if (setBackMs > 0) for (const state of states) state.dueAt -= setBackMs;
  }

  async function runNext(state: State): Promise<void> {
    const { name } = state.list;
    const startedAt = clock.now();
    const { rest = { request: requestAt(name, startedAt), startedAt } } = state;
    state.rest = undefined;
    running = state;
    // Of several that are due at the same time, it is the last one from now on.
    states.push(...states.splice(states.indexOf(state), 1));
    const outcome = await outcomeOf(state.list, rest.request, stop);
    running = undefined;
    const timing = { startedAt, endedAt: clock.now(), random: random() };
    const ran = { list: name, mode: modeOf(rest.request), startedAt, endedAt: timing.endedAt };
    plan(state, rest, outcome, timing);
    report({ ...ran, ...(!stop.aborted && { nextAt: state.dueAt }), outcome });
  }

  function requestAt(name: string, now: number): RunRequest {
    const mode = isFullDue(schedule, record.fullAt(name), now) ? 'full' : 'recent';
    return { mode, dryRun: false, refetch: false };
  }

  /** When the next run of a list starts, and with what. */
  function plan(
    state: State,
    ended: NonNullable<State['rest']>,
    outcome: Outcome,
    timing: { readonly startedAt: number; readonly endedAt: number; readonly random: number },
  ): void {
    const { wokenInMs } = state;
    state.wokenInMs = undefined;
    if ('failure' in outcome) {
      state.failuresInARow += 1;
      state.dueAt = nextTry(outcome.failure, state.failuresInARow, schedule, timing);
      state.notBefore = state.dueAt;
      return;
    }
    state.dueAt = nextStart(schedule, timing);
    state.notBefore = 0;
    if ('summary' in outcome && outcome.summary.stoppedBy !== 'interrupted')
      endedWell(state, ended, outcome, timing.endedAt);
    if (wokenInMs !== undefined) bringForward(state, timing.endedAt + wokenInMs);
  }

  function endedWell(
    state: State,
    { request, startedAt }: NonNullable<State['rest']>,
    { next }: { readonly next?: NextRun },
    endedAt: number,
  ): void {
    state.failuresInARow = 0;
    if (next) {
      state.rest = { request: next.request, startedAt };
      state.dueAt = endedAt + next.waitMs;
      state.notBefore = state.dueAt;
    }
    const isWholeList = !next && request.mode === 'full';
    record.endedWell(state.list.name, { nextAt: state.dueAt, ...(isWholeList && { fullAt: startedAt }) });
  }

  return {
    ended: loop(),
    wake(name, inMs = 0) {
      const state = states.find(({ list }) => list.name === name);
      if (state === undefined) return;
      if (state === running) state.wokenInMs = Math.min(state.wokenInMs ?? inMs, inMs);
      else bringForward(state, clock.now() + inMs);
      endNap();
    },
  };
}

function bringForward(state: State, at: number): void {
  state.dueAt = Math.min(state.dueAt, Math.max(at, state.notBefore));
}

/** Makes a run whose signal is its own: what listens to it goes with it. Never rejects. */
async function outcomeOf(list: WatchedList, request: RunRequest, stop: AbortSignal): Promise<Outcome> {
  const own = new AbortController();
  const abort = () => own.abort();
  stop.addEventListener('abort', abort);
  try {
    const ran = await list.run(request, own.signal);
    return 'summary' in ran ? { ...ran, ...nextOf(request, ran.summary) } : ran;
  } catch (error) {
    return { failure: error instanceof Failure ? error : ofBug(error) };
  } finally {
    stop.removeEventListener('abort', abort);
  }
}

/** The run that does the rest. Throws a `Failure` where none would: it gets no further, or the wait is too long. */
function nextOf(request: RunRequest, summary: Summary): { readonly next?: NextRun } {
  const next = nextRun(request, summary);
  if (next) return { next };
  const { complete, stoppedBy, message, retryAfterMs } = summary;
  if (complete || stoppedBy === 'interrupted') return {};
  throw new Failure('unavailable', message, { summary, retryAfterMs });
}

/** Only the name and code of an error that is no `Failure`: its message may hold secrets. */
function ofBug(error: unknown): Failure {
  const { name = 'no error', code = '' } = (error ?? {}) as NodeJS.ErrnoException;
  const what = [name, code].filter(Boolean).join(' ');
  return new Failure('unexpected-response', `The run failed in a way that nobody expected (${what})`);
}

function modeOf({ mode }: RunRequest): Mode {
  return mode === 'check' ? 'recent' : mode;
}
