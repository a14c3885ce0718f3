import assert from 'node:assert/strict';
import { formatItems } from '../../lib/core/format-number.ts';

describe('formatItems', () => {
  const rows: [items: number, kind: string | undefined, text: string][] = [
    [0, undefined, '0 items'],
    [1, undefined, '1 item'],
    [1, 'unread', '1 unread item'],
    [12_345, 'unread', '12,345 unread items'],
  ];
  for (const [items, kind, text] of rows)
    it(`is ${text}`, () => assert.equal(formatItems(items, kind), text));
});
