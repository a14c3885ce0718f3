/** Every reason why a page cannot be read over the network. They are counted in the run's summary: a closed set. */
const REASONS = [
  'bad-url', // not a URL, or longer than any real one
  'bad-scheme', // neither http nor https
  'bad-port', // neither 80 nor 443
  'credentials-in-url', // a user name or password
  'not-public', // at least one of the host's addresses is not on the public internet
  'no-such-host',
  'unreachable', // no connection, or one that broke off or sent nonsense within the body
  'untrusted', // the TLS certificate or handshake is not valid
  'timed-out', // the page's own time was over: up to the headers, or in all
  'out-of-time', // the run's time was over
  'asked-to-wait', // `Retry-After` is longer than we wait
  'too-many-redirects',
  'headers-too-large',
  'too-large',
  'bad-response', // not HTTP, or not in the encoding that it claims
  'gone', // 404 and 410
  'refused', // every other 4xx
  'server-error', // 5xx, twice
  'not-a-page', // a content type that holds no article
] as const;

export type PageErrorReason = (typeof REASONS)[number];

/** Node's and OpenSSL's error codes as our reasons; the first that matches counts. */
const REASON_BY_CODE: readonly (readonly [RegExp, PageErrorReason])[] = [
  [/^(ENOTFOUND|EAI_)/, 'no-such-host'],
  [/^HPE_HEADER_OVERFLOW$/, 'headers-too-large'],
  [/^ERR_BUFFER_TOO_LARGE$/, 'too-large'],
  [/^ETIMEDOUT$/, 'timed-out'],
  [/^ABORT_ERR$/, 'out-of-time'],
  [/CERT|SIGNATURE|CRL|HOSTNAME_MISMATCH|^ERR_SSL_|^ERR_TLS_|^EPROTO$/, 'untrusted'],
  [/^(HPE_|ERR_|Z_|ZSTD_)/, 'bad-response'],
];

/** An error that stands for the reason, to throw or to abort with. */
export function pageError(reason: PageErrorReason): Error & { readonly code: PageErrorReason } {
  return Object.assign(new Error(reason), { code: reason });
}

/** The reason behind an error of a request. Throws on an error without a code: that is a bug, not the page's doing. */
export function reasonOf(error: unknown): PageErrorReason {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code !== 'string') throw error;
  const ours = REASONS.find((reason) => reason === code);
  return ours ?? REASON_BY_CODE.find(([pattern]) => pattern.test(code))?.[1] ?? 'unreachable';
}
