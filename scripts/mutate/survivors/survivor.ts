/** Mutants that may live, and why. */
export type Survivor = {
  readonly file: string;
  /** The code that is changed, on one line, as the list of survivors has it. */
  readonly code: readonly string[];
  /** Only these replacements of it; absent: any. */
  readonly to?: readonly string[];
  readonly why: string;
};

// Reasons that come up everywhere.
export const SAVES_WORK = 'only saves work: the result is the same';
export const LETS_GO = 'only lets go of what is not needed any more: memory, timers, listeners';
export const IN_THE_VERY_MILLISECOND = 'tells only in the very millisecond';
export const GET_ANYWAY = 'a request without a method is a GET';
export const FOR_THE_TYPES = 'never happens: written for the type checker';
