import { getSystemErrorMessage } from 'node:util';
import type { Summary } from './core/summary.ts';

/** Characters that can move a terminal's cursor or reverse text: C0, C1 and bidirectional controls. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern is for control characters
const CONTROLS = /[\u0000-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2028\u2029\u2066-\u2069]+/g;

/**
 * Who can fix it: `settings` and `credentials` the operator; `unavailable` passes with time; `unexpected-response` the
 * maintainers of the adapter.
 */
export type FailureKind = 'settings' | 'credentials' | 'unavailable' | 'unexpected-response';

/**
 * Why a run cannot go on. The message is one sentence for people: what could not be done, the value in
 * quotes, a colon, what was found, and the remedy. It is built from an allow-list (method, origin, path,
 * names of settings and of secrets) and never contains queries, headers or values of secrets, nor of a body more than a
 * 403's own sentence. Errors of HTTP and AWS clients hold all of these, so they are not kept as `cause`.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly kind: FailureKind;
  /** The wait that the service asked for, if any: milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** The HTTP status of the response, if there was one. */
  readonly status: number | undefined;
  /** No answer, or not all of it, came in time: it may be this request alone. */
  readonly timedOut: boolean;
  /** A try of the request had no clear response, so the service may have carried it out. */
  readonly outcomeUnknown: boolean;
  /** What the run had done before it failed; absent if it failed before the first page. */
  readonly summary: Summary | undefined;

  constructor(
    kind: FailureKind,
    message: string,
    known: Partial<Pick<Failure, 'retryAfterMs' | 'status' | 'timedOut' | 'outcomeUnknown' | 'summary'>> = {},
  ) {
    super(message);
    this.kind = kind;
    this.retryAfterMs = known.retryAfterMs;
    this.status = known.status;
    this.timedOut = known.timedOut ?? false;
    this.outcomeUnknown = known.outcomeUnknown ?? false;
    this.summary = known.summary;
  }

  /** A copy with what the run had done before it failed, in the message and as `summary`. */
  after(summary: Summary): Failure {
    const sentences = [this.message, doneBefore(summary)].filter(Boolean);
    return new Failure(this.kind, joinSentences(sentences), { ...this, summary });
  }
}

/** What a run had written, and what it may have: a sentence without its full stop. Empty for a dry run. */
export function doneBefore({ dryRun, tagged, untagged, failed }: Summary, when = 'Before that'): string {
  if (dryRun) return '';
  const changed = tagged + untagged;
  const what = untagged === 0 ? 'tagged' : tagged === 0 ? 'untagged' : 'changed';
  const done = changed === 0 ? 'no item was changed' : `${itemsWere(changed)} ${what}`;
  const unsure = failed.count === 0 ? '' : `, and ${itemsWere(failed.count)} not changed or not confirmed`;
  return `${when}, ${done}${unsure}`;
}

function itemsWere(count: number): string {
  return count === 1 ? '1 item was' : `${count} items were`;
}

/** Sentences one after the other: each but the last ends in a mark of its own, or else in a full stop. */
export function joinSentences(sentences: readonly string[]): string {
  return sentences.map((text, at) => (at < sentences.length - 1 ? endSentence(text) : text)).join(' ');
}

/** The sentence with a full stop, unless it ends in a mark of its own. */
export function endSentence(text: string): string {
  // An ellipsis, and quotes. As characters in a pattern they would make Node keep the bundle in twice the memory.
  return /[.!?\u2026]["'\u201d\u2019)]?$/.test(text) ? text : `${text}.`;
}

/** The text with each run of control characters replaced by a space, so that it is safe to print. */
export function withoutControls(text: string): string {
  return text.replace(CONTROLS, ' ');
}

/** The words of the system, or of SQLite, for what it refused: `permission denied`. Rethrows another error: a bug. */
export function systemMessage(error: unknown): string {
  if (!(error instanceof Error && 'code' in error)) throw error;
  const { errno, message } = error as NodeJS.ErrnoException;
  return errno === undefined ? message : getSystemErrorMessage(errno);
}
