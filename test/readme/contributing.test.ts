import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { SERVICES } from '../../lib/reading-lists/services.ts';
import { SETUPS } from '../helpers/services/setups.ts';

const read = (file: string) => readFileSync(file, 'utf8');

describe('CONTRIBUTING.md', () => {
  it('links and names only files that are there', () => {
    const text = `${read('CONTRIBUTING.md')}\n${read('SECURITY.md')}`;
    const links = [...text.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, path = '']) => path);
    const names = [...text.matchAll(/`((?:lib|test|docs|scripts|infra)\/[\w./-]+)`/g)].map(
      ([, path = '']) => path,
    );
    const local = [...links, ...names].filter((path) => !path.includes('NAME') && !path.startsWith('http'));
    assert.ok(local.length > 20, `${local.length} files named`);
    assert.deepEqual(
      local.filter((path) => !existsSync(path)),
      [],
    );
  });
});

/** What the numbered list of CONTRIBUTING.md asks of a service. */
function missingOf(name: string): string[] {
  const heading = /^## (.+)$/gm;
  const sections = [...read('docs/reading-lists.md').matchAll(heading)].map(([, title = '']) =>
    title.toLowerCase(),
  );
  const isThere = (path: string) => existsSync(`${path}.ts`) || existsSync(`${path}/${name}.ts`);
  const hasRow = (table: string) => read(table).includes(`\n  ${name}: {`);
  const isPocket = name === 'pocket'; // Its fake is the server that we ship, and its tests are older than the suite.
  return Object.entries({
    adapter: isThere(`lib/reading-lists/${name}`),
    'wire fake': isPocket || existsSync(`test/helpers/services/${name}.ts`),
    'row in setups.ts': isPocket || name in SETUPS,
    'test of what is special':
      existsSync(`test/reading-lists/${name}.test.ts`) ||
      existsSync(`test/reading-lists/${name}/${name}.test.ts`),
    'rows in rows.test.ts': isPocket || hasRow('test/reading-lists/rows.test.ts'),
    'section in docs/reading-lists.md': sections.some((title) =>
      title.replace(/[^a-z]/g, '').startsWith(name),
    ),
    'row in the table of docs/reading-lists.md': read('docs/reading-lists.md').includes(`| [\`${name}\`]`),
    'row in README.md': new RegExp(`^\\|[^|]*\\| \`${name}\``, 'm').test(read('README.md')),
    'keyword in package.json': JSON.parse(read('package.json')).keywords.includes(name),
    'row in bench/lists.ts': hasRow('bench/lists.ts'),
  })
    .filter(([, isDone]) => !isDone)
    .map(([what]) => what);
}

describe('each service', () => {
  for (const name of Object.keys(SERVICES)) {
    it(`has all that CONTRIBUTING.md lists: ${name}`, () => assert.deepEqual(missingOf(name), []));
  }

  it('is named with what it lacks', () => {
    assert.equal(missingOf('nobody').length, 10);
  });
});
