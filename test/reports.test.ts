import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { loadEnvFile } from '../lib/cli/files/env-file.ts';
import { importFiles } from '../lib/pocket-server/import/import-files.ts';
import { withEnvironment } from './helpers/environment.ts';
import { importFolder } from './helpers/import-folder.ts';
import { NO_DEADLINE } from './helpers/pocket.ts';
import { setupOf } from './helpers/services/setups.ts';
import { underTest } from './helpers/services/under-test.ts';

/** Inputs made after public reports of what goes wrong, each with its right result in README.md. */
const REPORTS = '../shared/reports';

/** In place of the time of an item that has none: that of the import. */
const NOW = 'now';

/** What a file holds, once it is imported: address, title, tags, status and time of each item. */
const IMPORTED: Readonly<Record<string, unknown[][]>> = {
  'ril_export.html': [
    ['https://example.com/one', 'One & only', ['lorem', 'search', 'something else'], 0, 1698568488],
    ['https://example.com/two?a=1&b=2', 'Two', [], 0, 1698568489],
    ['https://example.com/three', 'Three', ['search'], 1, 1398568488],
  ],
  'mac-rezipped.zip': [['https://example.com/a', 'A', ['x'], 0, 1700000000]],
  'other-service-instapaper.csv': [
    ['https://example.com/i1', 'One', ['a', 'b'], 0, 1728576752],
    ['https://example.com/i2', 'Two', [], 1, 1728576753],
  ],
  'excel-scientific.csv': [['https://example.com/sci', 'One', [], 0, NOW]],
  'excel-latin1.csv': [['https://example.com/gruesse', 'Grüße', ['b', 'üben'], 0, 1728576752]],
  'quotes.csv': [
    ['https://example.com/q1', 'Say "hello" to it', [], 0, 1700000000],
    ['https://example.com/q2', '"Broken " quote', [], 0, 1700000000],
    ['https://example.com/q3', 'Fine', [], 0, 1700000000],
    ['https://example.com/q4', '"Unclosed', [], 0, 1700000000],
    ['https://example.com/q5', 'Also fine', [], 0, 1700000000],
  ],
};

/** What each `.env` sets, at a terminal and in serverless.yml. */
const SET: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'env-bom.env': { READING_LIST: 'karakeep', KARAKEEP_TOKEN: 'abc' },
  'env-dollar.env': { READING_LIST: 'karakeep', KARAKEEP_TOKEN: 'ab$cd$ef' },
  'env-hash.env': {
    READING_LIST: 'wallabag',
    WALLABAG: '{"client_id":"1_a","client_secret":"s","username":"u","password":"p#w"}',
  },
};

const SAME_CURSOR = 'karakeep-same-cursor.json';

/** Files that another test reads. */
const READ_BY: Readonly<Record<string, string>> = {
  'n4-comments-without-names.html': 'test/article/left-out.test.ts',
  'n5-long-footnotes.html': 'test/article/left-out.test.ts',
  'n6-hidden-code.html': 'test/article/left-out.test.ts',
  'n8-pictures-gallery.html': 'test/article/left-out.test.ts',
  'wallabag-800-words.json': 'test/reading-lists/wallabag/wallabag.test.ts',
  'karakeep-walls.json': 'test/reading-lists/karakeep/karakeep.test.ts',
  'n1-app-shell-70-words.html': 'test/article/walls.test.ts',
  'n2-noscript-notice-beside-footer.html': 'test/article/walls.test.ts',
  'n3-pur-abo-wall-de.html': 'test/article/walls.test.ts',
  'n3d-consent-it.html': 'test/article/walls.test.ts',
  'n9-front-page.html': 'test/article/walls.test.ts',
};

/** Files that none reads yet: the lengths of pages and the walls before them are judged elsewhere. */
const LEFT: readonly string[] = [];

describe('What people report', () => {
  if (!existsSync(REPORTS)) {
    it.skip(`comes out right: ${REPORTS} is not there`);
    return;
  }
  const imports = importFolder();

  for (const [name, expected] of Object.entries(IMPORTED))
    it(`comes out right: ${name}`, async () => {
      const startedAt = Math.floor(Date.now() / 1000);
      await importFiles(imports.store, [join(REPORTS, name)]);
      const rows = imports
        .rows()
        .map((row) => row.with(-1, Number(row.at(-1)) >= startedAt ? NOW : row.at(-1)));
      assert.deepEqual(rows, expected);
    });

  for (const [name, expected] of Object.entries(SET))
    it(`comes out right, by both ways in: ${name}`, async () => {
      copyFileSync(join(REPORTS, name), join(imports.folder, '.env'));
      const fromServerless: () => Promise<NodeJS.ProcessEnv> = createRequire(import.meta.url)(
        '../infra/environment.cjs',
      );
      const fromTerminal = async () => {
        loadEnvFile();
        return { ...process.env };
      };
      const cwd = process.cwd();
      process.chdir(imports.folder);
      try {
        for (const read of [fromTerminal, fromServerless]) {
          const values = await withEnvironment({}, read);
          const found = Object.keys(expected).map((variable) => [variable, values[variable]]);
          assert.deepEqual(Object.fromEntries(found), expected);
        }
      } finally {
        process.chdir(cwd);
      }
    });

  it(`ends with a sentence, each item given once: ${SAME_CURSOR}`, async () => {
    const under = await underTest(setupOf('karakeep'), [], {
      fault: () => Response.json(JSON.parse(readFileSync(join(REPORTS, SAME_CURSOR), 'utf8'))),
    });
    const ids: string[] = [];
    const list = async () => {
      for await (const { items } of under.list.listUnread(NO_DEADLINE))
        ids.push(...items.map(({ id }) => id));
    };
    await assert.rejects(list(), { kind: 'unexpected-response', message: /\bsame\b/ });
    await under.close();
    assert.deepEqual(ids, ['a']);
  });

  it('is read by a test, each file of it, or left for a reason', () => {
    const here = [
      ...Object.keys(IMPORTED),
      ...Object.keys(SET),
      SAME_CURSOR,
      ...Object.keys(READ_BY),
      ...LEFT,
    ];
    const files = readdirSync(REPORTS).filter((name) => name !== 'README.md');
    assert.deepEqual(files.toSorted(), here.toSorted());
    const sources = readdirSync('test', { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && path !== 'reports.test.ts')
      .map((path) => [join('test', path), readFileSync(join('test', path), 'utf8')] as const);
    const readers = (name: string) =>
      sources.flatMap(([path, source]) => (source.includes(`reports/${name}`) ? path : []));
    for (const [name, path] of Object.entries(READ_BY)) assert.ok(readers(name).includes(path), name);
    for (const name of LEFT) assert.deepEqual(readers(name), [], `${name} is left no longer`);
  });
});
