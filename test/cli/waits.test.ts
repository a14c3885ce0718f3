import assert from 'node:assert/strict';
import { atTerminal } from '../helpers/at-terminal.ts';
import { type Fault, faults } from '../helpers/faults.ts';
import { articles, environmentFor, type PocketUnderTest, pocketWith } from '../helpers/pocket.ts';
import { type Terminal, terminal } from '../helpers/readtime.ts';
import type { FaultyCall } from '../helpers/test-pocket.ts';

const maintenance = (retryAfter: string): Fault => ({
  kind: 'answer',
  answer: { status: 503, headers: { 'Retry-After': retryAfter }, body: 'later' },
});

describe('a wait at a terminal', () => {
  let at: Terminal;
  let under: PocketUnderTest;
  let fault: ((call: FaultyCall) => Fault | undefined) | undefined;
  let own: Record<string, string>;
  beforeEach(async () => {
    at = terminal();
    fault = undefined;
    under = await pocketWith(articles(40), { fault: (call) => fault?.(call) });
    own = environmentFor(under.server);
  });
  afterEach(async () => {
    await under.close();
    at.close();
  });

  const endless: [why: string, retryAfter: string][] = [
    ['twelve days', '1000000'],
    ['a date in 2099', 'Thu, 01 Jan 2099 00:00:00 GMT'],
    ['more than a number holds', '1e400'],
    ['more than an hour, which is the default', '3700'],
  ];
  for (const [why, retryAfter] of endless) {
    it(`ends the run at once where it is ${why}, with its summary and status 3`, async () => {
      fault = ({ n }) => (n > 1 ? maintenance(retryAfter) : undefined);
      const { status, stdout } = await at.readtime(['tag', '--full'], own);
      assert.equal(status, 3);
      assert.match(
        stdout,
        /^Tagged \d+ of 30 unread items.* Stopped because the reading list allows no more/m,
      );
    });
  }

  const commands: [why: string, args: string[], said: RegExp][] = [
    ['tag', ['tag', '--quiet'], /^readtime: Tagged 0 of 0 .*Stopped/],
    ['untag', ['untag', '--quiet'], /^readtime: Removed our tags from 0 .*Stopped/],
    ['plan', ['plan', '--yes'], /^$/],
    ['report', ['report', '--out', 'list.html'], /^readtime: the report is of a part of the list\. /],
    ['explain', ['explain', '3'], /^readtime: "3": the list was not read to its end, because /],
  ];
  for (const [name, args, said] of commands) {
    it(`is held by --max-minutes: ${name}`, async () => {
      fault = () => maintenance('61');
      const { status, stderr } = await at.readtime([...args, '--max-minutes', '1'], own);
      assert.equal(status, 3, stderr);
      assert.match(stderr, said);
    });
  }

  it('of the plan that is being written ends it with what was written', async () => {
    fault = ({ endpoint }) => (endpoint === 'send' ? faults.maintenance(1_000_000) : undefined);
    const { status, stdout } = await at.readtime(['plan', '--full', '--yes'], own);
    assert.equal(status, 3);
    assert.match(stdout, /^Tagged 0 of 40 .* Stopped because .*, with 40 more to change;/m);
  });

  it('that fits is waited for, and said: what for and until when', async () => {
    fault = ({ n }) => (n === 1 ? maintenance('2') : undefined);
    const { status, stdout, stderr } = await at.readtime(['tag', '--full'], own);
    assert.match(stderr, /^Waiting for Pocket; the run continues at \d\d:\d\d:\d\d\n$/);
    assert.deepEqual([status, /^Tagged 40 of 40/m.test(stdout)], [0, true]);
  });

  it('is said on the status line of a terminal', async () => {
    fault = ({ n }) => (n === 1 ? maintenance('2') : undefined);
    const shown = await atTerminal('tag --full', at.folder, [], own);
    assert.match(shown, /Waiting for Pocket; the run continues at \d\d:\d\d:\d\d/);
    assert.match(shown, /Tagged 40 of 40/);
  });

  it('is not said with --quiet', async () => {
    fault = ({ n }) => (n === 1 ? maintenance('2') : undefined);
    assert.deepEqual(await at.readtime(['tag', '--quiet'], own), { status: 0, stdout: '', stderr: '' });
  });

  it('takes minutes only', async () => {
    for (const minutes of ['0', '1441', '-1', '1.5', 'ten'])
      assert.equal((await at.readtime(['tag', '--max-minutes', minutes], own)).status, 2, minutes);
  });
});
