import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Plugin } from 'esbuild';

/** The text of a file that lies beside the code. */
const TEXT = /readFileSync\(\s*new URL\('([^']+)', import\.meta\.url\),\s*'utf8',?\s*\)/g;
/** The file of a process. */
const PROCESS = /new URL\('\.\/([^']+)\.ts', import\.meta\.url\)/g;
/** The checkout. */
const PROJECT = /fileURLToPath\(new URL\('(?:\.\.\/)*\.\.', import\.meta\.url\)\)/g;

/**
 * Replaces what files of ours ask of their own place, where a bundle has nothing: a text that is read is put in, the
 * checkout is `undefined`, and a file that is started as a process lies beside the bundle. Fails where a file asks for
 * more, so that nothing that is there in a clone is missing in the bundle.
 */
export const withoutOwnPlace: Plugin = {
  name: 'without-own-place',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]lib[\\/].*\.ts$/ }, ({ path }) => {
      if (/[\\/]node_modules[\\/]/.test(path)) return undefined;
      const source = readFileSync(path, 'utf8');
      const contents = source
        .replace(TEXT, (_, name) => JSON.stringify(textOf(join(dirname(path), name))))
        .replace(PROJECT, 'undefined')
        .replace(PROCESS, "new URL('./$1.js', import.meta.url)");
      const isMore = [TEXT, PROJECT, PROCESS]
        .reduce((text, known) => text.replace(known, ''), source)
        .includes('import.meta');
      const text = 'a bundle cannot have what this file asks import.meta for; see scripts/build/own-place.ts';
      return { contents, loader: 'ts', errors: isMore ? [{ text }] : [] };
    });
  },
};

/** Of package.json the version alone, which is all that is asked of it. */
function textOf(path: string): string {
  const text = readFileSync(path, 'utf8');
  return basename(path) === 'package.json' ? JSON.stringify({ version: JSON.parse(text).version }) : text;
}
