import type { LeftOut, PageEvidence } from '../../core/estimate.ts';
import type { Candidate, CandidateBasis, Explanation, Readings } from '../../core/explain.ts';
import { formatNumber } from '../../core/format-number.ts';
import { SKIP_SENTENCES, type SkipReason } from '../../core/skip-reason.ts';
import { formatShare, plainTable, printable } from './format.ts';

const SOURCES: Readonly<Record<CandidateBasis, string>> = {
  'own-speed': "the service's words or minutes, at your own speed",
  'service-minutes': "the service's own minutes",
  'service-words': "the service's words, at the average speed for the language",
  'video-duration': "the video's duration",
  'service-text': "the words of the service's own text",
  page: 'the words of the article on the page',
};

/** What has to be read beyond the list. */
const READ: ReadonlySet<CandidateBasis> = new Set(['service-text', 'page']);

/** Why an item has its band, for people: a line for each fact, then what would have counted otherwise. */
export function explanationText(
  explanation: Explanation,
  { listed, readAt, ...readings }: { listed: boolean; readAt?: string } & Readings,
): string {
  const { item, language, decision, used, leftOut } = explanation;
  const facts = [['item', printable(item.title ?? item.url ?? item.id, 70)]];
  if (!listed) facts.push(['', 'not among your unread items; explained as if it had just been added']);
  if (used) facts.push(['length from', SOURCES[used.basis]]);
  else if (decision.kind === 'skip') facts.push(['length', `unknown: ${SKIP_SENTENCES[decision.reason]}`]);
  else facts.push(['length from', 'an earlier run, which wrote this tag; it is not read again']);
  facts.push(...readOn(readAt, { used, decision }));
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
  return `${plainTable({ align: ['left', 'left'] }, facts)}\n\n${otherwiseText(explanation, readings)}`;
}

/** On which day what counts was read, unless the list or an earlier run gives it. */
function readOn(
  readAt: string | undefined,
  { used, decision }: Pick<Explanation, 'decision'> & { used: Candidate | undefined },
): string[][] {
  const isRead = used ? READ.has(used.basis) : decision.kind === 'skip';
  return readAt && isRead ? [['read on', `${readAt.slice(0, 10)}, and kept; --refetch reads it again`]] : [];
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

function otherwiseText({ otherwise, unsure, decision }: Explanation, { text, page }: Readings): string {
  // The row of the length has said it.
  const said = decision.kind === 'skip' ? decision.reason : undefined;
  const lines = otherwise.map(({ basis, words, speed, minutes, band }) => {
    const by = words && speed ? ` (${formatNumber(words)} at ${speed} a minute)` : '';
    return `  ${SOURCES[basis]}${by}: ${formatNumber(minutes)} min, ${band}`;
  });
  const heading = 'What else is known, and would count otherwise, in this order:';
  const known = lines.length === 0 ? ['Nothing else is known about its length.'] : [heading, ...lines];
  return [
    ...known,
    ...unusable("the service's own text", text, page ? undefined : said),
    ...unusable('the page', page, said),
    ...unsureText(unsure, said),
  ].join('\n');
}

function unsureText(unsure: Candidate | undefined, said: SkipReason | undefined): string[] {
  if (!unsure) return [];
  return [
    said === 'unsure' ? 'By the page it would be:' : `Not usable: the page; ${SKIP_SENTENCES.unsure}.`,
    `  most likely: ${lengthText(unsure)}; sure to ${formatShare(unsure.confidence ?? 0)}`,
    ...(unsure.second ? [`  second best: ${lengthText(unsure.second)}`] : []),
  ];
}

function unusable(what: string, read: PageEvidence | undefined, said: SkipReason | undefined): string[] {
  return read && !read.known && read.reason !== said
    ? [`Not usable: ${what}; ${SKIP_SENTENCES[read.reason]}.`]
    : [];
}
