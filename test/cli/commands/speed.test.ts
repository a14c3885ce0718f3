import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { atTerminal } from '../../helpers/at-terminal.ts';
import { type Terminal, terminal } from '../../helpers/readtime.ts';

/** So long nobody needs for less than the fastest speed that is believed: the passage has 231 words. */
const READING_MS = 7500;

const describeOnLinux = process.platform === 'linux' ? describe : describe.skip;

describeOnLinux('readtime speed', () => {
  let at: Terminal;
  before(() => {
    at = terminal();
  });
  after(() => at.close());

  it('shows a passage, times its reading, and proposes the setting', async () => {
    const startedAt = performance.now();
    let shownAt = 0;
    const said = await atTerminal('speed', at.folder, [
      ['Enter shows it: ', () => '\r'],
      [
        'Enter when you have read it: ',
        async () => {
          shownAt = performance.now();
          await sleep(READING_MS);
          return '\r';
        },
      ],
    ]);
    const [, words = ''] = /A passage of (\d+) words/.exec(said) ?? [];
    const [, speed = ''] = /WORDS_PER_MINUTE=(\d+)/.exec(said) ?? [];
    assert.match(said, new RegExp(`You read ${speed} words a minute; the average is 238\\.`));
    const fastest = Number(words) / (READING_MS / 60_000);
    const slowest = Number(words) / ((performance.now() - startedAt) / 60_000);
    assert.ok(shownAt > 0 && Number(speed) >= slowest - 1 && Number(speed) <= fastest + 1, speed);
  });

  it('refuses an impossible speed', async () => {
    const said = await atTerminal('speed', at.folder, [
      ['Enter shows it: ', () => '\r'],
      ['Enter when you have read it: ', () => '\r'],
    ]);
    assert.match(said, /Nobody reads that in such a time/);
    assert.doesNotMatch(said, /WORDS_PER_MINUTE=/);
  });
});
