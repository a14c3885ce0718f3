import type { SkipReason } from '../core/skip-reason.ts';
import type { Deadline } from '../deadline.ts';
import { checkUrl, hostOf } from '../http/address-rules.ts';
import { systemClock } from '../http/clock.ts';
import { parseRetryAfter } from '../http/cooldown.ts';
import { pageError, reasonOf } from './page-error.ts';
import { type PageRequestOptions, pageRequest } from './page-request.ts';
import { type PageResponse, readResponse, type WebPage } from './page-response.ts';
import { withTimeouts } from './page-timeouts.ts';
import { perHostQueue } from './per-host-queue.ts';

/** Fetches a page; resolves to the page, or to the reason why it cannot be read. Rejects only for a bug of ours. */
export type FetchPage = (
  url: string,
  deadline: Deadline,
) => Promise<WebPage | { readonly ok: false; readonly reason: SkipReason }>;

/** Limits for one page. Time in the queue does not count. */
const LIMITS = {
  headersMs: 10_000, // from a request to the end of its headers
  totalMs: 20_000, // over all redirects and retries
  maxBytes: 5_000_000, // as sent, and again when decompressed
  maxRedirects: 5,
  maxRetries: 1, // after a 5xx
  maxConcurrent: 8, // over all hosts
  retryDelayMs: 1_000, // minimum after a 5xx
  maxRetryAfterMs: 30_000, // the page is skipped if `Retry-After` is longer
  keepAliveMs: 1_000, // the next page of a host, if queued, is requested at once
};

type PageLimits = Readonly<typeof LIMITS>;

/** The limit of common servers (nginx and Apache: 8 kB for the request line). */
const MAX_URL_CHARACTERS = 8_000;

export type PageFetcherOptions = Pick<PageRequestOptions, 'lookup' | 'route'> & {
  /** `host:port` of private hosts that may be reached (`PAGES_ALLOW_HOSTS`). */
  readonly allowHosts?: readonly string[];
  readonly limits?: Partial<PageLimits>;
  readonly clock?: typeof systemClock;
};

/** What is left of the limits for one page; `ms` is time in milliseconds. */
type PageBudget = { ms: number; redirects: number; retries: number };

/**
 * Creates the function that fetches pages of the open web. A saved URL is untrusted input, so only public addresses
 * are reached (see `pageRequest`), within the limits on time and size. Polite to hosts: one request at a time per
 * host, 8 in all, no retry of 4xx, one of 5xx, `Retry-After` respected.
 */
export function pageFetcher(options: PageFetcherOptions = {}): FetchPage {
  const { allowHosts = [], clock = systemClock, lookup, route } = options;
  const limits: PageLimits = { ...LIMITS, ...options.limits };
  const queue = perHostQueue(limits.maxConcurrent, limits.maxRetryAfterMs, clock);
  const request = pageRequest({ allowHosts, keepAliveMs: limits.keepAliveMs, lookup, route });

  /** Follows redirects and retries server errors within the budget. */
  async function follow(start: URL, deadline: Deadline): Promise<WebPage> {
    const budget = { ms: limits.totalMs, redirects: limits.maxRedirects, retries: limits.maxRetries };
    let url = start;
    while (true) {
      const response = await fetchInTurn(url, budget, deadline);
      if (response === 'server-error') {
        spend(budget, 'retries', 'server-error');
      } else if ('redirectTo' in response) {
        spend(budget, 'redirects', 'too-many-redirects');
        url = parsePageUrl(response.redirectTo, url);
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
      return await follow(parsePageUrl(address), deadline);
    } catch (error) {
      return { ok: false, reason: reasonOf(error) };
    }
  };
}

/** Uses one retry or redirect of the budget. Throws a page error with the reason if none is left. */
function spend(budget: PageBudget, what: 'retries' | 'redirects', reason: SkipReason): void {
  if (budget[what] === 0) throw pageError(reason);
  budget[what] -= 1;
}

/**
 * Parses a URL that may be fetched, if its host and port may: http or https, no credentials. Throws an address error, or a
 * page error, with the reason if it may not.
 */
function parsePageUrl(text: string, base?: URL): URL {
  const url = text.length <= MAX_URL_CHARACTERS ? URL.parse(text, base?.href) : null;
  if (url === null || url.href.length > MAX_URL_CHARACTERS) throw pageError('bad-url');
  checkUrl(url);
  return url;
}
