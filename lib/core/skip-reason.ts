/**
 * Why the length of an item is unknown, each reason with a clause for people. Summaries count items by these names, and
 * metrics have them as a dimension, so the set is closed: a reason without a clause does not compile.
 */
export const SKIP_SENTENCES = {
  // Of the item itself.
  'not-understood': 'the service lists it in a form that is not understood',
  'not-parsed': 'the service has not looked at the page yet',
  'no-length': 'the service gives no length',
  image: 'it is an image',
  'video-without-duration': 'it is a video, and nobody says how long',
  'text-unavailable': 'the service cannot give the text that it stores',
  quota: 'the service gives out no more texts for now',
  // Of its page, which was read and is no article.
  paywall: 'the page shows only a part of the article to those who do not pay',
  login: 'the page asks for a login',
  'consent-wall': 'the page asks for consent first',
  'needs-javascript': 'the page is empty without JavaScript',
  blocked: 'the page is not shown to programs',
  'not-found': 'there is no page at this address',
  empty: 'there is no text on the page',
  'live-blog': 'it is a live blog, which goes on being written',
  'not-an-article': 'nothing shows that the page is an article',
  'unreadable-pdf': 'it is a PDF that is broken, locked, or too much to read',
  unsure: 'what of the page is the article cannot be told for sure',
  // Of its address.
  'bad-url': 'the address is not a URL',
  'bad-scheme': 'the address is neither http nor https',
  'bad-port': 'the address has a port that is neither 80 nor 443; PAGES_ALLOW_HOSTS can allow it',
  'credentials-in-url': 'the address holds a user name or a password',
  'not-public': 'the address is private; PAGES_ALLOW_HOSTS can allow it',
  'no-such-host': 'there is no host of this name',
  // Of the request for its page.
  unreachable: 'the host cannot be reached',
  untrusted: "the host's TLS certificate is not valid",
  'timed-out': 'the page did not come in time',
  'out-of-time': 'the run had no time left for the page',
  'not-recent': 'it was saved before PAGES_RECENT_DAYS, and only a full run reads its page',
  'asked-to-wait': 'the host asks for a longer wait than a run takes',
  'too-many-redirects': 'the page redirects too often',
  'headers-too-large': "the page's headers are too large",
  'too-large': 'the page is too large',
  'bad-response': 'the host sends something that is no valid HTTP',
  gone: 'the page is gone',
  refused: 'the host refuses the page',
  'server-error': "the page's server has failed",
  'not-a-page': 'it is a file, and no page',
} as const satisfies Readonly<Record<string, string>>;

/** Why an item has no known length. */
export type SkipReason = keyof typeof SKIP_SENTENCES;
