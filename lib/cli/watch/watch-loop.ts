import { setTimeout as timer } from 'node:timers/promises';
import type { Failure } from '../../failure.ts';
import type { NextRun } from '../../run/continuation.ts';
import type { RunRequest } from '../../run/event.ts';
import type { PendingItems } from '../../webhooks/pending-items.ts';
import { isFullDue, nextStart, nextTry, type Schedule, type Timing } from './next-start.ts';
import { type MakeRun, type Outcome, outcomeOf } from './outcome.ts';

/** A list that is watched. */
export type WatchedList = {
  /** Unique; empty where there is one list. */
  readonly name: string;
  readonly run: MakeRun;
  /** What a webhook has told of; absent: there is none. Whoever adds to it wakes the list. */
  readonly pending?: PendingItems;
};

/** What came of a run; times are milliseconds since 1970. */
export type RunReport = {
  readonly list: string;
  readonly mode: RunRequest['mode'];
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

export type LoopOptions = {
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
  /** When its next run starts. */
  dueAt: number;
  /** When it would, if nobody woke it. */
  regularAt: number;
  /** No earlier start, whoever asks: the end of a back-off. */
  notBefore: number;
  failuresInARow: number;
  /** Its last run was over single items, and left some: when the list is due as well, that has its turn before them. */
  didItemsFail?: boolean;
  /** What the next run goes on with, where the last one stopped before its end. */
  rest?: { readonly request: RunRequest; readonly startedAt: number } | undefined;
  /** Woken during its run: how long after it the next one starts at the latest. */
  wokenInMs?: number | undefined;
};

/**
 * So long after a run over single items no other follows, however many events there are: enough for these to be few, and
 * short enough to be waited for. Milliseconds.
 */
const MIN_GAP_MS = 10_000;

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
 * its limit on changes, goes on in the next one, once the other lists that are due have had their turn. Items that a
 * webhook has told of go before the rest of their list, unless they fail. Whatever a run fails with, the next one is tried.
 */
export function watchLists(lists: readonly WatchedList[], options: LoopOptions): Watch {
  const { schedule, record, stop, report, clock = SYSTEM_CLOCK, random = Math.random } = options;
  let seenAt = clock.now();
  const states = lists.map(
    (list): State => ({ list, dueAt: seenAt, regularAt: seenAt, notBefore: 0, failuresInARow: 0 }),
  );
  let running: State | undefined;
  let nap = new AbortController();
  const endNap = () => nap.abort();

  async function loop(): Promise<void> {
    stop.addEventListener('abort', endNap);
    while (!stop.aborted) {
      const at = look();
      const next = states.reduce((first, state) => (state.dueAt < first.dueAt ? state : first));
      const waitMs = next.dueAt - at;
      if (waitMs > 0) {
        nap = new AbortController();
        await clock.sleep(Math.min(waitMs, MAX_NAP_MS), nap.signal);
      } else await runNext(next, at);
    }
    stop.removeEventListener('abort', endNap);
  }

  /** The time. What is due is so much earlier as the clock was set back since the last look. */
  function look(): number {
    const at = clock.now();
    const setBackMs = Math.max(0, seenAt - at);
    seenAt = at;
    for (const state of states) {
      state.dueAt -= setBackMs;
      state.regularAt -= setBackMs;
      state.notBefore -= setBackMs;
    }
    return at;
  }

  async function runNext(state: State, startedAt: number): Promise<void> {
    const { name } = state.list;
    const asked = takePending(state, startedAt);
    const items = asked?.mode === 'items' ? asked : undefined;
    const { rest = { request: asked ?? requestAt(name, startedAt), startedAt } } = state;
    const { request } = items ? { request: items } : rest;
    if (!items) state.rest = undefined;
    running = state;
    // Of several that are due at the same time, it is the last one from now on.
    states.push(...states.splice(states.indexOf(state), 1));
    const outcome = await outcomeOf(state.list.run, request, stop);
    running = undefined;
    const endedAt = look();
    const timing = { startedAt: Math.min(startedAt, endedAt), endedAt, random: random() };
    const ran = { list: name, mode: request.mode, startedAt: timing.startedAt, endedAt };
    state.didItemsFail = false;
    if (items) planAfterItems(state, outcome, timing);
    else plan(state, rest, outcome, timing);
    if (asked && !isTaken(asked, outcome)) state.list.pending?.putBack(asked);
    if (state.wokenInMs !== undefined) bringForward(state, endedAt + state.wokenInMs);
    state.wokenInMs = undefined;
    report({ ...ran, ...(!stop.aborted && { nextAt: state.dueAt }), outcome });
  }

  function requestAt(name: string, now: number): RunRequest {
    const mode = isFullDue(schedule, record.fullAt(name), now) ? 'full' : 'recent';
    return { mode, dryRun: false, refetch: false };
  }

  /** When the next run of a list starts, and with what. */
  function plan(state: State, ended: NonNullable<State['rest']>, outcome: Outcome, timing: Timing): void {
    if ('failure' in outcome) backOff(state, outcome.failure, timing);
    else {
      state.dueAt = nextStart(schedule, timing);
      state.notBefore = 0;
      if ('summary' in outcome && outcome.summary.stoppedBy !== 'interrupted')
        endedWell(state, ended, outcome, timing.endedAt);
    }
    state.regularAt = state.dueAt;
  }

  /** The list is due when it was; items that were not done are tried again as after a failure. */
  function planAfterItems(state: State, outcome: Outcome, timing: Timing): void {
    if ('summary' in outcome && outcome.summary.complete) {
      state.failuresInARow = 0;
      state.dueAt = state.regularAt;
      state.notBefore = timing.endedAt + MIN_GAP_MS;
      record.endedWell(state.list.name, { nextAt: state.dueAt });
      return;
    }
    state.didItemsFail = true;
    const retryAfterMs = 'summary' in outcome ? outcome.next?.waitMs : undefined;
    backOff(state, 'failure' in outcome ? outcome.failure : { kind: 'unavailable', retryAfterMs }, timing);
  }

  function backOff(state: State, failure: Pick<Failure, 'kind' | 'retryAfterMs'>, timing: Timing): void {
    state.failuresInARow += 1;
    state.dueAt = nextTry(failure, state.failuresInARow, schedule, timing);
    state.notBefore = state.dueAt;
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
      else bringForward(state, look() + inMs);
      endNap();
    },
  };
}

/** What the run is to be of instead of the list. Items that failed wait where that is due, and follow it. */
function takePending(state: State, startedAt: number): RunRequest | undefined {
  if (!state.didItemsFail || state.regularAt > startedAt) return state.list.pending?.take();
  state.wokenInMs = MIN_GAP_MS;
  return undefined;
}

/** Whether nothing is left of what pending items asked for, or what is left goes on by itself. */
function isTaken({ mode }: RunRequest, outcome: Outcome): boolean {
  return 'summary' in outcome && (mode !== 'items' || outcome.summary.complete);
}

function bringForward(state: State, at: number): void {
  state.dueAt = Math.min(state.dueAt, Math.max(at, state.notBefore));
}
