import type { PageEvidence } from '../core/estimate.ts';
import type { Candidate, CandidateBasis, Explanation, Readings } from '../core/explain.ts';
import { SKIP_SENTENCES } from '../core/skip-reason.ts';
import { plainTable } from './plain-table.ts';
import { printable } from './printable.ts';

const SOURCES: Readonly<Record<CandidateBasis, string>> = {
  'own-speed': "the service's words, at your own speed",
  'service-minutes': "the service's own minutes",
  'service-words': "the service's words, at the average speed for the language",
  'video-duration': "the video's duration",
  'service-text': "the words of the service's own text",
  page: 'the words of the article on the page',
};

/** Why an item has its band, for people: a line for each fact, then what would have counted otherwise. */
export function explanationText(
  { item, language, decision, used, otherwise }: Explanation,
  { listed, ...readings }: { listed: boolean } & Readings,
): string {
  const facts = [['item', printable(item.title ?? item.url ?? item.id, 70)]];
  if (!listed) facts.push(['', 'not among your unread items; explained as if it had just been added']);
  if (used) facts.push(['length from', SOURCES[used.basis]]);
  else if (decision.kind === 'skip') facts.push(['length', `unknown: ${SKIP_SENTENCES[decision.reason]}`]);
  else facts.push(['length from', 'an earlier run, which wrote this tag; it is not read again']);
  if (used?.words)
    facts.push(['words', number(used.words)], ['language', language ?? 'not known; read as English']);
  if (used?.speed) facts.push(['speed', `${used.speed} words a minute`]);
  if (used) facts.push(['minutes', number(used.minutes)]);
  if (item.aboutVideo) facts.push(['about', 'a video, as its lead picture says']);
  facts.push(['tag', tagOf(decision)]);
  return `${plainTable({ align: ['left', 'left'] }, facts)}\n\n${otherwiseText(otherwise, readings)}`;
}

function tagOf(decision: Explanation['decision']): string {
  if (decision.kind === 'skip') return 'none: an unknown length is left alone';
  const { tag = 'none' } = decision;
  return decision.kind === 'keep' ? `${tag}, which it has` : `${tag}, which the next run writes`;
}

function otherwiseText(otherwise: readonly Candidate[], { text, page }: Readings): string {
  const lines = otherwise.map(({ basis, words, speed, minutes, band }) => {
    const by = words && speed ? ` (${number(words)} at ${speed} a minute)` : '';
    return `  ${SOURCES[basis]}${by}: ${number(minutes)} min, ${band}`;
  });
  lines.push(...unusable("the service's own text", text), ...unusable('the page', page));
  if (lines.length === 0) return 'Nothing else is known about its length.';
  return ['What else is known, and would count otherwise, in this order:', ...lines].join('\n');
}

function unusable(what: string, read: PageEvidence | undefined): string[] {
  return read && !read.known ? [`  ${what}: not usable, ${SKIP_SENTENCES[read.reason]}`] : [];
}

const number = (count: number) => count.toLocaleString('en');
