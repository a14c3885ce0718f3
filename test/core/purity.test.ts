import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';

/** What makes code depend on where and when it runs. */
const OUTSIDE = /\b(await|async|Date|performance|process|fetch|setTimeout|Math\.random|console|globalThis)\b/;

describe('lib/core', () => {
  const files = globSync('lib/core/**/*.ts');

  it('is there', () => assert.ok(files.length >= 5));

  for (const file of files) {
    const code = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');

    it(`${file} imports nothing from outside itself`, () => {
      const imports = [...code.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, path]) => path);
      assert.deepEqual(
        imports.filter((path) => !path?.startsWith('./')),
        [],
      );
    });

    it(`${file} knows no clock, no environment and no waiting`, () => {
      assert.equal(OUTSIDE.exec(code)?.[0], undefined);
    });
  }
});
