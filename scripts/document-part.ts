import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Replaces what stands in a document between `<!-- NAME -->` and `<!-- end of NAME -->`, and nothing else, so that
 * several commands can write into one document. Throws where the document has no such part.
 */
export function writePart(document: string, name: string, text: string): void {
  const [begin, end] = [`<!-- ${name} -->\n`, `<!-- end of ${name} -->`];
  const old = readFileSync(document, 'utf8');
  const from = old.indexOf(begin);
  const to = old.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`${document} has no part "${name}"`);
  writeFileSync(document, `${old.slice(0, from + begin.length)}\n${text.trim()}\n\n${old.slice(to)}`);
}
