/** Every reason why a page cannot be read over the network. They are counted in the run's summary: a closed set. */
const REASONS = [
  /** Not a URL, or longer than any real one. */
  'bad-url',
  /** Neither http nor https. */
  'bad-scheme',
  /** Neither 80 nor 443. */
  'bad-port',
  /** A user name or password in the URL. */
  'credentials-in-url',
  /** At least one of the host's addresses is not on the public internet. */
  'not-public',
  'no-such-host',
  /** No connection, or one that broke off or sent nonsense within the body. */
  'unreachable',
  /** The TLS certificate or handshake is not valid. */
  'untrusted',
  /** The page's own time was over: up to the headers, or in all. */
  'timed-out',
  /** The run's time was over. */
  'out-of-time',
  /** `Retry-After` is longer than we wait. */
  'asked-to-wait',
  'too-many-redirects',
  'headers-too-large',
  'too-large',
  /** Not HTTP, or not in the encoding that it claims. */
  'bad-response',
  /** 404 and 410. */
  'gone',
  /** Every other 4xx. */
  'refused',
  /** 5xx, twice. */
  'server-error',
  /** A content type that holds no article. */
  'not-a-page',
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
