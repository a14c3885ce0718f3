import assert from 'node:assert/strict';
import { readFileSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { type FakeItem, type FakeServer, fakeItems } from '../helpers/services/fake-service.ts';
import { fakeKarakeep } from '../helpers/services/karakeep.ts';
import { type CleanClone, cleanClone, keysOfInit, type Typing } from './clean-clone.ts';

const README = readFileSync('README.md', 'utf8');
const BANDS = ['a quick read', 'a medium read', 'a long read'];
const CRONTAB = [...README.matchAll(/^[\d*]+ [\d*]+ \* \* [\d*] +(".*)$/gm)].map(([, line = '']) => line);
const [LINK = ''] = README.match(/mkdir -p [^`]*/) ?? [];

/** A line as the README prints it, how it is typed, and what has to come of it. */
type Step = Typing & {
  readonly printed: string;
  readonly typed?: string;
  readonly says: RegExp;
  readonly check?: () => void;
};

// `script` is util-linux's.
const describeOnLinux = process.platform === 'linux' ? describe : describe.skip;

describeOnLinux('The README, read from top to bottom by somebody with a Karakeep', () => {
  // The newest has not been crawled, and its page cannot be read. No page is on the open web.
  const items = fakeItems(40, { tags: ['mine'] }).map((item, at) => ({
    ...item,
    url: `http://127.0.0.1:9/${at}`,
    ready: at > 0,
  }));
  const tagged = () => items.filter(({ tags }) => BANDS.some((band) => tags.includes(band))).length;
  const saved = fakeItems(1).map(
    (item): FakeItem => ({ ...item, id: '41', url: 'http://127.0.0.1:9/new', addedAt: 1.71e9 }),
  );
  let clone: CleanClone;
  let karakeep: FakeServer;
  const home = () => dirname(clone.folder);

  before(async () => {
    clone = cleanClone();
    // `npm ci --omit=dev` is typed by commands.test.ts.
    symlinkSync(resolve('node_modules'), join(clone.folder, 'node_modules'));
    karakeep = await fakeKarakeep(items);
  });
  after(async () => {
    await karakeep.close();
    clone.remove();
  });

  const steps = (): readonly Step[] => [
    { printed: './readtime plan --sample', says: /Would tag \d+ of 45 / },
    {
      printed: './readtime init',
      keys: keysOfInit(karakeep),
      says: /accepts the secrets, for writing too.*of 39; the others need.*Next: \.\/readtime plan --full/,
      check: () => assert.equal(statSync(join(clone.folder, '.env')).mode & 0o777, 0o600),
    },
    {
      printed: './readtime plan --full',
      keys: [['Write these 39 changes?', 'y\r']],
      says: /Tagged 39 of 40 unread items.*1 has no known length/s,
      check: () => assert.equal(tagged(), 39),
    },
    { printed: './readtime report --sample --out list.html', says: /Wrote 45 items to "list\.html"/ },
    { printed: './readtime tag', says: /Tagged 0 of .*39 were already right/s },
    {
      printed: './readtime explain URL-or-id',
      typed: './readtime explain http://127.0.0.1:9/3',
      says: /words 400 .*tag a quick read, which it has/s,
    },
    {
      printed: './readtime report --out list.html',
      says: /Wrote 40 items to "list\.html"/,
      check: () => assert.match(readFileSync(join(clone.folder, 'list.html'), 'utf8'), /the length of 1 is/),
    },
    {
      printed: './readtime report --feeds DIR --minutes 15',
      typed: './readtime report --feeds feeds --minutes 15',
      says: /up-to-15\.xml \(39\)/,
    },
    { printed: LINK, typed: `${LINK} && cd / && ~/.local/bin/readtime check`, says: /lets them write: yes/ },
    { printed: './readtime check', says: /reading list accepts them: yes/ },
    { printed: './readtime plan --full', says: /Would tag 0 of 40 unread items/ },
    ...CRONTAB.map((line) => ({
      printed: line,
      typed: `cd && ${line}`,
      says: /^$/,
      check: () => assert.ok(items[0]?.tags.includes('a quick read'), 'what was saved meanwhile'),
    })),
    {
      printed: './readtime explain --unknown',
      says: /1 at a port that is not allowed.*Article 1 /s,
    },
  ];

  it('works line by line, in the order of the README', async function () {
    this.timeout(300_000);
    let at = 0;
    const type = async ({ printed, typed = printed, says, check, ...typing }: Step) => {
      const { status, stdout, stderr } = await clone.type(typed, { ...typing, env: { HOME: home() } });
      const said = stripVTControlCharacters(`${stdout}${stderr}`).replaceAll(/\s+/g, ' ').trim();
      assert.equal(status, 0, `${typed}: ${said}`);
      assert.match(said, says, `${typed}: ${said}`);
      check?.();
    };
    assert.deepEqual([CRONTAB.length, LINK.length > 0], [2, true]);
    for (const step of steps()) {
      at = README.indexOf(step.printed, at);
      assert.ok(at > 0, `the README prints, at this place: ${step.printed}`);
      if (step.printed === CRONTAB[0]) items.unshift(...saved);
      await type(step);
    }
    assert.ok(README.includes('`./readtime untag`'));
    await type({ printed: './readtime untag', says: /Removed our tags from 40 of 41 items/ });
    assert.deepEqual(
      [tagged(), items.every(({ tags, id }) => id === '41' || tags.join() === 'mine')],
      [0, true],
    );
  });
});
