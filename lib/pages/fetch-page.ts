import type { Deadline } from '../deadline.ts';
import { parseRetryAfter } from '../http/cooldown.ts';
import { type Lookup, pageRequest, type Target } from './page-request.ts';
import { type Page, stepFrom } from './page-response.ts';
import { withTimeouts } from './page-timeouts.ts';
import { allowedHosts, hostOf, pageUrl } from './page-url.ts';
import { perHostQueue } from './per-host-queue.ts';
import { type RefusalReason, reasonOf, refuse } from './refusal.ts';

type Refusal = { readonly ok: false; readonly reason: RefusalReason };

/** Gives the page, or why not. Never throws for anything that a URL, a resolver or a host can do. */
export type FetchPage = (url: string, deadline: Deadline) => Promise<Page | Refusal>;

/** What a page may cost. Waiting for its turn does not count. */
export type PageLimits = {
  /** Up to the end of the headers, for each request. */
  readonly firstByteMs: number;
  /** Over all redirects and tries. */
  readonly totalMs: number;
  /** As sent, and again when decompressed. */
  readonly bytes: number;
  readonly redirects: number;
  /** After a 5xx. */
  readonly retries: number;
  /** Pages at the same time, over all hosts. */
  readonly atOnce: number;
  /** How long a host is left alone after a 5xx, at least. */
  readonly retryDelayMs: number;
  /** The longest `Retry-After` that is sat out. */
  readonly longestRestMs: number;
};

const LIMITS: PageLimits = {
  firstByteMs: 10_000,
  totalMs: 20_000,
  bytes: 5_000_000,
  redirects: 5,
  retries: 1,
  atOnce: 8,
  retryDelayMs: 1_000,
  longestRestMs: 30_000,
};

export type PageFetcherOptions = {
  /** `host:port` that may be reached although private (`PAGES_ALLOW_HOSTS`). */
  readonly allowHosts?: readonly string[];
  readonly limits?: Partial<PageLimits>;
  /** Default: the system's resolver. */
  readonly lookup?: Lookup;
  /** For tests: where to go instead of a target that has passed the check. */
  readonly route?: (checked: Target) => Target;
};

/** What one page may still cost. */
type Left = { ms: number; redirects: number; retries: number };

/**
 * Makes the function that fetches pages of the open web. A saved URL is somebody else's input, so it reaches
 * public addresses only (see `pageRequest`), and gets only so much time and space as the limits say.
 * Polite: 8 at once, one at a time per host, 4xx never tried again, 5xx once, `Retry-After` obeyed.
 */
export function pageFetcher({ allowHosts = [], limits, lookup, route }: PageFetcherOptions = {}): FetchPage {
  const most = { ...LIMITS, ...limits };
  const allowed = allowedHosts(allowHosts);
  const queue = perHostQueue(most.atOnce, most.longestRestMs);
  const ask = pageRequest({ allowed, lookup, route });

  async function follow(url: URL, left: Left, deadline: Deadline): Promise<Page> {
    const step = await queue.run(hostOf(url), deadline, () =>
      withTimeouts(most.firstByteMs, left, deadline, (signal, onHeaders) => oneStep(url, signal, onHeaders)),
    );
    if (step === 'server-error') {
      if (left.retries === 0) throw refuse('server-error');
      return follow(url, Object.assign(left, { retries: left.retries - 1 }), deadline);
    }
    if ('redirectTo' in step) {
      if (left.redirects === 0) throw refuse('too-many-redirects');
      const next = pageUrl(step.redirectTo, url, allowed);
      return follow(next, Object.assign(left, { redirects: left.redirects - 1 }), deadline);
    }
    return step;
  }

  async function oneStep(url: URL, signal: AbortSignal, onHeaders: () => void) {
    const answer = await ask(url, signal);
    onHeaders();
    try {
      const step = await stepFrom(answer, url, most.bytes);
      if (step === 'server-error') queue.rest(hostOf(url), most.retryDelayMs);
      return step;
    } finally {
      const askedMs = parseRetryAfter(answer.headers['retry-after']);
      if (askedMs !== undefined) queue.rest(hostOf(url), askedMs);
      answer.destroy();
    }
  }

  return async (address, deadline) => {
    try {
      const left = { ms: most.totalMs, redirects: most.redirects, retries: most.retries };
      return await follow(pageUrl(address, undefined, allowed), left, deadline);
    } catch (error) {
      return { ok: false, reason: reasonOf(error) };
    }
  };
}
