import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Summary } from '../../lib/core/summary.ts';
import { parseActions } from '../../lib/pocket-server/send.ts';
import { type Fault, faults } from '../helpers/faults.ts';
import { articles, environmentFor, type PocketUnderTest, pocketWith } from '../helpers/pocket.ts';
import { type Terminal, terminal } from '../helpers/readtime.ts';
import { fakeItems } from '../helpers/services/fake-service.ts';
import { setupOf } from '../helpers/services/setups.ts';
import { type FakeUnderTest, underTest } from '../helpers/services/under-test.ts';
import type { FaultyCall } from '../helpers/test-pocket.ts';

const ITEMS = 150;

describe('readtime tag --until-done', () => {
  let at: Terminal;
  let under: PocketUnderTest;
  let fault: ((call: FaultyCall) => Fault | undefined) | undefined;
  let own: Record<string, string>;
  beforeEach(async () => {
    at = terminal();
    fault = undefined;
    under = await pocketWith(articles(ITEMS), { fault: (call) => fault?.(call) });
    own = { ...environmentFor(under.server), MAX_CHANGES: '40' };
  });
  afterEach(async () => {
    await under.close();
    at.close();
  });
  const tagged = () => Object.values(under.tagsById()).flat().length;

  it('is named where a run without it stops', async () => {
    const { status, stdout } = await at.readtime(['tag'], own);
    assert.equal(status, 3);
    const [, command = ''] =
      /Stopped at the limit.*`readtime ([^`]+)` does the rest/s.exec(stdout.replaceAll('\n', ' ')) ?? [];
    const { status: then } = await at.readtime(command.split(' '), own);
    assert.deepEqual([then, tagged()], [0, ITEMS]);
  });

  for (const mode of [[], ['--full']]) {
    it(`goes on to the end of the list, past pages that are right already: tag ${mode.join()}`, async () => {
      const { status, stdout } = await at.readtime(['tag', '--until-done', ...mode], own);
      assert.match(stdout, /^Tagged 150 of 150 unread items: [^.]*\.$/m);
      assert.deepEqual([status, tagged()], [0, ITEMS]);
    });
  }

  it('gives one result for all of its runs', async () => {
    const { stdout } = await at.readtime(['tag', '--until-done', '--json'], own);
    const {
      complete,
      tagged: count,
      unchanged,
      byBand,
      backlog,
      requests,
      stoppedBy,
    } = JSON.parse(stdout) as Summary;
    assert.deepEqual([complete, count, unchanged, stoppedBy], [true, ITEMS, 0, undefined]);
    const items = Object.fromEntries(Object.entries(backlog).map(([tag, { items }]) => [tag, items]));
    assert.deepEqual(byBand, items);
    assert.equal(requests, under.server.callCount());
  });

  it('says nothing with --quiet', async () => {
    const ended = await at.readtime(['tag', '--until-done', '--quiet'], own);
    assert.deepEqual([ended, tagged()], [{ status: 0, stdout: '', stderr: '' }, ITEMS]);
  });

  it('waits out a limit on calls, and says until when', async () => {
    let sends = 0;
    fault = ({ endpoint }) => {
      if (endpoint === 'send') sends += 1;
      return endpoint === 'send' && sends === 3 ? faults.maintenance(2) : undefined;
    };
    const { status, stderr } = await at.readtime(['tag', '--until-done'], own);
    assert.match(stderr, /^Waiting for Pocket; the run continues at \d\d:\d\d:\d\d\n$/);
    assert.deepEqual([status, tagged()], [0, ITEMS]);
  });

  it('has a day, and does not begin a wait that is longer', async () => {
    fault = ({ n }) => (n > 3 ? faults.maintenance(90_000) : undefined);
    const { status, stdout } = await at.readtime(['tag', '--until-done'], own);
    assert.equal(status, 3);
    assert.match(stdout, /allows no more calls for now/);
  });

  it('ends by --max-minutes, too, which is for all of its runs', async () => {
    let sends = 0;
    fault = ({ endpoint }) => {
      if (endpoint === 'send') sends += 1;
      return sends > 2 ? faults.maintenance(120) : undefined;
    };
    const { status, stdout } = await at.readtime(['tag', '--until-done', '--max-minutes', '1'], own);
    assert.equal(status, 3);
    assert.match(stdout, new RegExp(`^Tagged ${tagged()} of `, 'm'));
    assert.ok(tagged() > 0);
  });

  it('ends where two runs in a row get no further, with one sentence', async () => {
    fault = ({ endpoint, body: { actions } }) => {
      if (endpoint !== 'send' || tagged() < 40) return undefined;
      const action_results = (parseActions(actions) as unknown[]).map(() => false);
      return { kind: 'answer', answer: { status: 200, headers: {}, body: { status: 0, action_results } } };
    };
    const { status, stdout, stderr } = await at.readtime(['tag', '--until-done'], own);
    assert.deepEqual([status, stdout], [1, '']);
    assert.match(stderr, /got no further/);
  });

  it('says what all of its runs have done where the last one fails', async () => {
    let sends = 0;
    fault = ({ endpoint }) => {
      if (endpoint === 'send') sends += 1;
      return sends > 5 ? faults.tokenRefused() : undefined;
    };
    const { status, stderr } = await at.readtime(['tag', '--until-done'], own);
    assert.equal(status, 1);
    const [, last, before] =
      /Before that, (\d+) items were tagged\. In the runs before, (\d+) items/.exec(
        stderr.replaceAll('\n', ' '),
      ) ?? [];
    assert.equal(Number(last) + Number(before), tagged(), stderr);
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`ends after the batch in hand at ${signal}, in its second run, with the sum`, async () => {
      let sends = 0;
      let child: ChildProcess | undefined;
      fault = ({ endpoint }) => {
        if (endpoint === 'send') sends += 1;
        if (endpoint === 'send' && sends === 3) child?.kill(signal);
        return undefined;
      };
      child = spawn(process.execPath, [resolve('lib/cli/readtime.ts'), 'tag', '--full', '--until-done'], {
        cwd: at.folder,
        env: { PATH: process.env.PATH, ...own },
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const [stdout, [status]] = await Promise.all([
        text(child.stdout ?? assert.fail()),
        once(child, 'exit'),
      ]);
      assert.equal(status, 3);
      assert.match(stdout, new RegExp(`^Tagged ${tagged()} of .* Stopped when asked to`, 'ms'));
      assert.ok(tagged() > 40 && tagged() < ITEMS);
    });
  }

  it('removes tags to the end', async () => {
    await at.readtime(['tag', '--until-done'], own);
    const { status, stdout } = await at.readtime(['untag', '--until-done'], own);
    assert.deepEqual([status, tagged()], [0, 0]);
    assert.match(stdout, /^Removed our tags from 150 of 150 items\.$/m);
  });

  for (const other of [['--dry-run'], ['--limit', '5']])
    it(`is refused with ${other[0]}, which asks for less`, async () => {
      const { status, stderr } = await at.readtime(['tag', '--until-done', ...other], own);
      assert.equal(status, 2);
      assert.match(stderr, /'--until-done' cannot be used with option '--(dry-run|limit <N>)'/);
    });
});

describe('readtime tag --until-done, of another service', () => {
  let under: FakeUnderTest;
  afterEach(() => under.close());

  it('goes on to the end of the list', async () => {
    const at = terminal();
    under = await underTest(setupOf('readeck'), fakeItems(70));
    const { url, tokens } = under.server;
    const { status, stdout, stderr } = await at.readtime(['tag', '--until-done'], {
      READING_LIST: 'readeck',
      READECK_URL: url,
      READECK_TOKEN: [...tokens][0] ?? '',
      FETCH_PAGES: 'false',
      MAX_CHANGES: '30',
    });
    at.close();
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /^Tagged 70 of 70 unread items/m);
    assert.ok(under.items.every(({ tags }) => tags.length === 1));
  });
});
