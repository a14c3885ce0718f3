import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { deflateSync } from 'node:zlib';
import { pdfText } from '../../lib/pages/pdf-text.ts';
import {
  deflatedUnusually,
  pdf,
  pdfOf,
  runLengthEncoded,
  stream,
  typeset,
  wordsAndSpace,
} from '../helpers/pdf.ts';
import { NO_DEADLINE } from '../helpers/pocket.ts';

/** Far longer than reading takes on a busy machine: what stops a bomb is its memory. */
const maxReadMs = 55_000;

const read = (bytes: Uint8Array) => pdfText(bytes, NO_DEADLINE, { maxReadMs });
const flat = (bytes: Buffer) => stream(deflateSync(bytes));

/** Little memory, and twenty seconds of work: 200 pages of the same 3,000 lines. */
const SLOW = () =>
  pdfOf([flat(typeset(Array(3_000).fill('Some words of a line.').join('\n')))], { pages: 200 });

/** Processes that this one has started. */
const processes = () => process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap').length;

/** Node forgets a process one turn after it has ended. */
async function noProcess(): Promise<void> {
  while (processes() > 0) await sleep(1);
}

describe('The text of a PDF', function () {
  this.timeout(60_000);

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

  it('is read of a long paper, whose pages are large', async () => {
    const page = Array(40).fill('A line of words, as long as those of a paper are.').join('\n');
    const text = await read(pdf(...Array<string>(150).fill(page)));
    assert.equal(text?.split('\n').length, 6_000);
  });

  it('is read past streams that no page needs, however large', async () => {
    const unused = flat(wordsAndSpace(100_000_000));
    assert.equal(
      await read(Buffer.concat([...unused.map((part) => Buffer.from(part)), pdf('Words.')])),
      'Words.',
    );
  });

  const unreadable: readonly (readonly [why: string, bytes: () => Uint8Array])[] = [
    ['nothing at all', () => new Uint8Array()],
    ['HTML', () => Buffer.from('<p>words')],
    ['the first line alone', () => Buffer.from('%PDF-1.7\n')],
    [
      'noise after the first line',
      () => Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(10_000, 'obj stream << >> ')]),
    ],
    ['pages that contain themselves', () => Buffer.from(String(pdf('words')).replace('[4 0 R]', '[2 0 R]'))],
    ['one large stream', () => pdfOf([flat(wordsAndSpace(150_000_000))])],
    [
      'one stream that is shown a hundred times',
      () => pdfOf([flat(wordsAndSpace(15_000_000))], { times: 100 }),
    ],
    ['six streams of 16 MB', () => pdfOf(Array.from({ length: 6 }, () => flat(wordsAndSpace(16_000_000))))],
    [
      'a stream that is deflated twice',
      () =>
        pdfOf([stream(deflateSync(deflateSync(wordsAndSpace(150_000_000))), '[/FlateDecode /FlateDecode]')]),
    ],
    [
      'RunLength before Flate',
      () =>
        pdfOf([
          stream(
            runLengthEncoded(deflateSync(wordsAndSpace(150_000_000))),
            '[/RunLengthDecode /FlateDecode]',
          ),
        ]),
    ],
    [
      'ASCIIHex before Flate',
      () =>
        pdfOf([
          stream(
            Buffer.from(`${deflateSync(wordsAndSpace(150_000_000)).toString('hex')}>`),
            '[/ASCIIHexDecode /FlateDecode]',
          ),
        ]),
    ],
    ['a zlib header of its own', () => pdfOf([stream(deflatedUnusually(wordsAndSpace(150_000_000)))])],
    [
      'RunLength alone, 4 MB of runs',
      () => pdfOf([stream(Buffer.alloc(4_000_000, Buffer.from([129, 0x20])), '/RunLengthDecode')]),
    ],
    [
      'one word of 48 MB, which a thread with a full heap would end the run with',
      () => pdfOf([flat(typeset('a b '.repeat(12_000_000)))]),
    ],
  ];
  for (const [why, bytes] of unreadable) {
    it(`is unknown for ${why}`, async () => assert.equal(await read(bytes()), undefined));
  }

  it('is unknown when the run has been stopped before', async () => {
    assert.equal(await pdfText(pdf('Some words.'), { signal: AbortSignal.abort() }), undefined);
  });

  it('is unknown when the run is stopped meanwhile, which ends the process', async () => {
    const stop = new AbortController();
    const text = pdfText(SLOW(), stop, { maxReadMs });
    while (processes() === 0) await sleep(1);
    stop.abort();
    assert.equal(await text, undefined);
    await noProcess();
  });

  it('is unknown when reading takes longer than its limit, which ends the process', async () => {
    assert.equal(await pdfText(SLOW(), NO_DEADLINE, { maxReadMs: 1 }), undefined);
    await noProcess();
  });

  it('is read of one PDF at a time', async () => {
    let most = 0;
    const count = setInterval(() => {
      most = Math.max(most, processes());
    }, 1);
    const texts = await Promise.all(['One.', 'Two.', 'Three.'].map((text) => read(pdf(text))));
    clearInterval(count);
    assert.deepEqual([texts, most], [['One.', 'Two.', 'Three.'], 1]);
  });
});
