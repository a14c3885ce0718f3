import assert from 'node:assert/strict';
import { emptyTally, type Summary, summarise } from '../lib/core/summary.ts';
import { endSentence, Failure, joinSentences, withoutControls } from '../lib/failure.ts';

describe('sentences', () => {
  const rows: [why: string, sentences: string[], joined: string][] = [
    ['none', [], ''],
    ['one, which stays as it is', ['no answer'], 'no answer'],
    ['a stop is put between two', ['a: is wrong', 'b: is wrong'], 'a: is wrong. b: is wrong'],
    [
      'a question has its mark',
      ['is it up?', 'Before that, 1 item was tagged'],
      'is it up? Before that, 1 item was tagged',
    ],
    ['so has a sentence', ['It is.', 'It was!', 'and…', 'so'], 'It is. It was! and… so'],
    ['and one that ends in a quotation', ['it said "No."', 'so'], 'it said "No." so'],
    ['an ended parenthesis is no end', ['no answer (ECONNREFUSED)', 'so'], 'no answer (ECONNREFUSED). so'],
  ];
  for (const [why, sentences, joined] of rows)
    it(`are joined: ${why}`, () => assert.equal(joinSentences(sentences), joined));

  it('end once', () => {
    assert.deepEqual(['a', 'a.', 'a?'].map(endSentence), ['a.', 'a.', 'a?']);
  });
});

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

describe('Failure.after', () => {
  const rows: [why: string, message: string, done: Partial<Summary>, said: string][] = [
    ['one item', 'no', { tagged: 1 }, 'no. Before that, 1 item was tagged'],
    ['several that lost a tag', 'no', { untagged: 3 }, 'no. Before that, 3 items were untagged'],
    ['both', 'no', { tagged: 2, untagged: 3 }, 'no. Before that, 5 items were changed'],
    [
      'a question, which has its end',
      'is it up?',
      { tagged: 2 },
      'is it up? Before that, 2 items were tagged',
    ],
    ['none', 'no', {}, 'no. Before that, no item was changed'],
    [
      'writes of which the answers were lost',
      'no',
      { tagged: 20, failed: { count: 2, items: [] } },
      'no. Before that, 20 items were tagged, and 2 items were not changed or not confirmed',
    ],
    ['a dry run, which writes nothing', 'no', { tagged: 20, dryRun: true }, 'no'],
  ];
  for (const [why, message, done, said] of rows) {
    it(`tells ${why}`, () => {
      const ending = { mode: 'full', dryRun: false, requests: 1, durationMs: 1 } as const;
      const summary = { ...summarise(emptyTally([]), ending), ...done };
      const failure = new Failure('unavailable', message, { status: 502, outcomeUnknown: true }).after(
        summary,
      );
      assert.deepEqual([failure.message, failure.status, failure.outcomeUnknown], [said, 502, true]);
      assert.equal(failure.summary, summary);
    });
  }
});
