import { SKIP_SENTENCES, type SkipReason } from '../core/skip-reason.ts';

/** Node's and OpenSSL's error codes as our reasons; the first that matches counts. */
const REASON_BY_CODE: readonly (readonly [RegExp, SkipReason])[] = [
  [/^(ENOTFOUND|EAI_)/, 'no-such-host'],
  [/^HPE_HEADER_OVERFLOW$/, 'headers-too-large'],
  [/^ERR_BUFFER_TOO_LARGE$/, 'too-large'],
  [/^ETIMEDOUT$/, 'timed-out'],
  [/^ABORT_ERR$/, 'out-of-time'],
  [/CERT|SIGNATURE|CRL|HOSTNAME_MISMATCH|^ERR_SSL_|^ERR_TLS_|^EPROTO$/, 'untrusted'],
  [/^(HPE_|ERR_|Z_|ZSTD_)/, 'bad-response'],
];

/** An error that stands for the reason why a page cannot be read, to throw or to abort with. */
export function pageError(reason: SkipReason): Error & { readonly code: SkipReason } {
  return Object.assign(new Error(reason), { code: reason });
}

/**
 * The reason behind an error of a request: `unreachable` for a code that is not known. Throws an error without a
 * code again: that is a bug, not the page's doing.
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
