import assert from 'node:assert/strict';
import { wrapped } from '../../../lib/cli/view/wrapped.ts';

describe('wrapped', () => {
  const rows: [why: string, text: string, columns: number | undefined, lines: string[]][] = [
    ['at words', 'one two three', 7, ['one two', 'three']],
    ['as many words as fit', 'one two three', 13, ['one two three']],
    ['a word that is too long has a line of its own', 'a verylongword b', 5, ['a', 'verylongword', 'b']],
    ['lines that there are stay', 'one two\n\nthree', 20, ['one two', '', 'three']],
    ['what stands in two columns counts as two', '家家 家家', 8, ['家家', '家家']],
    ['a beginning stays where it is', '  one two', 7, ['  one', 'two']],
    ['nothing', '', 5, ['']],
    ['no terminal: as it is', 'one two three', undefined, ['one two three']],
    ['a terminal that says it has no columns: as it is', 'one two three', 0, ['one two three']],
  ];
  for (const [why, text, columns, lines] of rows)
    it(why, () => assert.deepEqual(wrapped(text, { columns }).split('\n'), lines));
});
