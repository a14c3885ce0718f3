import assert from 'node:assert/strict';
import { dryRunLine } from '../lib/cli/view/planned-changes.ts';
import { backlogTable } from '../lib/cli/view/run-result.ts';
import type { Progress } from '../lib/run/tag-unread.ts';
import { captureOutput } from './helpers/capture-output.ts';
import { articles, environmentFor, type PocketUnderTest, pocketWith } from './helpers/pocket.ts';
import { runIn } from './helpers/run.ts';

const MEGABYTE = 2 ** 20;

/** What a title, a tag or a URL may hold that somebody else chose. */
const HOSTILE: readonly (readonly [why: string, text: string])[] = [
  ['terminal escapes', '\u001b[2J\u001b]0;owned\u0007\u001b[31mred'],
  ['control characters', 'a\u0000b\u0008\r\nc\td\u007f\u009b31m'],
  ['right-to-left marks', 'safe\u202egpj.exe\u2066\u200f'],
  ['line separators', 'one\u2028two\u2029three'],
  ['__proto__', '__proto__'],
  ['constructor', 'constructor'],
  ['half a character', 'x\ud800'],
  ['what looks like JSON', '","level":"ERROR","message":"made up'],
  ['what looks like SQL and HTML', "'; DROP TABLE items; --<script>"],
  ['a format string', '%s%d%j $& $1 %c'],
];

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

describe('content that somebody else chose', () => {
  let under: PocketUnderTest;
  afterEach(() => under.close());

  for (const [why, text] of HOSTILE) {
    it(`is text and nothing else in title, tag and URL: ${why}`, async () => {
      const items = articles(31).map((item) => ({
        ...item,
        given_title: text,
        resolved_url: `https://example.com/${text}`,
        tags: [text, 'mine'],
      }));
      under = await pocketWith(items);
      const before = under.tagsById();
      const lines: string[] = [];
      const onPage = ({ decisions }: Progress) => {
        for (const decision of decisions) lines.push(dryRunLine(decision) ?? '');
      };
      const env = { ...environmentFor(under.server), LOG_LEVEL: 'DEBUG' };
      const { result, written } = await captureOutput(() => runIn(env, { mode: 'full' }, { onPage }));
      assert.equal(result.tagged, 31);
      for (const [id, tags] of Object.entries(under.tagsById())) {
        const theirs = tags.filter((tag) => !/^a (quick|medium|long) read$/.test(tag));
        assert.deepEqual(theirs, before[id]);
      }
      for (const line of written.split('\n').filter(Boolean)) JSON.parse(line);
      assert.doesNotMatch(written + lines.join('\n') + backlogTable(result) + result.message, CONTROLS);
      assert.ok(lines.every((line) => !line.includes('\n')));
      assert.equal(Object.getPrototypeOf({}).polluted, undefined);
    });
  }

  it('may be as long as it likes: titles, tags and URLs of 10 MB, more than one answer holds', async function () {
    // Forty megabytes are made, sent and cut off several times over.
    this.timeout(600_000);
    const long = 'x'.repeat(10 * MEGABYTE);
    const fields = [
      { given_title: long },
      { tags: [long] },
      { given_title: '', resolved_url: `https://example.com/${long}` },
      { given_title: long },
    ];
    const items = articles(4).map((item, at) => ({ ...item, ...fields[at] }));
    under = await pocketWith(items);
    const env = environmentFor(under.server);
    const lines: string[] = [];
    const onPage = ({ decisions }: Progress) => {
      for (const decision of decisions) lines.push(dryRunLine(decision) ?? '');
    };
    const summary = await runIn(env, { mode: 'full' }, { onPage });
    assert.deepEqual([summary.tagged, summary.complete], [4, true]);
    assert.ok(lines.every((line) => line.length < 150));
    assert.ok(under.tagsById()['2']?.includes(long));
  });

  it('may be a band that is a word of the language', async () => {
    under = await pocketWith(articles(2));
    const env = { ...environmentFor(under.server), BANDS: '__proto__:2, constructor' };
    const tag = () => runIn(env, { mode: 'full' });
    const summary = await tag();
    assert.deepEqual(Object.entries(summary.byBand).slice(0, 2), [
      ['__proto__', 2],
      ['constructor', 0],
    ]);
    assert.equal((await tag()).unchanged, 2);
  });
});
