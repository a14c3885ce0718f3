import assert from 'node:assert/strict';
import { pageError, reasonOf } from '../../lib/pages/page-error.ts';

const failed = (code: unknown) => Object.assign(new Error('failed'), { code });

describe('reasonOf', () => {
  const rows: [reason: string, codes: string[]][] = [
    ['no-such-host', ['ENOTFOUND', 'EAI_NONAME']],
    // No name server answers, as without a network.
    ['unreachable', ['EAI_AGAIN']],
    ['headers-too-large', ['HPE_HEADER_OVERFLOW']],
    ['too-large', ['ERR_BUFFER_TOO_LARGE', 'too-large']],
    ['timed-out', ['ETIMEDOUT', 'timed-out']],
    ['out-of-time', ['ABORT_ERR']],
    [
      'untrusted',
      [
        'DEPTH_ZERO_SELF_SIGNED_CERT',
        'CERT_HAS_EXPIRED',
        'CERT_SIGNATURE_FAILURE',
        'UNABLE_TO_GET_CRL',
        'HOSTNAME_MISMATCH',
        'ERR_SSL_WRONG_VERSION_NUMBER',
        'ERR_TLS_CERT_ALTNAME_INVALID',
        'EPROTO',
      ],
    ],
    [
      'bad-response',
      [
        'HPE_INVALID_CONSTANT',
        'HPE_HEADER_OVERFLOWS',
        'ERR_STREAM_PREMATURE_CLOSE',
        'Z_DATA_ERROR',
        'ZSTD_error',
      ],
    ],
    ['bad-response', ['ERR_BUFFER_TOO_LARGELY']],
    ['unreachable', ['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'something new']],
    // Codes that hold another's are not it.
    [
      'unreachable',
      ['XENOTFOUND', 'XEAI_AGAIN', 'XHPE_HEADER_OVERFLOW', 'XERR_BUFFER_TOO_LARGE', 'XETIMEDOUT'],
    ],
    [
      'unreachable',
      ['ETIMEDOUTS', 'XABORT_ERR', 'ABORT_ERRS', 'EPROTOTYPE', 'XEPROTO', 'XERR_SSL_', 'XERR_TLS_'],
    ],
  ];
  for (const [reason, codes] of rows) {
    for (const code of codes) it(`${code}: ${reason}`, () => assert.equal(reasonOf(failed(code)), reason));
  }

  it('is the reason of a page error', () => assert.equal(reasonOf(pageError('not-public')), 'not-public'));

  for (const error of [new TypeError('ours'), failed(5), 'text', { code: 'ENOTFOUND' }]) {
    it(`throws what is a bug, and not the page's doing: ${String(error)}`, () =>
      assert.throws(
        () => reasonOf(error),
        (thrown) => thrown === error,
      ));
  }
});
