import type { Summary } from '../core/summary.ts';

/** 0 complete, 1 failed, 2 wrong usage, 3 stopped before the end. */
export type ExitStatus = 0 | 1 | 2 | 3;

/** The exit status of a command that ended by itself: 1 where changes were not carried out, whatever else was done. */
export function statusOf({ complete, failed }: Pick<Summary, 'complete' | 'failed'>): ExitStatus {
  if (failed.count > 0) return 1;
  return complete ? 0 : 3;
}
