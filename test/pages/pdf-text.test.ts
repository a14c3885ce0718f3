import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import { pdfText } from '../../lib/pages/pdf-text.ts';
import { pdf } from '../helpers/pdf.ts';
import { endsIn } from '../helpers/recording-clock.ts';

/** 15 MB, in a stream of a few kB that no page needs. */
const UNUSED = Buffer.concat([
  Buffer.from('9 0 obj\nstream\n'),
  deflateSync(Buffer.alloc(15_000_000)),
  Buffer.from('\nendstream\nendobj\n'),
]);
const BOMB = pdf(`words${' '.repeat(17_000_000)}`);

const stopped = { now: () => 0, wait: async () => {} };
const read = (bytes: Uint8Array) => pdfText(bytes, endsIn(60_000), stopped);

describe('The text of a PDF', () => {
  it('has every page, every line, and divided words made whole', async () => {
    const bytes = pdf(
      'The first page has a divi-\nded word, and the year 2019-\n2020.',
      'Gr\xf6\xdfer (than before).',
    );
    assert.equal(
      await read(bytes),
      'The first page has a divided word, and the year 2019-\n2020.\nGrößer (than before).',
    );
    assert.equal(bytes.subarray(0, 5).toString(), '%PDF-', 'the bytes still belong to the caller');
  });

  it('stops after 200 pages', async () => {
    const text = await read(pdf(...Array.from({ length: 203 }, (_, at) => `page ${at + 1}`)));
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
    ['a bomb in one page', BOMB],
    [
      'a bomb behind the other kind of line break',
      Buffer.from(BOMB.toString('latin1').replaceAll('>>\nstream\n', '>>\nstream\r\n'), 'latin1'),
    ],
    [
      'a bomb in many streams that no page needs',
      Buffer.concat([...Array<Buffer>(8).fill(UNUSED), pdf('Some words.')]),
    ],
    ['a bomb in many', pdf(...Array<string>(8).fill(`words${' '.repeat(15_000_000)}`))],
    ['pages that contain themselves', Buffer.from(String(pdf('words')).replace('[4 0 R]', '[2 0 R]'))],
  ];
  for (const [why, bytes] of unreadable) {
    it(`is unknown for ${why}`, async () => assert.equal(await read(bytes), undefined));
  }

  it('is read past what is not deflated, although it begins like that', async () => {
    const bytes = Buffer.concat([pdf('Some words.'), Buffer.from('\n% stream\nxylophone\n% endstream\n')]);
    assert.equal(await read(bytes), 'Some words.');
  });

  it('is unknown when the run has been stopped', async () => {
    const deadline = { signal: AbortSignal.abort(), remainingMs: () => 60_000 };
    assert.equal(await pdfText(pdf('Some words.'), deadline, stopped), undefined);
  });

  it('is unknown when it takes longer than 5 s, or than the run has', async () => {
    for (const [remainingMs, tookMs, isKnown] of [
      [60_000, 5_000, true],
      [60_000, 5_001, false],
      [1_000, 1_001, false],
    ] as const) {
      const times = [0, tookMs];
      const clock = { ...stopped, now: () => times.shift() ?? tookMs };
      const text = await pdfText(pdf('Some words.'), endsIn(remainingMs), clock);
      assert.equal(text !== undefined, isKnown, `${tookMs} ms`);
    }
  });
});
