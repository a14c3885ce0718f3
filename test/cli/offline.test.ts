import assert from 'node:assert/strict';
import { pageCounts } from '../../lib/cli/offline.ts';
import type { PageEvidence } from '../../lib/core/estimate.ts';
import type { SkipReason } from '../../lib/core/skip-reason.ts';
import { captureOutput } from '../helpers/capture-output.ts';

describe('a run without a network', () => {
  const rows: [why: string, failed: number, reason: SkipReason, read: number, isOffline: boolean][] = [
    ['20 pages, none of them reached', 20, 'unreachable', 0, true],
    ['19 pages: they may be of hosts that are gone', 19, 'no-such-host', 0, false],
    ['95 in a hundred', 95, 'no-such-host', 5, true],
    ['94 in a hundred', 94, 'no-such-host', 6, false],
    ['a slow network', 30, 'timed-out', 0, true],
    ['a network that asks for a login first', 30, 'untrusted', 0, true],
    ['hosts that answer: pages that are gone', 30, 'gone', 0, false],
    ['hosts that refuse', 30, 'refused', 0, false],
    ['addresses that are not asked for', 30, 'not-public', 0, false],
    ['nothing to read', 0, 'unreachable', 0, false],
  ];
  for (const [why, failed, reason, read, isOffline] of rows) {
    it(`${isOffline ? 'is' : 'is not'} taken for one: ${why}`, async () => {
      const pages = pageCounts();
      const count = (times: number, page: PageEvidence) => {
        for (let at = 0; at < times; at += 1) pages.count(page);
      };
      count(failed, { known: false, reason });
      count(read, { known: true, words: 9 });
      const { result, written } = await captureOutput(async () => pages.tellOffline());
      assert.deepEqual([result, /are you offline\?/.test(written)], [isOffline, isOffline]);
    });
  }
});
