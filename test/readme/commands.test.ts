import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { zipSync } from 'fflate';
import type { Ended } from '../helpers/command.ts';
import { type MiniStack, startMiniStack } from '../helpers/ministack.ts';
import { type FakeServer, fakeItems } from '../helpers/services/fake-service.ts';
import { fakeKarakeep } from '../helpers/services/karakeep.ts';
import { type CleanClone, cleanClone, keysOfInit, type Typing } from './clean-clone.ts';

const README = readFileSync('README.md', 'utf8');
/** One that is likely to be free. */
const PORT = String(20_000 + (process.pid % 20_000));

const EXPORT = [
  'title,url,time_added,tags,status',
  'A ferry,https://example.com/ferry,1700000000,boats,unread',
  'A garden,https://example.com/garden,1700000001,,unread',
].join('\n');

/** What a line needs from whoever types it, and what has to come of it: by default an end without trouble. */
type Expected = Typing & {
  readonly line: RegExp;
  readonly says?: RegExp;
  readonly status?: number;
  /** It serves until it is stopped, once it says this. */
  readonly serves?: string;
};

const linesFor = (karakeep: FakeServer): readonly Expected[] => [
  // On Node.js 20, packages that ask for a newer one filled the screen.
  { line: /^npm ci( --omit=dev)?$/, says: /^(?![\s\S]*EBADENGINE)/ },
  { line: /^\.\/readtime plan --sample$/, says: /Would tag \d+ of 45 .*there is nobody to ask/s },
  { line: /^\.\/readtime report --sample --out list\.html$/, says: /Wrote 45 items to "list\.html"/ },
  { line: /^\.\/readtime init$/, keys: keysOfInit(karakeep), says: /Next:\s+\.\/readtime\s+plan\s+--full/ },
  { line: /^\.\/readtime check$/, says: /reading list accepts them: yes/ },
  { line: /^\.\/readtime plan --full$/, says: /Would tag [1-9].*there is nobody to ask/s },
  {
    line: /^\.\/readtime speed$/,
    keys: [
      ['Enter shows it: ', '\r'],
      ['Enter when you have read it: ', '\r'],
    ],
    says: /Nobody reads that in such a time|WORDS_PER_MINUTE=\d+/,
  },
  {
    line: /^npm run secrets -- set POCKET_(KEY|TOKEN)$/,
    input: 'value',
    says: /^Secret "POCKET_\w+": created/m,
  },
  // An address of an example: that it is found out before anything is created is what the README says of it.
  { line: /^POCKET_API_URL=\S+ npm run deploy -- --stage prod$/, status: 1, says: /pocket\.example/ },
  { line: /^npx serverless invoke local -f tagger/, says: /"complete": true/ },
  { line: /^npm run pocket -- import pocket\.zip$/, says: /^Added 2 items; 0 already there; 0 skipped\.$/m },
  { line: /^npm run pocket$/, serves: 'Ctrl-C stops it' },
  { line: /^\.\/readtime tag --full$/, says: /^Tagged \d of 2 unread items/m },
  { line: /^npm run pocket -- export tagged\.csv$/, says: /^Exported 2 items to "tagged\.csv"\.$/m },
];

/** Docker has no engine where the tests run: test/container/ types these by Podman. */
const BY_PODMAN = /^docker (build|run) /;

type Section = { readonly title: string; readonly lines: readonly string[] };

const sections: readonly Section[] = README.split(/^## /m).map((text) => ({
  title: text.split('\n')[0] ?? '',
  lines: [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) =>
    block
      .split('\n')
      .map((line) => line.replace(/\s+#.*$/, '').trim())
      .filter((line) => line !== '' && !BY_PODMAN.test(line)),
  ),
}));

/** Each section is a situation of its own. */
describe('The commands of the README, typed in a clean clone', function () {
  this.timeout(300_000);
  let clone: CleanClone;
  let ministack: MiniStack;
  let karakeep: FakeServer;
  const stop: (() => Promise<unknown>)[] = [];
  const env = () => ({ ...ministack.env, PORT });
  const dotEnv = () => join(clone.folder, '.env');

  before(async () => {
    clone = cleanClone();
    ministack = await startMiniStack();
    karakeep = await fakeKarakeep(fakeItems(40));
  });
  after(async () => {
    await ministack?.close();
    await karakeep?.close();
    clone?.remove();
  });

  /** What a reader of a section has, before the first of its commands. */
  const situations: Readonly<Record<string, () => Promise<void> | void>> = {
    'Pick your service': () => {
      const [, example = ''] = /^```\n(READING_LIST=karakeep[\s\S]*?)```/m.exec(README) ?? [];
      const own = example
        .replace(/(?<=KARAKEEP_URL=).*/, karakeep.url)
        .replace(/(?<=KARAKEEP_TOKEN=).*/, [...karakeep.tokens][0] ?? '');
      assert.notEqual(own, example);
      writeFileSync(dotEnv(), own);
    },
    'On AWS': async () => {
      stop.push(await clone.leave('npm run pocket', 'Ctrl-C stops it', env()));
    },
    'Coming from Pocket': () => {
      writeFileSync(join(clone.folder, 'pocket.zip'), zipSync({ 'part_000000.csv': Buffer.from(EXPORT) }));
    },
  };

  for (const { title, lines } of sections.filter(({ lines }) => lines.length > 0)) {
    describe(title, () => {
      before(() => situations[title]?.());
      after(async () => {
        for (const end of stop.splice(0)) await end();
        rmSync(dotEnv(), { force: true });
      });
      for (const line of lines) {
        it(line, async () => {
          const expected = linesFor(karakeep).find((one) => one.line.test(line));
          assert.ok(expected, 'nobody has said what comes of it');
          if (expected.serves) {
            stop.push(await clone.leave(line, expected.serves, env()));
            return;
          }
          const { line: _, status = 0, says = /./, ...typing } = expected;
          const ended = await clone.type(line, { env: env(), ...typing });
          assertEnded(ended, status, says);
        });
      }
    });
  }

  describe('the text beside the commands', () => {
    it('has settings that change what is planned', async () => {
      const [, example = ''] = /^```\n(WORDS_PER_MINUTE=[\s\S]*?)```/m.exec(README) ?? [];
      assert.ok(example);
      appendFileSync(dotEnv(), example);
      const ended = await clone.type('./readtime plan --sample --full', { env: env() });
      assertEnded(ended, 0, / a book$/m);
    });

    it('has lines for cron and systemd that run, and say nothing', async () => {
      const lines = [...README.matchAll(/^[\d*]+ [\d*]+ \* \* [\d*] +(".*)$/gm)].map(([, line = '']) => line);
      assert.equal(lines.length, 2);
      const [start = ''] = /^ExecStart=(.*)$/m.exec(README)?.slice(1) ?? [];
      const own = { READING_LIST: 'karakeep', KARAKEEP_URL: karakeep.url, FETCH_PAGES: 'false' };
      writeFileSync(dotEnv(), '');
      for (const line of [...lines, start.replace('%h', dirname(clone.folder))]) {
        const home = { HOME: dirname(clone.folder), KARAKEEP_TOKEN: [...karakeep.tokens][0] ?? '' };
        const { status, stdout, stderr } = await clone.type(line, { env: { ...env(), ...own, ...home } });
        assert.deepEqual([status, stdout, stderr], [0, '', ''], line);
      }
    });
  });
});

function assertEnded({ status, stdout, stderr }: Ended, expected: number, says: RegExp): void {
  assert.equal(status, expected, `${stdout}\n${stderr}`);
  assert.match(`${stdout}\n${stderr}`.replaceAll('\r', ''), says);
}
