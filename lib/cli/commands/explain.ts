import type { Command } from 'commander';
import { explain, type Readings } from '../../core/explain.ts';
import type { Item } from '../../core/item.ts';
import type { Decision } from '../../core/plan.ts';
import { STOPPED_BECAUSE } from '../../core/summary.ts';
import { type Deadline, deadlineIn } from '../../deadline.ts';
import { Failure } from '../../failure.ts';
import type { Lengths } from '../../lengths/lengths.ts';
import type { ReadingList } from '../../reading-lists/reading-list.ts';
import { SERVICES } from '../../reading-lists/services.ts';
import { deadlinesOf } from '../../run/deadlines.ts';
import { decideItem } from '../../run/decide-item.ts';
import { stopReasonOf } from '../../run/tag-unread.ts';
import type { Settings } from '../../settings.ts';
import { readListEnvironment, withReadingList } from '../environment.ts';
import { eachList } from '../lists.ts';
import { openList } from '../open-list.ts';
import {
  contextOf,
  type ListSource,
  type Program,
  type TimeLimit,
  withRefetch,
  withSample,
} from '../options.ts';
import { dryRun } from '../run-at-terminal.ts';
import { explanationText } from '../view/explanation.ts';
import { jsonOf } from '../view/format.ts';
import { progressLine } from '../view/progress.ts';
import { type ExitStatus, statusOf } from '../view/run-result.ts';
import { type Skip, unknownText } from '../view/unknown-lengths.ts';
import { printError } from '../view/wrapped.ts';

/** For the text and the page of the one item together. */
const READING_TIMEOUT_MS = 30_000;
/** Items of unknown length that are listed of each reason, unless all are asked for. */
const MAX_LISTED = 20;

type ExplainOptions = ListSource &
  TimeLimit & {
    readonly json?: boolean;
    readonly refetch?: boolean;
    /** In place of one item: all of unknown length, and of each reason not only the first. */
    readonly unknown?: boolean;
    readonly all?: boolean;
  };

/** `readtime explain <URL-or-id>` */
export function configure(command: Command, { onExit }: Program): void {
  command
    .description('why an item has its tag, and what would have counted otherwise')
    .option('--unknown', 'all items of unknown length, by reason')
    .option('--all', 'with --unknown: every item, not only the first of each reason')
    .option('--json', 'the same as JSON');
  withRefetch(withSample(command)).action(async (urlOrId: string | undefined, options: ExplainOptions) => {
    if (Boolean(options.unknown) === (urlOrId !== undefined))
      command.error('error: give the URL or the id of an item, or --unknown');
    if (options.all && !options.unknown) command.error('error: --all is for --unknown; add it');
    onExit(await (urlOrId === undefined ? eachList(options, listUnknown) : explainInEach(urlOrId, options)));
  });
}

/** Lists the items of unknown length, by reason, as a full run finds them; nothing is written. Rejects as `run` does. */
async function listUnknown({
  json = false,
  all = false,
  refetch = false,
  ...source
}: ExplainOptions): Promise<ExitStatus> {
  const { decisions, summary, tellOffline } = await withReadingList(
    readListEnvironment(source),
    { json, ...source },
    (list) => dryRun(list, { mode: 'full', refetch }, { ...source, quiet: json }),
  );
  const skips = decisions.filter((decision): decision is Skip => decision.kind === 'skip');
  const rows = skips.map(({ item: { id, title, url }, reason }) => ({ id, title, url, reason }));
  if (json) console.log(jsonOf({ unknown: rows }, source));
  else console.log(unknownText(skips, all ? skips.length : MAX_LISTED));
  if (!summary.complete) printError(`this is of a part of the list. ${summary.message}`, source);
  return tellOffline(source.listName) ? 1 : statusOf(summary);
}

/** Explains an item for each list that has it. Throws a `Failure` where it is in none of several. */
async function explainInEach(urlOrId: string, options: ExplainOptions): Promise<ExitStatus> {
  const passedOver: string[] = [];
  const status = await eachList(options, async (one) => {
    const ended = await explainItem(urlOrId, one);
    if (ended === 'not in this list') passedOver.push(one.listName ?? '');
    return ended === 'not in this list' ? 0 : ended;
  });
  if (status === 0 && passedOver.length > 1 && passedOver.length === options.envFile?.length)
    throw new Failure(
      'settings',
      `"${urlOrId}": is no unread item of ${passedOver.join(', ')}; give one --env-file to have an address explained that is in no list`,
    );
  return status;
}

/**
 * Says why an item, given by its URL or id, has its band. Of several lists it is passed over by one that has it not;
 * the one list explains its address. Rejects with a `Failure` where there is no such item.
 */
async function explainItem(
  urlOrId: string,
  { json = false, refetch = false, ...source }: ExplainOptions,
): Promise<ExitStatus | 'not in this list'> {
  const env = readListEnvironment(source);
  return withReadingList(env, { json, ...source }, async (listAtTerminal) => {
    const { settings, lengths } = listAtTerminal;
    const { list } = await openList(listAtTerminal);
    const progress = progressLine({ quiet: json, service: SERVICES[settings.readingList].title });
    const { reading } = deadlinesOf({ context: contextOf(source), onWait: progress.wait });
    const item = await findItem(list, urlOrId, reading)
      .catch((error: unknown) => stopReasonOf(error, reading))
      .finally(() => progress.end());
    if (typeof item === 'string') {
      printError(`"${urlOrId}": the list was not read to its end, ${STOPPED_BECAUSE[item]}.`, source);
      return 3;
    }
    if (item === undefined && source.listName !== undefined) {
      if (!json) console.log('It is not in this list.');
      return 'not in this list';
    }
    const { decision, ...readings } = item
      ? await decide(item, { list, settings, lengths, refetch })
      : await decide(unlistedItem(urlOrId), { list, settings });
    const { rules, speed } = settings;
    const explanation = explain(decision, { rules, speed, ...readings });
    const listed = item !== undefined;
    const withoutRef = (key: string, value: unknown) => (key === 'ref' ? undefined : value);
    if (json) console.log(jsonOf({ listed, ...explanation, ...readings }, source, withoutRef));
    else console.log(explanationText(explanation, { listed, ...readings }));
    return 0;
  });
}

type DecideOptions = {
  readonly list: ReadingList;
  readonly settings: Settings;
  readonly lengths?: Lengths | undefined;
  readonly refetch?: boolean;
};

/** What a full run would decide, with the text and the page that it read, and those that it had no need of. */
async function decide(
  item: Item,
  { list, settings, lengths, refetch = false }: DecideOptions,
): Promise<Readings & { readonly decision: Decision; readonly readAt?: string }> {
  const { rules, speed } = settings;
  const reading = deadlineIn(READING_TIMEOUT_MS);
  const kept = lengths?.get(item);
  const old = refetch ? undefined : kept;
  const found = old?.evidence.known
    ? {}
    : await read(item, { list, settings, deadline: reading, withPage: old === undefined });
  const isRead = Boolean(found.text?.known || found.page);
  const { text, page }: Readings = isRead || !kept ? found : { ...found, [kept.from]: kept.evidence };
  const decision = await decideItem(
    {
      mode: 'full',
      rules,
      speed,
      lengths,
      refetch: refetch && isRead,
      list: text ? { readText: async () => text } : {},
      ...(page && { pages: { read: async () => page } }),
      deadlines: { reading },
    },
    item,
  );
  return {
    decision,
    ...(text && { text }),
    ...(page && { page }),
    ...(kept && !isRead && { readAt: new Date(kept.readAt).toISOString() }),
  };
}

/** The text and the page of an item, together: also the one that a run has no need of. */
async function read(
  item: Item,
  { list, settings, deadline, withPage }: DecideOptions & { deadline: Deadline; withPage: boolean },
): Promise<Readings> {
  const { fetch, allowHosts } = settings.pages;
  const isPage = withPage && fetch && item.url !== undefined && item.kind !== 'image';
  const readPage = isPage ? (await import('../../pages/read-page.ts')).pageReader({ allowHosts }) : undefined;
  const [text, page] = await Promise.all([
    item.id ? list.readText?.(item, deadline) : undefined,
    readPage?.(item.url ?? '', deadline),
  ]);
  return { text, page };
}

async function findItem(list: ReadingList, urlOrId: string, deadline: Deadline): Promise<Item | undefined> {
  const wanted = normalized(urlOrId);
  for await (const { items } of list.listUnread(deadline)) {
    const found = items.find(({ id, url }) => id === urlOrId || (url && normalized(url) === wanted));
    if (found) return found;
  }
  return undefined;
}

/** An address that is not in the list is explained as if it had just been added. */
function unlistedItem(urlOrId: string): Item {
  if (/^https?:/i.test(urlOrId) && URL.canParse(urlOrId))
    return { id: '', kind: 'article', tags: [], parsed: false, url: urlOrId };
  throw new Failure('settings', `"${urlOrId}": no unread item has this id; give an id or a URL.`);
}

function normalized(url: string): string {
  return URL.canParse(url) ? new URL(url).href : url;
}
