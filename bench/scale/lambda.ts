/** What Lambda does with a function, as far as AWS says; quotas.ts has the sources. */
export type LambdaLimits = {
  /** The most runs at once. */
  readonly concurrency: number;
  /** New environments in 10 s; what is not used is not saved up. */
  readonly environmentsIn10S: number;
  /** After so long without a run, an environment is gone: milliseconds. */
  readonly idleMs: number;
};

/** One function: its environments, which run one event each. */
export type LambdaFunction = {
  /** Whether a run begins: in an environment that is there, in a new one, or not. */
  begin(nowMs: number): 'warm' | 'cold' | 'throttled';
  end(nowMs: number): void;
  readonly running: number;
};

const REFILL_MS = 10_000;
/** So many entries of environments that are gone are kept before the list is made shorter. */
const MAX_GONE = 10_000;

/** Of several idle environments the one that was used last is taken. AWS does not say which it takes. */
export function lambdaFunction({ concurrency, environmentsIn10S, idleMs }: LambdaLimits): LambdaFunction {
  /** Since when each idle environment is idle, the longest first; the first `gone` of them are no more. */
  let idle: number[] = [];
  let gone = 0;
  let running = 0;
  let mayBeMade = environmentsIn10S;
  let refilledMs = 0;

  function isWarm(nowMs: number): boolean {
    while (gone < idle.length && (idle[gone] ?? 0) < nowMs - idleMs) gone += 1;
    if (gone > MAX_GONE) {
      idle = idle.slice(gone);
      gone = 0;
    }
    if (gone >= idle.length) return false;
    idle.pop();
    return true;
  }

  function mayMake(nowMs: number): boolean {
    const refilled = ((nowMs - refilledMs) / REFILL_MS) * environmentsIn10S;
    mayBeMade = Math.min(environmentsIn10S, mayBeMade + refilled);
    refilledMs = nowMs;
    if (mayBeMade < 1) return false;
    mayBeMade -= 1;
    return true;
  }

  return {
    begin(nowMs) {
      if (running >= concurrency) return 'throttled';
      const begun = isWarm(nowMs) ? 'warm' : mayMake(nowMs) ? 'cold' : 'throttled';
      if (begun !== 'throttled') running += 1;
      return begun;
    },
    end(nowMs) {
      running -= 1;
      idle.push(nowMs);
    },
    get running() {
      return running;
    },
  };
}
