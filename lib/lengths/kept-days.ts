import type { SkipReason } from '../core/skip-reason.ts';

/**
 * For how many days a reason is kept before the page is tried again; 0: it is never kept. A reason without a number does
 * not compile.
 */
export const KEPT_DAYS: Readonly<Record<SkipReason, number>> = {
  // Of the item, whose service may know more the next time.
  'not-parsed': 0,
  'no-length': 0,
  image: 0,
  'not-understood': 0,
  'video-without-duration': 0,
  'text-unavailable': 0,
  quota: 0,
  // Said without a request.
  'bad-url': 0,
  'bad-scheme': 0,
  'bad-port': 0,
  'credentials-in-url': 0,
  'not-public': 0,
  'out-of-time': 0,
  'not-recent': 0,
  // The length itself is kept, with how sure it is.
  unsure: 0,
  // Passing trouble.
  unreachable: 1,
  'timed-out': 1,
  'server-error': 1,
  'asked-to-wait': 1,
  // Walls, and how a host is set up.
  paywall: 7,
  login: 7,
  'consent-wall': 7,
  'needs-javascript': 7,
  blocked: 7,
  refused: 7,
  untrusted: 7,
  'bad-response': 7,
  'too-many-redirects': 7,
  'headers-too-large': 7,
  // It grows, and has an end.
  'live-blog': 1,
  // What the page is.
  empty: 30,
  'not-an-article': 30,
  'unreadable-pdf': 30,
  'too-large': 30,
  'not-a-page': 30,
  // Domains come back, with a new owner; deleted pages hardly ever.
  'no-such-host': 30,
  gone: 90,
  'not-found': 90,
};

/** Why a page cannot be read where there is no network, or one that asks for a login first. */
export const NETWORK_REASONS: ReadonlySet<SkipReason> = new Set([
  'no-such-host',
  'unreachable',
  'timed-out',
  'untrusted',
]);
