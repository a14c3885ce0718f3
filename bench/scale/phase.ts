/** Half of the values are at most `p50`, and 99 of 100 at most `p99`. */
export type Spread = {
  readonly mean: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
};

/** What happened in one part of a simulation. */
export type Phase = {
  readonly seconds: number;
  /** Runs that began. */
  readonly runs: number;
  /** In a new environment: from 0 to 1. */
  readonly coldShare: number;
  /** Starts of environments included: milliseconds a run. */
  readonly meanBilledMs: number;
  readonly runsPerS: { readonly mean: number; readonly peak: number };
  /** Runs at once, looked at each second; the maximum is of every moment. */
  readonly concurrency: Spread;
  /** From the moment that Scheduler chose in the window until the code ran: milliseconds. */
  readonly lateMs: Spread;
  /** From the begin of the window. */
  readonly lateWithWindowMs: Spread;
  /** How often an event found no free concurrency, and waited. */
  readonly throttled: number;
  /** Events that became too old. */
  readonly lost: number;
};

type Begun = {
  readonly isCold: boolean;
  readonly billedMs: number;
  readonly lateMs: number;
  readonly lateWithWindowMs: number;
};

export type PhaseRecorder = {
  /** Called before each event, with how many runs there are. */
  passed(nowMs: number, running: number): void;
  begun(nowMs: number, run: Begun): void;
  throttled(): void;
  lost(): void;
  result(): Phase;
};

export function spreadOf(values: ArrayLike<number>): Spread {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  const sum = sorted.reduce((all, value) => all + value, 0);
  return { mean: sorted.length > 0 ? sum / sorted.length : 0, p50: at(0.5), p99: at(0.99), max: at(1) };
}

/** Records what happens `fromMs` up to `toMs`. */
export function phaseRecorder(fromMs: number, toMs: number): PhaseRecorder {
  const seconds = Math.ceil((toMs - fromMs) / 1000);
  const began = new Uint32Array(seconds);
  const concurrency = new Uint32Array(seconds);
  const late: number[] = [];
  const lateWithWindow: number[] = [];
  let [looked, maxRunning, cold, billedMs, throttled, lost] = [0, 0, 0, 0, 0, 0];
  const secondOf = (nowMs: number) => Math.floor((nowMs - fromMs) / 1000);

  return {
    passed(nowMs, running) {
      maxRunning = Math.max(maxRunning, running);
      for (; looked < seconds && looked <= secondOf(nowMs); looked += 1) concurrency[looked] = running;
    },
    begun(nowMs, run) {
      const second = secondOf(nowMs);
      began[second] = (began[second] ?? 0) + 1;
      late.push(run.lateMs);
      lateWithWindow.push(run.lateWithWindowMs);
      billedMs += run.billedMs;
      if (run.isCold) cold += 1;
    },
    throttled: () => {
      throttled += 1;
    },
    lost: () => {
      lost += 1;
    },
    result() {
      const runs = late.length;
      const perS = spreadOf(began);
      return {
        seconds,
        runs,
        coldShare: runs > 0 ? cold / runs : 0,
        meanBilledMs: runs > 0 ? billedMs / runs : 0,
        runsPerS: { mean: perS.mean, peak: perS.max },
        concurrency: { ...spreadOf(concurrency.subarray(0, looked)), max: maxRunning },
        lateMs: spreadOf(late),
        lateWithWindowMs: spreadOf(lateWithWindow),
        throttled,
        lost,
      };
    },
  };
}
