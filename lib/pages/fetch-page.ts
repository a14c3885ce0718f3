import type { SkipReason } from '../core/skip-reason.ts';
import type { Deadline } from '../deadline.ts';
import { systemClock } from '../http/clock.ts';
import { parseRetryAfter } from '../http/cooldown.ts';
import { allowedHosts, hostOf, parsePageUrl } from './address-check.ts';
import { pageError, reasonOf } from './page-error.ts';
import { type PageRequestOptions, pageRequest } from './page-request.ts';
import { type PageResponse, readResponse, type WebPage } from './page-response.ts';
import { withTimeouts } from './page-timeouts.ts';
import { perHostQueue } from './per-host-queue.ts';

/** Gives the page, or why not. Never throws for anything that a URL, a resolver or a host can do. */
export type FetchPage = (
  url: string,
  deadline: Deadline,
) => Promise<WebPage | { readonly ok: false; readonly reason: SkipReason }>;

/** What a page may cost. Waiting for its turn does not count. */
const LIMITS = {
  headersMs: 10_000, // from a request to the end of its headers
  totalMs: 20_000, // over all redirects and retries
  maxBytes: 5_000_000, // as sent, and again when decompressed
  maxRedirects: 5,
  maxRetries: 1, // after a 5xx
  maxConcurrent: 8, // over all hosts
  retryDelayMs: 1_000, // at least this long after a 5xx
  maxRetryAfterMs: 30_000, // a longer `Retry-After` is not waited for
  keepAliveMs: 1_000, // a connection is kept for the host's next page, which follows at once if there is one
};

type PageLimits = Readonly<typeof LIMITS>;

export type PageFetcherOptions = Pick<PageRequestOptions, 'lookup' | 'route'> & {
  /** `host:port` that may be reached although private (`PAGES_ALLOW_HOSTS`). */
  readonly allowHosts?: readonly string[];
  readonly limits?: Partial<PageLimits>;
  readonly clock?: typeof systemClock;
};

/** What one page may still cost. */
type PageBudget = { ms: number; redirects: number; retries: number };

/**
 * Makes the function that fetches pages of the open web. A saved URL is somebody else's input, so it reaches
 * public addresses only (see `pageRequest`), and gets only so much time and space as the limits say.
 * Polite: 8 at once, one at a time per host, 4xx never retried, 5xx once, `Retry-After` obeyed.
 */
export function pageFetcher(options: PageFetcherOptions = {}): FetchPage {
  const { allowHosts = [], clock = systemClock, lookup, route } = options;
  const limits: PageLimits = { ...LIMITS, ...options.limits };
  const allowed = allowedHosts(allowHosts);
  const queue = perHostQueue(limits.maxConcurrent, limits.maxRetryAfterMs, clock);
  const request = pageRequest({ allowed, keepAliveMs: limits.keepAliveMs, lookup, route });

  /** Follows redirects, and tries again after a server error, as far as the budget goes. */
  async function follow(start: URL, deadline: Deadline): Promise<WebPage> {
    const budget = { ms: limits.totalMs, redirects: limits.maxRedirects, retries: limits.maxRetries };
    let url = start;
    while (true) {
      const response = await fetchInTurn(url, budget, deadline);
      if (response === 'server-error') {
        spend(budget, 'retries', 'server-error');
      } else if ('redirectTo' in response) {
        spend(budget, 'redirects', 'too-many-redirects');
        url = parsePageUrl(response.redirectTo, url, allowed);
      } else return response;
    }
  }

  function fetchInTurn(url: URL, budget: PageBudget, deadline: Deadline): Promise<PageResponse> {
    return queue.run(hostOf(url), deadline, () =>
      withTimeouts(limits.headersMs, budget, deadline, (signal, onHeaders) =>
        fetchOnce(url, signal, onHeaders),
      ),
    );
  }

  async function fetchOnce(url: URL, signal: AbortSignal, onHeaders: () => void): Promise<PageResponse> {
    const message = await request(url, signal);
    onHeaders();
    try {
      const response = await readResponse(message, url, limits.maxBytes);
      if (response === 'server-error') queue.startCooldown(hostOf(url), limits.retryDelayMs);
      return response;
    } finally {
      const retryAfterMs = parseRetryAfter(message.headers['retry-after']);
      if (retryAfterMs !== undefined) queue.startCooldown(hostOf(url), retryAfterMs);
      message.destroy();
    }
  }

  return async (address, deadline) => {
    try {
      return await follow(parsePageUrl(address, undefined, allowed), deadline);
    } catch (error) {
      return { ok: false, reason: reasonOf(error) };
    }
  };
}

/** One retry or redirect less. Throws an error for the reason where none is left. */
function spend(budget: PageBudget, what: 'retries' | 'redirects', reason: SkipReason): void {
  if (budget[what] === 0) throw pageError(reason);
  budget[what] -= 1;
}
