import type { RunTime } from '../lambda-runs.ts';
import { eventQueue } from './event-queue.ts';
import { type LambdaLimits, lambdaFunction } from './lambda.ts';
import { type Phase, phaseRecorder, type Spread, spreadOf } from './phase.ts';
import type { QueueLimits } from './quotas.ts';
import { random } from './random.ts';

/** Accounts that are alike, and how long their runs take in an environment that is there. */
export type AccountKind = {
  /** Of all accounts: from 0 to 1. */
  readonly share: number;
  readonly recent: RunTime;
  readonly weekly: RunTime;
  /** The first full run, and those that go on where it stopped, each `afterMs` after the end of the one before. */
  readonly first: readonly (RunTime & { readonly afterMs: number })[];
};

export type Simulation = {
  readonly accounts: number;
  readonly kinds: readonly AccountKind[];
  /** What a new environment takes until the code runs, and by how much longer its first run takes. */
  readonly cold: { readonly startMs: number; readonly moreMs: number };
  /** How unlike each other the waits of runs are; 0: all alike. */
  readonly sigma: number;
  readonly importPerS: number;
  /** A first run begins so long after its account was added, and within the window. */
  readonly firstRun: { readonly afterMs: number; readonly windowMs: number };
  /** Windows of all accounts begin at the same time. */
  readonly recent: { readonly everyMs: number; readonly windowMs: number };
  readonly weekMs: number;
  /** What Scheduler invokes in a second at most. */
  readonly scheduledPerS: number;
  readonly lambda: LambdaLimits;
  readonly queue: QueueLimits;
  /** From the last account's window for its first run until the steady state is looked at, and for how long. */
  readonly settleMs: number;
  readonly steadyMs: number;
  readonly seed: number;
};

export type Simulated = {
  readonly importMs: number;
  /** The import, and first runs beside hourly ones. */
  readonly begin: Phase;
  readonly steady: Phase;
  /** Of the accounts whose first run came to its end: from when it was added. */
  readonly firstDone: Spread & {
    readonly accounts: number /** Since the import began. */;
    readonly lastMs: number;
  };
  /** Every event that Scheduler gave to Lambda has ended, was lost, or is there at the end. */
  readonly events: {
    readonly given: number;
    readonly ended: number;
    readonly lost: number;
    readonly left: number;
  };
};

type Run = {
  readonly account: number;
  readonly of: 'recent' | 'weekly' | 'first';
  /** Which of the first runs. */
  readonly part: number;
  /** When its window begins. */
  readonly dueMs: number;
  readonly plannedMs: number;
  receivedMs: number;
  tries: number;
  state: 'scheduled' | 'queued' | 'running';
};

/**
 * Simulates one function and its schedules: accounts are imported, each has a first run and then hourly and weekly ones.
 * The same input has the same result. Times are whole milliseconds.
 */
export function simulate(simulation: Simulation): Simulated {
  const { accounts, kinds, cold, firstRun, recent, queue: limits } = simulation;
  const importMs = Math.round((accounts * 1000) / simulation.importPerS);
  const steadyFromMs = importMs + firstRun.afterMs + firstRun.windowMs + simulation.settleMs;
  const endMs = steadyFromMs + simulation.steadyMs;
  const dice = random(simulation.seed);
  const lambda = lambdaFunction(simulation.lambda);
  const events = eventQueue<Run | 'import'>();
  const begin = phaseRecorder(0, steadyFromMs);
  const steady = phaseRecorder(steadyFromMs, endMs);
  const phaseAt = (nowMs: number) => (nowMs < steadyFromMs ? begin : steady);
  const kindOf = new Uint8Array(accounts);
  const firstDone: number[] = [];
  let [added, given, ended, lost, schedulerFreeMs, lastMs] = [0, 0, 0, 0, 0, 0];

  const addedMs = (account: number) => Math.round((account * 1000) / simulation.importPerS);

  function plan(account: number, of: Run['of'], dueMs: number, windowMs: number, part = 0): void {
    const plannedMs = Math.round(dueMs + dice.uniform(windowMs));
    if (plannedMs >= endMs) return;
    events.push(plannedMs, {
      account,
      of,
      part,
      dueMs,
      plannedMs,
      receivedMs: 0,
      tries: 0,
      state: 'scheduled',
    });
  }

  function drawKind(): number {
    let left = dice.uniform();
    const drawn = kinds.findIndex(({ share }) => {
      left -= share;
      return left < 0;
    });
    return drawn < 0 ? 0 : drawn;
  }

  function addAccount(nowMs: number): void {
    const account = added;
    added += 1;
    kindOf[account] = drawKind();
    plan(account, 'first', nowMs + firstRun.afterMs, firstRun.windowMs);
    plan(account, 'recent', Math.ceil(nowMs / recent.everyMs) * recent.everyMs, recent.windowMs);
    plan(account, 'weekly', nowMs + dice.uniform(simulation.weekMs), recent.windowMs);
    if (added < accounts) events.push(addedMs(added), 'import');
  }

  /** Scheduler hands over one event after the other. */
  function schedule(run: Run, nowMs: number): void {
    if (run.of === 'recent') plan(run.account, 'recent', run.dueMs + recent.everyMs, recent.windowMs);
    const atMs = Math.max(nowMs, schedulerFreeMs);
    schedulerFreeMs = atMs + 1000 / simulation.scheduledPerS;
    run.receivedMs = Math.ceil(atMs);
    run.state = 'queued';
    given += 1;
    events.push(run.receivedMs, run);
  }

  function timesOf({ account, of, part }: Run): (RunTime & { afterMs?: number }) | undefined {
    const kind = kinds[kindOf[account] ?? 0];
    return of === 'first' ? kind?.first[part] : kind?.[of];
  }

  function tryToBegin(run: Run, nowMs: number): void {
    const phase = phaseAt(nowMs);
    const begun = lambda.begin(nowMs);
    if (begun === 'throttled') {
      wait(run, nowMs);
      return;
    }
    const { waitMs = 0, workMs = 0 } = timesOf(run) ?? {};
    const isCold = begun === 'cold';
    const coldMs = isCold ? cold.startMs + cold.moreMs : 0;
    const billedMs = Math.round(coldMs + workMs + waitMs * dice.slowness(simulation.sigma));
    const codeMs = nowMs + (isCold ? cold.startMs : 0);
    phase.begun(nowMs, {
      isCold,
      billedMs,
      lateMs: codeMs - run.plannedMs,
      lateWithWindowMs: codeMs - run.dueMs,
    });
    run.state = 'running';
    events.push(nowMs + billedMs, run);
  }

  function wait(run: Run, nowMs: number): void {
    phaseAt(nowMs).throttled();
    const atMs = nowMs + Math.min(limits.maxRetryMs, limits.firstRetryMs * 2 ** run.tries);
    run.tries += 1;
    if (atMs - run.receivedMs <= limits.maxEventAgeMs) {
      events.push(atMs, run);
      return;
    }
    phaseAt(nowMs).lost();
    lost += 1;
  }

  function end(run: Run, nowMs: number): void {
    lambda.end(nowMs);
    ended += 1;
    if (run.of !== 'first') return;
    const next = kinds[kindOf[run.account] ?? 0]?.first[run.part + 1];
    if (next) {
      plan(run.account, 'first', nowMs + next.afterMs, 0, run.part + 1);
      return;
    }
    firstDone.push(nowMs - addedMs(run.account));
    lastMs = nowMs;
  }

  const steps = { scheduled: schedule, queued: tryToBegin, running: end };
  events.push(0, 'import');
  let next = events.pop();
  for (; next !== undefined && events.nowMs < endMs; next = events.pop()) {
    phaseAt(events.nowMs).passed(events.nowMs, lambda.running);
    if (next === 'import') addAccount(events.nowMs);
    else steps[next.state](next, events.nowMs);
  }
  let left = 0;
  for (; next !== undefined; next = events.pop())
    if (next !== 'import' && next.state !== 'scheduled') left += 1;
  return {
    importMs,
    begin: begin.result(),
    steady: steady.result(),
    firstDone: { ...spreadOf(firstDone), accounts: firstDone.length, lastMs },
    events: { given, ended, lost, left },
  };
}
