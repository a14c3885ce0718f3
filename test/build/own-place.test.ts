import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { withoutOwnPlace } from '../../scripts/build/own-place.ts';

describe('what a file of a bundle asks of its own place', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'own-place-'));
    mkdirSync(join(folder, 'lib'));
    writeFileSync(join(folder, 'lib', 'a page.html'), '<p>"one"\n$1</p>');
    writeFileSync(join(folder, 'package.json'), '{"version": "1.2.3", "private": true}');
  });
  after(() => rmSync(folder, { recursive: true }));

  /** What a bundle of this module exports as `it`. */
  async function bundled(code: string): Promise<unknown> {
    const file = join(folder, 'lib', 'it.ts');
    writeFileSync(
      file,
      `import { readFileSync } from 'node:fs'; import { fileURLToPath } from 'node:url';\n${code}`,
    );
    const outfile = join(mkdtempSync(join(folder, 'built-')), 'it.mjs');
    await build({
      entryPoints: [file],
      bundle: true,
      outfile,
      format: 'esm',
      platform: 'node',
      plugins: [withoutOwnPlace],
      logLevel: 'silent',
    });
    return (await import(outfile)).it;
  }

  const rows: [why: string, code: string, expected: unknown][] = [
    ['a text', "readFileSync(new URL('a page.html', import.meta.url), 'utf8')", '<p>"one"\n$1</p>'],
    [
      'a text, on several lines',
      "readFileSync(\n  new URL('a page.html', import.meta.url),\n  'utf8',\n)",
      '<p>"one"\n$1</p>',
    ],
    [
      'of package.json nothing but the version',
      "readFileSync(new URL('../package.json', import.meta.url), 'utf8')",
      '{"version":"1.2.3"}',
    ],
    ['the checkout', "fileURLToPath(new URL('../../..', import.meta.url))", undefined],
    [
      'a process',
      "fileURLToPath(new URL('./pdf-process.ts', import.meta.url)).split('/').at(-1)",
      'pdf-process.js',
    ],
  ];
  for (const [why, code, expected] of rows)
    it(`is put in: ${why}`, async () => assert.equal(await bundled(`export const it = ${code};`), expected));

  it('fails the build where it is more, instead of failing somebody who has no checkout', async () => {
    await assert.rejects(bundled("export const it = new URL('pages/', import.meta.url)"), /import\.meta/);
  });
});
