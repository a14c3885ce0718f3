import type { Mode } from '../core/summary.ts';

/** The event of a run that is planned. */
export type PlannedEvent = { readonly mode: Mode | 'check' };

/**
 * PORT: plans one run for later, at least `waitMs` from now. Never more than one is planned: a run that is planned
 * already stays where it does as much and comes no later, else this one takes its place. Resolves to when the run comes,
 * or to `undefined` where the schedules of the stage are off. Rejects with a `Failure` where none can be planned.
 */
export type PlanRun = (event: PlannedEvent, waitMs: number) => Promise<Date | undefined>;
