import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { type Terminal, terminal } from '../helpers/readtime.ts';

/** What people read before they type. */
const READ = [
  'README.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** Commands that no test types, each with what stands in for it. */
const ELSEWHERE: readonly (readonly [command: RegExp, why: string])[] = [
  [/^npm ci( --omit=dev)?$/, 'the first step of .ci/run'],
  [/^npm (start|test|run )/, 'the script exists; test/cli/ runs what is behind it'],
  [/^npx serverless /, 'test/infra/ and test/aws/'],
  [/^\.\/readtime /, 'below'],
  [/^(npm install|readtime) /, 'test/install/'],
  [/^\.\/readtime-linux-x64 /, 'test/install/binary.test.ts'],
  [/^(aws|chmod|curl|docker|gh|pip|export|source|cd|sudo|git|openssl) /, 'a tool of somebody else'],
];

const commands = READ.flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(/^```(?:sh|bash)\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) =>
    block
      .replaceAll('\\\n', ' ')
      .split('\n')
      .map((line) =>
        line
          .replace(/(^|\s+)#.*$/, '')
          .replace(/^([A-Z_]+=\S+ )+/, '')
          .trim(),
      )
      .filter(Boolean)
      .map((line) => ({ file, line })),
  ),
);

describe('Commands in the README and docs/', () => {
  let at: Terminal;
  before(() => {
    at = terminal();
  });
  after(() => at.close());

  it('is known here, command by command', () => {
    assert.ok(commands.length > 10, `${commands.length} commands found`);
    const unknown = commands.filter(({ line }) => !ELSEWHERE.some(([command]) => command.test(line)));
    assert.deepEqual(unknown, []);
  });

  it('names no script that is not there', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
    const texts = READ.map((file) => readFileSync(file, 'utf8')).join('\n');
    const named = [...texts.matchAll(/npm run ([\w:-]*\w)/g)].map(([, name]) => name ?? '');
    assert.deepEqual(
      [...new Set(named)].filter((name) => !(name in scripts)),
      [],
    );
  });

  it('names no command or option of readtime that is not there', async function () {
    this.timeout(600_000);
    const texts = READ.map((file) => readFileSync(file, 'utf8')).join('\n');
    const typed = [...texts.matchAll(/\.\/readtime ([a-z]+)([^`\n]*)/g)];
    assert.ok(typed.length > 5, `${typed.length} commands found`);
    for (const [whole, name = '', rest = ''] of new Map(typed.map((match) => [match[0], match])).values()) {
      const { status, stdout } = await at.readtime(['help', name]);
      assert.equal(status, 0, whole);
      assert.match(stdout, new RegExp(`^Usage: readtime ${name}`), whole);
      for (const [option] of rest.matchAll(/--[a-z-]+/g)) assert.ok(stdout.includes(option), whole);
    }
  });
});

describe('The troubleshooting of the README', () => {
  it('quotes sentences that the code can say', () => {
    const [, table = ''] =
      /^## Troubleshooting$([\s\S]*?)^## /m.exec(readFileSync('README.md', 'utf8')) ?? [];
    const quoted = [...table.matchAll(/^\| `([^`]+)` \|/gm)].map(([, sentence]) => sentence ?? '');
    const code = readdirSync('lib', { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(`lib/${name}`, 'utf8'))
      .join('\n');
    // Built from parts, or said by Node.js itself.
    const parts: Readonly<Record<string, readonly string[]>> = {
      'POCKET_API_URL: is not set': ['POCKET_API_URL', 'is not set: '],
      'no answer (ECONNREFUSED)': ['no answer ('],
      'Stopped at the limit on changes': ['`Stopped ${', "'at the limit on changes'"],
      'Stopped when its time was up': ['`Stopped ${', "'when its time was up'"],
      'answered 404; is': ['answered 404; is '],
      'has no packages yet': [],
      'is too old; install version 24': [],
      'have no known length': ['no known length'],
      'Unknown file extension ".ts"': [],
    };
    assert.ok(quoted.length > 5);
    for (const sentence of quoted)
      for (const part of parts[sentence] ?? [sentence]) assert.ok(code.includes(part), sentence);
  });
});
