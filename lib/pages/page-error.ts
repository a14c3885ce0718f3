import { SKIP_SENTENCES, type SkipReason } from '../core/skip-reason.ts';

/** Skip reasons by error code of Node and OpenSSL; the first match counts. */
const REASON_BY_CODE: readonly (readonly [RegExp, SkipReason])[] = [
  // EAI_AGAIN: no name server answers, which passes.
  [/^(ENOTFOUND|EAI_(?!AGAIN))/, 'no-such-host'],
  [/^HPE_HEADER_OVERFLOW$/, 'headers-too-large'],
  [/^ERR_BUFFER_TOO_LARGE$/, 'too-large'],
  [/^ETIMEDOUT$/, 'timed-out'],
  [/^ABORT_ERR$/, 'out-of-time'],
  [/CERT|SIGNATURE|CRL|HOSTNAME_MISMATCH|^ERR_SSL_|^ERR_TLS_|^EPROTO$/, 'untrusted'],
  [/^(HPE_|ERR_|Z_|ZSTD_)/, 'bad-response'],
];

/** An error with the reason why a page cannot be read, to throw or to abort with. */
export function pageError(reason: SkipReason): Error & { readonly code: SkipReason } {
  return Object.assign(new Error(reason), { code: reason });
}

/**
 * The skip reason for an error of a request; `unreachable` for an unknown code. Rethrows an error without a code: that
 * is a bug of ours, not a fault of the page.
 */
export function reasonOf(error: unknown): SkipReason {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code !== 'string') throw error;
  if (isSkipReason(code)) return code;
  return REASON_BY_CODE.find(([pattern]) => pattern.test(code))?.[1] ?? 'unreachable';
}

function isSkipReason(code: string): code is SkipReason {
  return Object.hasOwn(SKIP_SENTENCES, code);
}
