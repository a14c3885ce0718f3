import type { Summary } from './core/summary.ts';

/**
 * Who can put it right: `settings` and `credentials` the operator, `unavailable` time,
 * `unexpected-response` whoever maintains the adapter.
 */
export type FailureKind = 'settings' | 'credentials' | 'unavailable' | 'unexpected-response';

/**
 * Why a run cannot go on. The message is one sentence for people: what could not be done, the value in
 * quotes, a colon, what was found, and the remedy. It is built from an allow-list (method, origin, path,
 * names of settings and of secrets); queries, bodies, headers and values of secrets never get in, and
 * neither does the `cause` of an HTTP or AWS client, which carries all of them.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly kind: FailureKind;
  /** The wait that the service asked for, where it did: milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** The HTTP status that it came from, where there was one. */
  readonly status: number | undefined;
  /** An earlier try of the same request got no clear answer: it may have been carried out. */
  readonly outcomeUnknown: boolean;
  /** What the run had done before it failed, where it had begun. */
  readonly summary: Summary | undefined;

  constructor(
    kind: FailureKind,
    message: string,
    known: Partial<Pick<Failure, 'retryAfterMs' | 'status' | 'outcomeUnknown' | 'summary'>> = {},
  ) {
    super(message);
    this.kind = kind;
    this.retryAfterMs = known.retryAfterMs;
    this.status = known.status;
    this.outcomeUnknown = known.outcomeUnknown ?? false;
    this.summary = known.summary;
  }

  /** The same failure of a run that had done this before: its message says so, and `summary` has the counts. */
  after(summary: Summary): Failure {
    return new Failure(this.kind, `${this.message}${doneBefore(summary)}`, { ...this, summary });
  }
}

function doneBefore({ dryRun, tagged, untagged }: Summary): string {
  const changed = tagged + untagged;
  if (dryRun || changed === 0) return '';
  const what = untagged === 0 ? 'tagged' : tagged === 0 ? 'untagged' : 'changed';
  return `. Before that, ${changed} ${changed === 1 ? 'item was' : 'items were'} ${what}`;
}
