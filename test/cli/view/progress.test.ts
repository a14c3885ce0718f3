import assert from 'node:assert/strict';
import { type Counts, progressLine, progressText, waitNotice } from '../../../lib/cli/view/progress.ts';
import { anItem } from '../../helpers/items.ts';

describe('progress', () => {
  const none: Counts = { listed: 0, changes: 0, pagesRead: 0, msPerItem: 0 };
  const rows: [why: string, counts: Partial<Counts>, text: string][] = [
    ['a service that does not say how many', { listed: 1200 }, 'Looked at 1,200 items, 0 to change'],
    ['the total, where it is known', { listed: 5, total: 5 }, 'Looked at 5 of 5 items, 0 to change'],
    ['one page', { pagesRead: 1 }, 'Looked at 0 items, 0 to change, 1 page tried'],
    ['no time left before the first item', { total: 9 }, 'Looked at 0 of 9 items, 0 to change'],
    [
      'seconds',
      { listed: 10, total: 40, changes: 3, pagesRead: 2, msPerItem: 500 },
      'Looked at 10 of 40 items, 3 to change, 2 pages tried, 15 s left',
    ],
    [
      'minutes, rounded up',
      { listed: 10, total: 100, msPerItem: 1000 },
      'Looked at 10 of 100 items, 0 to change, 2 min left',
    ],
  ];
  for (const [why, counts, text] of rows)
    it(`shows ${why}`, () => assert.equal(progressText({ ...none, ...counts }), text));

  const shown = (isTTY: boolean, env: Record<string, string>, quiet = false) => {
    let [written, now] = ['', 0];
    const write = (text: string) => {
      written += text;
      return true;
    };
    const stream = { isTTY, write } as typeof process.stderr;
    const progress = progressLine({ quiet, service: 'Karakeep' }, { stream, env, now: () => now });
    const decisions = [{ kind: 'change', item: anItem(), add: ['x'], remove: [] }] as const;
    for (const seconds of [1, 5, 6, 11]) {
      now = seconds * 1000;
      progress.page({ listed: seconds, total: 20, decisions });
    }
    progress.end();
    return written;
  };
  const plain = `Looked at 5 of 20 items, 2 to change, 15 s left\nLooked at 11 of 20 items, 4 to change, 9 s left\n`;

  it('is a line now and then where it is not a terminal', () => assert.equal(shown(false, {}), plain));
  it('is plain lines at a terminal without a width', () => assert.equal(shown(true, {}), plain));
  it('is plain lines with NO_COLOR', () => assert.equal(shown(true, { NO_COLOR: '1' }), plain));
  it('tells the time left by the pace of the last seconds, after items whose length is kept', () => {
    let [written, now] = ['', 0];
    const stream = {
      isTTY: false,
      write: (text: string) => (written = text),
    } as unknown as typeof process.stderr;
    const progress = progressLine({ quiet: false, service: 'Karakeep' }, { stream, env: {}, now: () => now });
    const page = (seconds: number, listed: number) => {
      now = seconds * 1000;
      progress.page({ listed, total: 2700, decisions: [] });
    };
    // 1,500 items in 5 seconds, and from then on 3 a second.
    page(5, 1500);
    for (let more = 1; more <= 5; more += 1) page(5 + more * 10, 1500 + more * 30);
    assert.match(written, /^Looked at 1,650 of 2,700 items, 0 to change, 6 min left/);
    // A page that takes long makes it longer, not shorter.
    now += 60_000;
    progress.read();
    assert.match(written, /1 page tried, 41 min left/);
  });

  it('says what it waits for and until when, once for calls that wait together, and no short wait', () => {
    const said: string[] = [];
    const line = { text() {}, notice: (text: string) => said.push(text), clear() {}, end() {} };
    let now = new Date(2026, 10, 27, 14, 30).getTime();
    const told = waitNotice('Karakeep', line, () => now);
    for (const ms of [1999, 125_000, 125_400]) told(ms);
    now += 126_000;
    told(2000);
    told(10 * 3_600_000);
    assert.deepEqual(said, [
      'Waiting for Karakeep; the run continues at 14:32:05',
      'Waiting for Karakeep; the run continues at 14:32:08',
      'Waiting for Karakeep; the run continues at 2026-11-28 00:32:06',
    ]);
  });

  it('is nothing where nothing is wanted', () => assert.equal(shown(true, {}, true), ''));
});
