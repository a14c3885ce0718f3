import type { Measured } from './measure.ts';

/** What `measure` found on 2026-11-28, for `--quick` and for tests. */
export const MEASURED: Measured = {
  cold: { startMs: 140, moreMs: 1900 },
  lists: [
    {
      items: 300,
      recent: { waitMs: 400, workMs: 370 },
      weekly: { waitMs: 640, workMs: 760 },
      first: [{ waitMs: 16_500, workMs: 4000, calls: 307 }],
    },
    {
      items: 3000,
      recent: { waitMs: 320, workMs: 370 },
      weekly: { waitMs: 6000, workMs: 8800 },
      first: [
        { waitMs: 110_000, workMs: 24_600, calls: 2061 },
        { waitMs: 59_000, workMs: 15_000, calls: 1061 },
      ],
    },
  ],
  refused: { waitMs: 110, workMs: 90 },
  silent: { waitMs: 64_200, workMs: 1450 },
  logBytes: 3200,
  secretCalls: 1,
};
