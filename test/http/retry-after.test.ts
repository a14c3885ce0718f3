import assert from 'node:assert/strict';
import { retryAfterMs } from '../../lib/http/retry-after.ts';

const NOW = Date.UTC(2026, 10, 22, 6, 0, 0);

describe('Retry-After', () => {
  const rows: readonly (readonly [why: string, header: string | undefined, ms: number | undefined])[] = [
    ['no header', undefined, undefined],
    ['an empty one', '', undefined],
    ['a blank one', ' ', undefined],
    ['seconds', '120', 120_000],
    ['no wait', '0', 0],
    ['less than no wait', '-5', 0],
    ['a date to come', 'Sun, 22 Nov 2026 06:00:30 GMT', 30_000],
    ['a date that is past', 'Sun, 22 Nov 2026 05:59:00 GMT', 0],
    ['neither', 'soon', undefined],
  ];
  for (const [why, header, ms] of rows) it(why, () => assert.equal(retryAfterMs(header, NOW), ms));
});
