import { deflateSync } from 'node:zlib';

/** A PDF with one page for each text, one line of type for each of its lines. */
export function pdf(...pages: readonly string[]): Buffer {
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
