import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import { deadlineIn } from '../../lib/deadline.ts';
import { pdfText } from '../../lib/web/pdf-text.ts';

/** A PDF with one page for each text, one line of type for each of its lines. */
function pdf(...pages: readonly string[]): Buffer {
  const content = (text: string) => {
    const lines = text.split('\n').map((line) => `(${line.replace(/[\\()]/g, '\\$&')}) Tj T*`);
    return deflateSync(Buffer.from(`BT /F 12 Tf 14 TL 50 700 Td ${lines.join(' ')} ET`, 'latin1'));
  };
  const kids = pages.map((_, at) => `${4 + at * 2} 0 R`).join(' ');
  const objects: (readonly (string | Buffer)[])[] = [
    ['<< /Type /Catalog /Pages 2 0 R >>'],
    [`<< /Type /Pages /Count ${pages.length} /Kids [${kids}] >>`],
    ['<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>'],
    ...pages.flatMap((text, at) => {
      const stream = content(text);
      const page = `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents ${5 + at * 2} 0 R /Resources << /Font << /F 3 0 R >> >> >>`;
      return [
        [page],
        [`<< /Length ${stream.length} /Filter /FlateDecode >>\nstream\n`, stream, '\nendstream'],
      ];
    }),
  ];
  const parts: Buffer[] = [Buffer.from('%PDF-1.4\n')];
  const offsets: number[] = [];
  const size = () => parts.reduce((sum, part) => sum + part.length, 0);
  for (const [at, object] of objects.entries()) {
    offsets.push(size());
    parts.push(...[`${at + 1} 0 obj\n`, ...object, '\nendobj\n'].map((part) => Buffer.from(part)));
  }
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const end = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${size()}\n%%EOF\n`;
  return Buffer.concat([...parts, Buffer.from(end)]);
}

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
