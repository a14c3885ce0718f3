import { explain } from '../core/explain.ts';
import type { Item } from '../core/item.ts';
import { deadlineIn } from '../deadline.ts';
import { Failure } from '../failure.ts';
import type { ReadingList } from '../reading-lists/reading-list.ts';
import { decideItem } from '../run/decide-item.ts';
import type { Settings } from '../settings.ts';
import type { ExitStatus } from './exit-status.ts';
import { explanationText } from './explanation-text.ts';
import { ownList } from './own-list.ts';

/** Longer than this nobody waits for one text and one page: milliseconds. */
const READING_MS = 30_000;

/** Says why an item, given by its URL or id, has its band. Rejects with a `Failure` where there is no such item. */
export async function explainItem(
  urlOrId: string,
  { json = false }: { json?: boolean },
): Promise<ExitStatus> {
  const { settings, list } = ownList();
  const found = await findItem(list, urlOrId);
  const { decision, ...readings } = await decide(found ?? unlisted(urlOrId), list, settings);
  const { rules, speed } = settings;
  const explanation = explain(decision, { rules, speed, ...readings });
  const listed = found !== undefined;
  if (json) console.log(JSON.stringify({ listed, ...explanation, ...readings }));
  else console.log(explanationText(explanation, { listed, ...readings }));
  return 0;
}

/** What a full run would decide, with the text and the page that it read, and those that it had no need of. */
async function decide(
  item: Item,
  list: ReadingList,
  { rules, speed, pages: { fetch, allowHosts } }: Settings,
) {
  const reading = deadlineIn(READING_MS);
  const isPage = fetch && item.url !== undefined && item.kind !== 'image';
  const read = isPage ? (await import('../pages/read-page.ts')).pageReader({ allowHosts }) : undefined;
  const [text, page] = await Promise.all([
    item.id ? list.readText?.(item, reading) : undefined,
    read?.(item.url ?? '', reading),
  ]);
  const decision = await decideItem(
    {
      mode: 'full',
      rules,
      speed,
      list: text ? { readText: async () => text } : {},
      ...(page && { pages: { read: async () => page, refetch: false } }),
      deadlines: { reading },
    },
    item,
  );
  return { decision, ...(text && { text }), ...(page && { page }) };
}

async function findItem(list: ReadingList, urlOrId: string): Promise<Item | undefined> {
  const wanted = normalised(urlOrId);
  for await (const { items } of list.listUnread(deadlineIn(Number.POSITIVE_INFINITY))) {
    const found = items.find(({ id, url }) => id === urlOrId || (url && normalised(url) === wanted));
    if (found) return found;
  }
  return undefined;
}

/** An address that is not in the list is explained as if it had just been added. */
function unlisted(urlOrId: string): Item {
  if (/^https?:/i.test(urlOrId) && URL.canParse(urlOrId))
    return { id: '', kind: 'article', tags: [], parsed: false, url: urlOrId };
  throw new Failure('settings', `"${urlOrId}": no unread item has this id; give an id or a URL.`);
}

function normalised(url: string): string {
  return URL.canParse(url) ? new URL(url).href : url;
}
