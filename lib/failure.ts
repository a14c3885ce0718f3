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
  /** An earlier try of the same request was not answered clearly: it may have been carried out. */
  readonly outcomeUnknown: boolean;

  constructor(
    kind: FailureKind,
    message: string,
    known: { retryAfterMs?: number | undefined; status?: number | undefined; outcomeUnknown?: boolean } = {},
  ) {
    super(message);
    this.kind = kind;
    this.retryAfterMs = known.retryAfterMs;
    this.status = known.status;
    this.outcomeUnknown = known.outcomeUnknown ?? false;
  }
}
