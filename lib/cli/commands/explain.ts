import type { Command } from 'commander';
import type { LeftOut, PageEvidence } from '../../core/estimate.ts';
import {
  type Candidate,
  type CandidateBasis,
  type Explanation,
  explain,
  type Readings,
} from '../../core/explain.ts';
import type { Item } from '../../core/item.ts';
import type { Decision } from '../../core/plan.ts';
import { SKIP_SENTENCES } from '../../core/skip-reason.ts';
import { STOPPED_BECAUSE } from '../../core/summary.ts';
import { type Deadline, deadlineIn } from '../../deadline.ts';
import { Failure } from '../../failure.ts';
import type { Lengths } from '../../lengths/lengths.ts';
import type { ReadingList } from '../../reading-lists/reading-list.ts';
import { SERVICES } from '../../reading-lists/services.ts';
import { decideItem } from '../../run/decide-item.ts';
import { deadlinesOf } from '../../run/run.ts';
import { stopReasonOf } from '../../run/tag-unread.ts';
import type { Environment, Settings } from '../../settings.ts';
import { withReadingList } from '../environment.ts';
import { openList } from '../open-list.ts';
import {
  contextOf,
  type ListSource,
  type Program,
  type TimeLimit,
  withRefetch,
  withSample,
} from '../options.ts';
import { listUnknown } from '../unknown-lengths.ts';
import { formatNumber, formatShare, plainTable, printable } from '../view/format.ts';
import { progressLine } from '../view/progress.ts';
import type { ExitStatus } from '../view/run-result.ts';

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
    .option('--all', `with --unknown: every item, not only the first of each reason`)
    .option('--json', 'the same as JSON');
  withRefetch(withSample(command)).action(async (urlOrId: string | undefined, options: ExplainOptions) => {
    const { unknown = false, all = false, json = false, refetch = false } = options;
    if (unknown === (urlOrId !== undefined))
      command.error('error: give the URL or the id of an item, or --unknown');
    if (urlOrId !== undefined) return onExit(await explainItem(urlOrId, options));
    const list = (env: Environment, lengths: Lengths | undefined) =>
      listUnknown(env, { ...options, lengths, refetch, all, json });
    return onExit(await withReadingList(options, { quiet: true }, list));
  });
}

/** For the text and the page of the one item together. */
const READING_TIMEOUT_MS = 30_000;

const SOURCES: Readonly<Record<CandidateBasis, string>> = {
  'own-speed': "the service's words or minutes, at your own speed",
  'service-minutes': "the service's own minutes",
  'service-words': "the service's words, at the average speed for the language",
  'video-duration': "the video's duration",
  'service-text': "the words of the service's own text",
  page: 'the words of the article on the page',
};

/** Says why an item, given by its URL or id, has its band. Rejects with a `Failure` where there is no such item. */
async function explainItem(
  urlOrId: string,
  { json = false, refetch = false, ...source }: ExplainOptions,
): Promise<ExitStatus> {
  return withReadingList({ json, ...source }, { quiet: true }, async (env, lengths): Promise<ExitStatus> => {
    const { settings, list } = openList(env);
    const progress = progressLine({ quiet: json, service: SERVICES[settings.readingList].title });
    const { reading } = deadlinesOf({ context: contextOf(source), onWait: progress.wait });
    const item = await findItem(list, urlOrId, reading)
      .catch((error: unknown) => stopReasonOf(error, reading))
      .finally(() => progress.end());
    if (typeof item === 'string') {
      console.error(`readtime: "${urlOrId}": the list was not read to its end, ${STOPPED_BECAUSE[item]}.`);
      return 3;
    }
    const { decision, ...readings } = item
      ? await decide(item, { list, settings, lengths, refetch })
      : await decide(unlistedItem(urlOrId), { list, settings });
    const { rules, speed } = settings;
    const explanation = explain(decision, { rules, speed, ...readings });
    const listed = item !== undefined;
    const withoutRef = (key: string, value: unknown) => (key === 'ref' ? undefined : value);
    if (json) console.log(JSON.stringify({ listed, ...explanation, ...readings }, withoutRef));
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
  const kept = refetch ? undefined : lengths?.get(item);
  const { text, page }: Readings = kept?.evidence.known
    ? { [kept.from]: kept.evidence }
    : await read(item, { list, settings, deadline: reading, kept: kept?.evidence });
  const decision = await decideItem(
    {
      mode: 'full',
      rules,
      speed,
      lengths,
      list: text ? { readText: async () => text } : {},
      ...(page && { pages: { read: async () => page, refetch } }),
      deadlines: { reading },
    },
    item,
  );
  return {
    decision,
    ...(text && { text }),
    ...(page && { page }),
    ...(kept && { readAt: new Date(kept.readAt).toISOString() }),
  };
}

type ReadOptions = Pick<DecideOptions, 'list' | 'settings'> & {
  readonly deadline: Deadline;
  /** Why the page gives no length, from an earlier run. */
  readonly kept: PageEvidence | undefined;
};

/** The text and the page of an item, together: also the one that a run has no need of. */
async function read(item: Item, { list, settings, deadline, kept }: ReadOptions): Promise<Readings> {
  const { fetch, allowHosts } = settings.pages;
  const isPage = !kept && fetch && item.url !== undefined && item.kind !== 'image';
  const readPage = isPage ? (await import('../../pages/read-page.ts')).pageReader({ allowHosts }) : undefined;
  const [text, page] = await Promise.all([
    item.id ? list.readText?.(item, deadline) : undefined,
    kept ?? readPage?.(item.url ?? '', deadline),
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

/** Why an item has its band, for people: a line for each fact, then what would have counted otherwise. */
function explanationText(
  { item, language, decision, used, leftOut, unsure, otherwise }: Explanation,
  { listed, readAt, ...readings }: { listed: boolean; readAt?: string } & Readings,
): string {
  const facts = [['item', printable(item.title ?? item.url ?? item.id, 70)]];
  if (!listed) facts.push(['', 'not among your unread items; explained as if it had just been added']);
  if (used) facts.push(['length from', SOURCES[used.basis]]);
  else if (decision.kind === 'skip') facts.push(['length', `unknown: ${SKIP_SENTENCES[decision.reason]}`]);
  else facts.push(['length from', 'an earlier run, which wrote this tag; it is not read again']);
  if (readAt) facts.push(['read on', `${readAt.slice(0, 10)}, and kept; --refetch reads it again`]);
  if (used?.words)
    facts.push(['words', formatNumber(used.words)], ['language', language ?? 'not known; read as English']);
  if (used?.speed) facts.push(['speed', `${used.speed} words a minute`]);
  if (used?.code) facts.push(['code', `${formatNumber(used.code.words)} of the words${added(used.code)}`]);
  if (used?.pictures) facts.push(['pictures', `${formatNumber(used.pictures.count)}${added(used.pictures)}`]);
  if (used) facts.push(['minutes', formatNumber(used.minutes)]);
  if (used?.confidence !== undefined) facts.push(['how sure', surenessText(used)]);
  if (leftOut) facts.push(['left out', leftOut.map(leftOutText).join(', ')]);
  if (item.aboutVideo) facts.push(['about', 'a video, as its lead picture says']);
  facts.push(['tag', tagOf(decision)]);
  return `${plainTable({ align: ['left', 'left'] }, facts)}\n\n${otherwiseText(otherwise, unsure, readings)}`;
}

/** `; 1.5 min more`, by the settings `CODE` and `SECONDS_PER_PICTURE`. */
function added({ minutes }: { minutes: number }): string {
  if (minutes === 0) return '; no time is added';
  return `; ${Math.abs(minutes).toFixed(1)} min ${minutes > 0 ? 'more' : 'less'}`;
}

/** `83 %; by the second best count of the page 9 min (1,530 words), a long read`. */
function surenessText({ confidence, second }: Candidate): string {
  const sure = formatShare(confidence ?? 1);
  return second ? `${sure}; by the second best count of the page ${lengthText(second)}` : sure;
}

/** `812 words of notes` */
function leftOutText({ kind, words }: LeftOut): string {
  return `${formatNumber(words)} words of ${kind}`;
}

function lengthText({ words = 0, minutes, band }: Candidate): string {
  return `${formatNumber(minutes)} min (${formatNumber(words)} words), ${band}`;
}

function tagOf(decision: Explanation['decision']): string {
  if (decision.kind === 'skip') return 'none: an unknown length is left alone';
  const { tag = 'none' } = decision;
  return decision.kind === 'keep' ? `${tag}, which it has` : `${tag}, which the next run writes`;
}

function otherwiseText(
  otherwise: readonly Candidate[],
  unsure: Candidate | undefined,
  { text, page }: Readings,
): string {
  const lines = otherwise.map(({ basis, words, speed, minutes, band }) => {
    const by = words && speed ? ` (${formatNumber(words)} at ${speed} a minute)` : '';
    return `  ${SOURCES[basis]}${by}: ${formatNumber(minutes)} min, ${band}`;
  });
  const heading = 'What else is known, and would count otherwise, in this order:';
  const known = lines.length === 0 ? ['Nothing else is known about its length.'] : [heading, ...lines];
  return [
    ...known,
    ...unusable("the service's own text", text),
    ...unusable('the page', page),
    ...unsureText(unsure),
  ].join('\n');
}

function unsureText(unsure: Candidate | undefined): string[] {
  if (!unsure) return [];
  return [
    `Not usable: the page; ${SKIP_SENTENCES.unsure}.`,
    `  most likely: ${lengthText(unsure)}; sure to ${formatShare(unsure.confidence ?? 0)}`,
    ...(unsure.second ? [`  second best: ${lengthText(unsure.second)}`] : []),
  ];
}

function unusable(what: string, read: PageEvidence | undefined): string[] {
  return read && !read.known ? [`Not usable: ${what}; ${SKIP_SENTENCES[read.reason]}.`] : [];
}
