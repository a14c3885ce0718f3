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
    assert.match(stdout, /^title +words +minutes +from +to\n/);
    assert.match(stdout, /^A title with codes +100 +1 +a long read +a quick read$/m);
    assert.match(stdout, /^Article 6 +600 +3 +a medium read$/m);
    assert.doesNotMatch(stdout, /Article 2/);
    assert.match(stdout, /^a quick read +1 +4 +6$/m);
    assert.match(stdout, /^a long read +1 +0 +0$/m);
    assert.match(stdout, /^Would tag 5 of 6 unread items/m);
    assert.match(stdout, /Nothing is written: there is nobody to ask/);
    assert.deepEqual(under.tagsById()['3'], NO_TAGS);
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
