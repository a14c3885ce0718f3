import Table from 'cli-table3';
import { verifyFirstWrite } from '../lib/reading-lists/verify-first-write.ts';
import { tagUnread } from '../lib/run/tag-unread.ts';
import { NO_DEADLINES, pocketWith } from '../test/helpers/pocket.ts';
import { fakeItems } from '../test/helpers/services/fake-service.ts';
import { SETUPS } from '../test/helpers/services/setups.ts';
import { RULES, underTest } from '../test/helpers/services/under-test.ts';

const ITEMS = 1000;
const MAX_RATIO = 1.03;

/**
 * What each service asks for at least, for 1,000 new items, before the one item that every run reads back; the
 * sums stand in the adapters.
 */
const FLOORS: Readonly<Record<string, { requests: number; sum: string }>> = {
  pocket: { requests: 34 + 34, sum: '34 pages of 30, 34 writes of 30' },
  karakeep: { requests: 10 + 1000, sum: '10 pages of 100, a write each' },
  readeck: { requests: 10 + 150 + 1000, sum: '10 pages of 100, a text for 150 short ones, a write each' },
  readwise: {
    requests: 12 + 20 + 31,
    sum: '3 locations in 12 pages of 100, 20 writes of 50, and before each the one or two pages of its items',
  },
  instapaper: {
    requests: 3 + 1000 + 1000,
    sum: '3 pages of 500, the last one short; a parse and a write each',
  },
  raindrop: { requests: 20 + 22, sum: '20 pages of 50; 4, 7 and 11 writes of 50 for three bands' },
  wallabag: {
    requests: 2 + 10 + 150 + 1000,
    sum: "a login, the reader's speed, 10 pages of 100, a text for 150 short ones, a write each",
  },
  linkding: { requests: 2 + 1000 + 1000, sum: '2 pages of 500; a read and a write each' },
  linkwarden: {
    requests: 1 + 20 + 1000 + 2000,
    sum: 'who the reader is, 20 pages of 50; a text, a read and a write each',
  },
  shiori: {
    requests: 1 + 34 + 1000 + 1000,
    sum: 'a login, 34 pages of 30; a text and a write each',
  },
  omnivore: {
    requests: 10 + 150 + 1000 + 1000 + 4,
    sum: '10 pages of 100, a text for 150 short ones, a read and a write each, 4 for the labels',
  },
};

type Used = { requests: number; again: number; tagged: number };

const table = new Table({
  head: ['service', 'requests', 'floor', 'ratio', 'second run', 'the floor is'],
  style: { head: [], border: [] },
});
let isOver = false;
const READ_BACK = 1;
for (const [name, { requests: own, sum }] of Object.entries(FLOORS)) {
  const floor = own + READ_BACK;
  const { requests, again, tagged } = await (name === 'pocket' ? usedByPocket() : usedBy(name));
  const ratio = requests / floor;
  isOver ||= ratio > MAX_RATIO || tagged !== ITEMS;
  table.push([name, requests, floor, ratio.toFixed(3), again, `${sum}; one read back`]);
}
console.log(`Requests to tag ${ITEMS} new items; at most ${MAX_RATIO} times the floor\n${table}`);
if (isOver) process.exitCode = 1;

async function usedBy(name: string): Promise<Used> {
  const setup = SETUPS[name];
  if (setup === undefined) throw new Error(`no fake of ${name}`);
  const under = await underTest(setup, fakeItems(ITEMS));
  const run = () =>
    tagUnread({
      list: verifyFirstWrite(under.list),
      rules: RULES,
      mode: 'full',
      deadlines: NO_DEADLINES,
      pages: { read: under.readPage },
    });
  return measured(under, run);
}

async function usedByPocket(): Promise<Used> {
  const items = fakeItems(ITEMS).map(({ url, words, addedAt }) => ({
    given_url: url,
    word_count: words,
    time_added: addedAt,
  }));
  const under = await pocketWith(items);
  return measured(under, () =>
    tagUnread({ list: verifyFirstWrite(under.list), rules: RULES, mode: 'full', deadlines: NO_DEADLINES }),
  );
}

async function measured(
  { sent, close }: { sent: () => number; close: () => Promise<void> },
  run: () => ReturnType<typeof tagUnread>,
): Promise<Used> {
  const { tally } = await run();
  const requests = sent();
  await run();
  await close();
  return { requests, again: sent() - requests, tagged: tally.tagged };
}
