import assert from 'node:assert/strict';
import { type AccountRow, accountsTable, sumText } from '../../../lib/cli/view/accounts-table.ts';

const NOW = Date.parse('2026-11-28T12:00:00.000Z');
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const at = (ms: number) => new Date(NOW + ms);
const ran = (ms: number, listed: number, tagged: number) => ({
  lastRun: { at: at(-ms), mode: 'recent', ok: true, listed, tagged },
});

describe('the table of accounts', () => {
  const shown: [why: string, row: AccountRow, cells: string[]][] = [
    [
      'all is well',
      { name: 'anna', state: 'active', nextRun: at(34 * MINUTE), ...ran(26 * MINUTE, 1234, 12) },
      ['anna', 'active', '26 min ago', '1,234', '12', 'in 34 min'],
    ],
    [
      'it was added just now, so that nothing is known',
      { name: 'ben', state: 'active', nextRun: at(-20_000) },
      ['ben', 'active', 'now'],
    ],
    ['it is paused, so that no run is next', { name: 'cleo', state: 'paused' }, ['cleo', 'paused']],
    [
      'hours and days are rounded',
      { name: 'dora', state: 'active', nextRun: at(3 * HOUR), ...ran(2.2 * DAY, 0, 0) },
      ['dora', 'active', '2 days ago', '0', '0', 'in 3 h'],
    ],
    [
      'it fails, and why',
      {
        name: 'emil',
        state: 'needs attention',
        failingSince: at(-8 * DAY),
        nextRun: at(DAY),
        lastRun: { at: at(-HOUR), mode: 'recent', ok: false, message: 'GET /lists: the token is not valid' },
      },
      [
        'emil',
        'needs attention',
        '1 h ago',
        'in 24 h',
        'since 2026-11-20: GET /lists: the token is not valid',
      ],
    ],
    [
      'it fails, and the logs may not be read',
      { name: 'finn', state: 'failing', failingSince: at(-HOUR) },
      ['finn', 'failing', 'since 2026-11-28'],
    ],
    [
      'one run failed that did not mark it yet',
      { name: 'gia', state: 'active', lastRun: { at: at(-HOUR), mode: 'full', ok: false } },
      ['gia', 'active', '1 h ago', 'its last run failed'],
    ],
  ];
  for (const [why, row, cells] of shown) {
    it(`shows where ${why}`, () => {
      const [head = '', line = ''] = accountsTable([row], { now: NOW }).split('\n');
      assert.match(head, /^account +state +last run +items +tagged +next run$/);
      assert.deepEqual(line.split(/ {2,}/), cells);
    });
  }

  it('is as wide as the terminal, whatever a service says', () => {
    const row: AccountRow = {
      name: 'a'.repeat(48),
      state: 'failing',
      lastRun: { at: at(-HOUR), mode: 'recent', ok: false, message: `\u001B[31m${'word '.repeat(100)}` },
    };
    for (const columns of [140, 200]) {
      const lines = accountsTable([row], { now: NOW, columns }).split('\n');
      assert.deepEqual(
        lines.filter((line) => line.length > columns || line.includes('\u001B')),
        [],
      );
      assert.ok(lines.some((line) => line.length > columns - 6));
    }
  });

  it('has a sum by state, in one order', () => {
    const counts = new Map([['failing', 5] as const, ['active', 1190] as const]);
    assert.equal(sumText(counts), '1,195 accounts: 1,190 active, 5 failing');
    assert.equal(sumText(new Map([['paused', 1]])), '1 account: 1 paused');
  });
});
