import type { PageEvidence } from '../core/estimate.ts';
import { explain } from '../core/explain.ts';
import type { Item } from '../core/item.ts';
import { deadlineIn } from '../deadline.ts';
import { Failure } from '../failure.ts';
import type { ReadingList } from '../reading-lists/reading-list.ts';
import type { Settings } from '../settings.ts';
import type { ExitStatus } from './exit-status.ts';
import { explanationText } from './explanation-text.ts';
import { ownList } from './own-list.ts';

/** Longer than this nobody waits for one page: milliseconds. */
const PAGE_MS = 30_000;

/** Says why an item, given by its URL or id, has its band. Rejects with a `Failure` where there is no such item. */
export async function explainItem(
  urlOrId: string,
  { json = false }: { json?: boolean },
): Promise<ExitStatus> {
  const { settings, list } = ownList();
  const found = await findItem(list, urlOrId);
  const item = found ?? unlisted(urlOrId);
  const page = await pageOf(item, settings);
  const explanation = explain(item, { rules: settings.rules, speed: settings.speed, page });
  if (json) console.log(JSON.stringify({ listed: found !== undefined, ...explanation, page }));
  else console.log(explanationText(explanation, { listed: found !== undefined, page }));
  return 0;
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

async function pageOf({ kind, url }: Item, { pages }: Settings): Promise<PageEvidence | undefined> {
  if (!pages.fetch || !url || kind === 'image') return undefined;
  const { pageReader } = await import('../web/read-page.ts');
  return pageReader({ allowHosts: pages.allowHosts })(url, deadlineIn(PAGE_MS));
}
