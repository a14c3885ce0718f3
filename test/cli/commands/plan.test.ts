import assert from 'node:assert/strict';
import { atTerminal } from '../../helpers/at-terminal.ts';
import { articles, environmentFor, type PocketUnderTest, pocketWith } from '../../helpers/pocket.ts';
import { type Terminal, terminal } from '../../helpers/readtime.ts';
import { fakeItems } from '../../helpers/services/fake-service.ts';
import { fakeReadwise } from '../../helpers/services/readwise.ts';

const NO_TAGS: readonly string[] = [];

describe('readtime plan, of a list whose service ignores capitals', () => {
  const said = async (tags: readonly string[], flags: readonly string[] = []) => {
    const items = fakeItems(3, { words: 100 }).map((item, at) => ({ ...item, tags: [tags[at] ?? ''] }));
    const server = await fakeReadwise(items);
    const at = terminal();
    try {
      const [token = ''] = server.tokens;
      const own = {
        READING_LIST: 'readwise',
        READWISE_URL: server.url,
        SECRETS_FROM: 'env',
        READWISE_TOKEN: token,
      };
      return (await at.readtime(['plan', ...flags], own)).stdout;
    } finally {
      at.close();
      await server.close();
    }
  };
  const sentence = /"A Quick Read" is on the list already\. Capitals make no other tag here/g;

  it('says once that a tag of the reader cannot be told from ours', async () => {
    const matches = [...(await said(['A Quick Read', 'A Quick Read', 'mine'])).matchAll(sentence)];
    assert.equal(matches.length, 1);
  });

  it('says no more of it after the first run', async () =>
    assert.doesNotMatch(await said(['A Quick Read', 'a long read', 'mine']), sentence));

  it('says nothing of tags as we write them', async () =>
    assert.doesNotMatch(await said(['a quick read', 'mine', 'mine']), /already\. Capitals/));

  it('keeps the JSON for scripts as it is', async () =>
    assert.equal(JSON.parse(await said(['A Quick Read', 'mine', 'mine'], ['--json'])).changes.length, 2));
});

describe('readtime plan', () => {
  let at: Terminal;
  let under: PocketUnderTest;
  let own: Record<string, string>;
  beforeEach(async () => {
    at = terminal();
    const [held, right] = [['a long read', 'mine'], ['a quick read']];
    const items = articles(6).map((item, place) => ({
      ...item,
      tags: [held, right][place] ?? [],
      ...(place === 0 && { given_title: 'A title\u001b[2J with codes' }),
    }));
    under = await pocketWith(items);
    own = environmentFor(under.server);
  });
  afterEach(async () => {
    await under.close();
    at.close();
  });

  it('shows a table of what would change, with totals by band, and writes nothing unasked', async () => {
    const { status, stdout, stderr } = await at.readtime(['plan'], own);
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /^ +now +then +minutes\n.*\nWould tag .*\n\ntitle +words +minutes +from +to\n/s);
    assert.match(stdout, /^A title with codes +100 +1 +a long read +a quick read$/m);
    assert.match(stdout, /^Article 6 +600 +3 +a medium read$/m);
    assert.doesNotMatch(stdout, /Article 2/);
    assert.match(stdout, /^a quick read +1 +4 +6$/m);
    assert.match(stdout, /^a long read +1 +0 +0$/m);
    assert.match(stdout, /^Would tag 5 of 6 unread items/m);
    assert.match(stdout, /Nothing is written: there is nobody to ask/);
    assert.deepEqual(under.tagsById()['3'], NO_TAGS);
  });

  it('counts retired tags in its totals, so that what items have now adds up', async () => {
    const bands = { BANDS: 'short:3, a quick read', RETIRED_TAGS: 'a long read,never used' };
    const { stdout } = await at.readtime(['plan'], { ...own, ...bands });
    assert.match(stdout, /^a quick read +1 +0 +0$/m);
    assert.match(stdout, /^a long read +1 +0 +0$/m);
    assert.doesNotMatch(stdout, /never used/);
  });

  it('applies the plan with --yes', async () => {
    const { status, stdout } = await at.readtime(['plan', '--yes'], own);
    assert.equal(status, 0);
    assert.match(
      stdout,
      /^Tagged 5 of 6 unread items: 3 a quick read, 2 a medium read\. 1 was already right\.$/m,
    );
    assert.deepEqual(under.tagsById()['1']?.toSorted(), ['a quick read', 'mine']);
    const again = await at.readtime(['plan', '--yes'], own);
    assert.match(again.stdout, /^Would tag 0 of 6 unread items\. 6 were already right\.\n$/);
  });

  it('applies no more than the limit, and says that it stopped', async () => {
    const { status, stdout } = await at.readtime(['plan', '--yes', '--limit', '1'], own);
    assert.equal(status, 3);
    assert.match(stdout, /Stopped at the limit/);
    assert.deepEqual(under.tagsById()['3'], NO_TAGS);
  });

  it('gives the plan to a script as JSON, and writes nothing', async () => {
    const { status, stdout } = await at.readtime(['plan', '--json'], own);
    const { changes } = JSON.parse(stdout);
    assert.equal(status, 0);
    assert.deepEqual(changes[1], {
      id: '3',
      title: 'Article 3',
      words: 300,
      minutes: 2,
      from: [],
      to: 'a quick read',
    });
    assert.deepEqual(under.tagsById()['3'], NO_TAGS);
    assert.equal((await at.readtime(['plan', '--json', '--yes'], own)).status, 2);
  });

  describe('of a long list', () => {
    beforeEach(async () => {
      await under.close();
      under = await pocketWith(articles(150));
      own = environmentFor(under.server);
    });
    const rowsIn = (stdout: string) => stdout.match(/^Article \d+/gm)?.length;

    it('shows the totals first, then 20 lines, and how many more there are', async () => {
      const { stdout } = await at.readtime(['plan', '--full'], own);
      assert.match(stdout, /^ +now +then +minutes\n/);
      assert.match(stdout, /^Article 20 .*\n… 130 more \(--all\)\n/m);
      assert.equal(rowsIn(stdout), 20);
      const all = await at.readtime(['plan', '--full', '--all'], own);
      assert.equal(rowsIn(all.stdout), 150);
      assert.doesNotMatch(all.stdout, /more \(--all\)/);
    });

    it('writes no more than MAX_CHANGES, as tag does, and says how many are left', async () => {
      const few = { ...own, MAX_CHANGES: '40' };
      const { status, stdout } = await at.readtime(['plan', '--full', '--yes'], few);
      assert.equal(status, 3);
      assert.match(
        stdout,
        /^Tagged 40 of 150 unread items: .* Stopped at the limit on changes, with 110 more to change; the next full run continues\. `readtime tag --full --until-done` does the rest\.$/m,
      );
      assert.equal(Object.values(under.tagsById()).flat().length, 40);
      const said = await atTerminal('plan --full', at.folder, [['(y/N)', () => 'n\r']], few);
      assert.match(said, /Write the first 40 of these 110 changes \(MAX_CHANGES\)\?/);
    });

    it('ends at Ctrl-C after the batch in hand, with its summary', async () => {
      await under.close();
      const slow = { kind: 'slow', delayMs: 1500 } as const;
      let sends = 0;
      under = await pocketWith(articles(150), {
        fault: ({ endpoint }) => {
          if (endpoint !== 'send') return undefined;
          sends += 1;
          return sends > 1 ? slow : undefined;
        },
      });
      const written = 'changes\u001b';
      const said = await atTerminal(
        'plan --full --yes',
        at.folder,
        [[written, () => '\u0003']],
        environmentFor(under.server),
      );
      const tagged = Object.values(under.tagsById()).flat().length;
      assert.match(
        said.replace(/\s+/g, ' '),
        new RegExp(
          `Tagged ${tagged} of 150 unread items: .* Stopped when asked to, with ${150 - tagged} more`,
        ),
      );
      assert.ok(tagged > 0 && tagged < 150, `${tagged}`);
    });

    it('breaks its sentences at words where the terminal ends', async () => {
      const said = await atTerminal('plan', at.folder, [['(y/N)', () => 'n\r']], {
        ...own,
        BANDS:
          'the first of all tags:2, the second of all tags:3, the third of all tags:5, the last of all tags',
      });
      const lines = said.split(/\r?\n/).filter((line) => /^(Would tag .*|.*of all tags\.)$/.test(line));
      assert.ok(lines.length === 2 && lines.every((line) => line.length <= 100), lines.join('|'));
    });
  });

  const answers: [answer: string, keys: string, tags: readonly string[]][] = [
    ['yes', 'y\r', ['a quick read']],
    ['no', 'n\r', []],
    ['nothing but Enter, which is no', '\r', []],
    ['Ctrl-C, which is no', '\u0003', []],
  ];
  for (const [answer, keys, tags] of process.platform === 'linux' ? answers : []) {
    it(`asks at a terminal, and takes ${answer}`, async () => {
      const said = await atTerminal('plan', at.folder, [['(y/N)', () => keys]], own);
      assert.match(said, tags.length > 0 ? /Tagged 5 of 6/ : /Nothing is written\./);
      assert.deepEqual(under.tagsById()['3'], tags);
    });
  }
});
