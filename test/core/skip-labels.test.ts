import assert from 'node:assert/strict';
import { reasonCount, reasonCounts } from '../../lib/core/skip-labels.ts';
import { SKIP_SENTENCES, type SkipReason } from '../../lib/core/skip-reason.ts';

describe('reasons for no length, counted', () => {
  const rows: [why: string, skipped: Record<string, number>, text: string][] = [
    [
      'the most frequent first',
      { paywall: 246, 'no-such-host': 1410, gone: 300 },
      '1,410 no such host, 300 gone, 246 behind a paywall',
    ],
    ['what is one to a reader is one', { gone: 200, 'not-found': 100 }, '300 gone'],
    ['none', {}, ''],
    ['one of each', { 'not-a-page': 1, gone: 1, paywall: 1 }, '1 file, 1 gone, 1 behind a paywall'],
    [
      'nouns by their count',
      { 'not-a-page': 12, image: 2, 'live-blog': 1 },
      '12 files, 2 images, 1 live blog',
    ],
    [
      'six are all named',
      { gone: 6, paywall: 5, login: 4, image: 3, empty: 2, refused: 1 },
      '6 gone, 5 behind a paywall, 4 behind a login, 3 images, 2 without text, 1 refused by the host',
    ],
    [
      'of more the least frequent are counted together',
      { gone: 7, paywall: 6, login: 5, image: 4, empty: 3, refused: 2, blocked: 1 },
      '7 gone, 6 behind a paywall, 5 behind a login, 4 images, 3 without text, 3 for other reasons',
    ],
  ];
  for (const [why, skipped, text] of rows) it(why, () => assert.equal(reasonCounts(skipped), text));

  it('have a label that fits behind a count', () => {
    for (const reason of Object.keys(SKIP_SENTENCES) as SkipReason[])
      for (const items of [1, 2]) {
        const text = reasonCount(reason, items);
        assert.match(text, new RegExp(`^${items} (?!an? )[A-Za-z][\\w ]{2,34}$`), reason);
      }
  });
});
