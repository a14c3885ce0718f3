/** Calls that a user, and an app's key, may make in a window; Pocket's window was an hour. */
export type Limits = {
  readonly userPerHour: number;
  readonly keyPerHour?: number;
  /** Length of the "hour", shorter for tests: seconds. */
  readonly windowSeconds?: number;
};

/** What Pocket documented. */
export const documentedLimits: Limits = { userPerHour: 320, keyPerHour: 10_000 };

/** Counts calls. `spend()` uses one up: whether it was still allowed, and the headers that say what is left. */
export function limiter({ userPerHour, keyPerHour = 10_000, windowSeconds = 3600 }: Limits) {
  let startedMs = Date.now();
  let calls = 0;
  return {
    spend(): { allowed: boolean; headers: Record<string, string> } {
      const windowMs = windowSeconds * 1000;
      if (Date.now() - startedMs >= windowMs) {
        startedMs = Date.now();
        calls = 0;
      }
      const allowed = calls < Math.min(userPerHour, keyPerHour);
      if (allowed) calls += 1;
      const reset = String(Math.ceil((startedMs + windowMs - Date.now()) / 1000));
      const headers = {
        'X-Limit-User-Limit': String(userPerHour),
        'X-Limit-User-Remaining': String(Math.max(0, userPerHour - calls)),
        'X-Limit-User-Reset': reset,
        'X-Limit-Key-Limit': String(keyPerHour),
        'X-Limit-Key-Remaining': String(Math.max(0, keyPerHour - calls)),
        'X-Limit-Key-Reset': reset,
      };
      return { allowed, headers };
    },
  };
}
