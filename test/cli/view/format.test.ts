import assert from 'node:assert/strict';
import { printable } from '../../../lib/cli/view/format.ts';

describe('printable', () => {
  const rows: [why: string, text: string, gives: string][] = [
    ['plain text as it is', 'Le dernier phare', 'Le dernier phare'],
    ['terminal escapes gone', '\u001B[31mred\u001B[0m\u001B]0;title\u0007', 'red'],
    ['line breaks and tabs become a space', 'a\r\n\tb', 'a b'],
    ['bidirectional controls gone', 'abc\u202Edef\u2066', 'abc def'],
    ['cut with a mark', 'x'.repeat(70), `${'x'.repeat(59)}…`],
    ['cut between characters, not inside one', '👩🏽‍🚀'.repeat(31), `${'👩🏽‍🚀'.repeat(29)}…`],
    ['cut by columns: 家 takes two', '家'.repeat(31), `${'家'.repeat(29)}…`],
    ['not cut where it just fits', '家'.repeat(30), '家'.repeat(30)],
  ];
  for (const [why, text, gives] of rows) it(why, () => assert.equal(printable(text), gives));

  it('takes no longer for 10 MB', () =>
    assert.equal(Array.from(printable('a'.repeat(10_000_000))).length, 60));
});
