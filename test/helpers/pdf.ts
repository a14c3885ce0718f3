import { deflateRawSync, deflateSync } from 'node:zlib';

type PdfObject = readonly (string | Buffer)[];

/** Object 3 of each document: the font `F` of its pages. */
const FONT = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>';

/** A PDF with one page for each text, one line of type for each of its lines. */
export function pdf(...pages: readonly string[]): Buffer {
  const kids = pages.map((_, at) => `${4 + at * 2} 0 R`);
  return document(
    kids,
    pages.flatMap((text, at) => [page(`${5 + at * 2} 0 R`), stream(deflateSync(typeset(text)))]),
  );
}

/** A PDF of one page that shows these streams one after the other, or of several pages that show the same. */
export function pdfOf(streams: readonly PdfObject[], { times = 1, pages = 1 } = {}): Buffer {
  const names = streams.map((_, at) => `${5 + at} 0 R`).join(' ');
  const shown = Array<string>(times).fill(names).join(' ');
  return document(Array<string>(pages).fill('4 0 R'), [[...page(`[${shown}]`)], ...streams]);
}

/** A page that says `words`, and then nothing for so many bytes. */
export function wordsAndSpace(bytes: number): Buffer {
  return Buffer.concat([typeset('words'), Buffer.alloc(bytes, ' ')]);
}

/** What shows a text, one line of type for each of its lines. */
export function typeset(text: string): Buffer {
  const lines = text.split('\n').map((line) => `(${line.replace(/[\\()]/g, '\\$&')}) Tj T*`);
  return Buffer.from(`BT /F 12 Tf 14 TL 50 700 Td ${lines.join(' ')} ET`, 'latin1');
}

/** A stream as it is stored, and the filters that decode it. */
export function stream(bytes: Buffer, filter = '/FlateDecode'): PdfObject {
  return [`<< /Length ${bytes.length} /Filter ${filter} >>\nstream\n`, bytes, '\nendstream'];
}

/** Deflated with a header that zlib itself never writes: a small window, or a checksum of another level. */
export function deflatedUnusually(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x58, 0x85]), deflateRawSync(bytes, { windowBits: 13 })]);
}

/** As `RunLengthDecode` reads it, without any run. */
export function runLengthEncoded(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 128) {
    const part = bytes.subarray(at, at + 128);
    parts.push(Buffer.from([part.length - 1]), part);
  }
  return Buffer.concat([...parts, Buffer.from([128])]);
}

function page(contents: string): PdfObject {
  return [
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents ${contents} /Resources << /Font << /F 3 0 R >> >> >>`,
  ];
}

/** A PDF of these pages, and the objects from the fourth on. */
function document(kids: readonly string[], rest: readonly PdfObject[]): Buffer {
  const objects: readonly PdfObject[] = [
    ['<< /Type /Catalog /Pages 2 0 R >>'],
    [`<< /Type /Pages /Count ${kids.length} /Kids [${kids.join(' ')}] >>`],
    [FONT],
    ...rest,
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
