import assert from 'node:assert/strict';
import { deadlineIn } from '../../lib/deadline.ts';
import { pdfText } from '../../lib/web/pdf-text.ts';
import { pdf } from '../helpers/pdf.ts';

const inTime = () => deadlineIn(60_000);

describe('The text of a PDF', () => {
  it('has every page, every line, and divided words made whole', async () => {
    const bytes = pdf(
      'The first page has a divi-\nded word, and the year 2019-\n2020.',
      'Gr\xf6\xdfer (than before).',
    );
    assert.equal(
      await pdfText(bytes, inTime()),
      'The first page has a divided word, and the year 2019-\n2020.\nGrößer (than before).',
    );
    assert.equal(bytes.subarray(0, 5).toString(), '%PDF-', 'the bytes still belong to the caller');
  });

  it('stops after 200 pages', async () => {
    const text = await pdfText(pdf(...Array.from({ length: 203 }, (_, at) => `page ${at + 1}`)), inTime());
    assert.deepEqual(text?.split('\n').slice(-1), ['page 200']);
  });

  const unreadable: readonly (readonly [why: string, Uint8Array])[] = [
    ['nothing at all', new Uint8Array()],
    ['HTML', Buffer.from('<p>words')],
    ['the first line alone', Buffer.from('%PDF-1.7\n')],
    [
      'noise after the first line',
      Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(10_000, 'obj stream << >> ')]),
    ],
    ['a bomb in one page', pdf(`words${' '.repeat(17_000_000)}`)],
    ['a bomb in many', pdf(...Array<string>(8).fill(`words${' '.repeat(15_000_000)}`))],
    ['pages that contain themselves', Buffer.from(String(pdf('words')).replace('[4 0 R]', '[2 0 R]'))],
  ];
  for (const [why, bytes] of unreadable) {
    it(`is unknown for ${why}`, async () => assert.equal(await pdfText(bytes, inTime()), undefined));
  }

  it('is unknown when the time is over', async () => {
    assert.equal(
      await pdfText(pdf('Some words.'), { signal: AbortSignal.abort(), remainingMs: () => 0 }),
      undefined,
    );
  });
});
