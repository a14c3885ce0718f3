import assert from 'node:assert/strict';
import { withoutControls } from '../lib/failure.ts';

describe('withoutControls', () => {
  const rows: [why: string, text: string, left: string][] = [
    ['leaves what can be printed', 'Où est-il ? 你好 🎉 ~\u00a0', 'Où est-il ? 你好 🎉 ~\u00a0'],
    ['takes a colour away', '\u001b[31mred', ' [31mred'],
    ['makes one space of several', 'a\r\n\tb', 'a b'],
    ['takes what turns a text around', 'a\u202eb\u2066c\u200fd\u061ce', 'a b c d e'],
    ['takes C1 and delete', 'a\u007fb\u0085c\u009fd', 'a b c d'],
    ['takes line ends of Unicode', 'a\u2028b\u2029c', 'a b c'],
  ];
  for (const [why, text, left] of rows) it(why, () => assert.equal(withoutControls(text), left));
});
