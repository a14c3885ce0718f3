import { estimate } from '../lib/core/estimate.ts';
import type { Item } from '../lib/core/item.ts';
import { planItem } from '../lib/core/plan.ts';
import { addDecisions, emptyTally } from '../lib/core/summary.ts';
import { readSettings } from '../lib/settings.ts';

const PAGE_SIZE = 30;

/** Items a second through the inside alone: estimate, plan and count, a page at a time, for about a second. */
export function planningSpeed(): number {
  const { rules } = readSettings({ POCKET_API_URL: 'http://127.0.0.1/v3' });
  const pages = Array.from({ length: 1000 }, (_, page) =>
    Array.from({ length: PAGE_SIZE }, (_, at) => item(page * PAGE_SIZE + at)),
  );
  let planned = 0;
  const startedAt = performance.now();
  while (performance.now() - startedAt < 1000) {
    let tally = emptyTally([]);
    for (const items of pages) {
      tally = addDecisions(
        tally,
        items.map((one) => planItem(one, estimate(one), rules)),
      );
    }
    planned += tally.listed;
  }
  return (planned * 1000) / (performance.now() - startedAt);
}

function item(at: number): Item {
  const tags = [{ name: 'mine' }, { name: at % 3 === 0 ? 'a long read' : 'a quick read' }].slice(0, at % 3);
  return {
    id: String(at),
    kind: 'article',
    parsed: true,
    language: 'en',
    words: 50 + ((at * 7919) % 4951),
    tags,
  };
}
