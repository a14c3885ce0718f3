import {
  type Basis,
  estimate,
  extraMinutes,
  isUnsure,
  type LeftOut,
  type PageEvidence,
  type ReaderSettings,
} from './estimate.ts';
import type { Item } from './item.ts';
import { bandOf, type Decision, type PlanRules } from './plan.ts';
import { isOwnSpeed, wordsPerMinute } from './reading-speed.ts';

/** What minutes are based on: as in an estimate, with the text that the service stores distinguished from the page. */
export type CandidateBasis = Basis | 'service-text';

/** Order of precedence, as in a run: text before a video on the page; an item that is a video has no text. */
const ORDER: readonly CandidateBasis[] = [
  'own-speed',
  'service-minutes',
  'service-words',
  'service-text',
  'page',
  'video-duration',
];

/** The length of an item by one piece of evidence. */
export type Candidate = {
  readonly basis: CandidateBasis;
  readonly minutes: number;
  readonly band: string;
  /** Words of the text, if they were counted. */
  readonly words?: number;
  /** Words a minute that the minutes were computed with. */
  readonly speed?: number;
  /** Of a page: how likely its length is right, 0 to 1, and the length by the second best way to count it. */
  readonly confidence?: number;
  readonly second?: Candidate;
  /** Of a page or a text: what stands in blocks of code, and pictures, and the minutes that they add. */
  readonly code?: { readonly words: number; readonly minutes: number };
  readonly pictures?: { readonly count: number; readonly minutes: number };
};

/** What was read about an item: the text that the service stores, and its web page; absent: not read. */
export type Readings = {
  readonly text?: PageEvidence | undefined;
  readonly page?: PageEvidence | undefined;
};

/** Why an item has its band: the evidence that was used, and what would have counted without it, in order. */
export type Explanation = {
  readonly item: Item;
  /** Language that the reading speed is for, if known. */
  readonly language?: string;
  readonly decision: Decision;
  /** Absent if nothing is known, and if a band from an earlier run is kept without reading the page again. */
  readonly used?: Candidate;
  /** What of the page was left out, where its words count or are too doubtful to. */
  readonly leftOut?: readonly LeftOut[];
  /** What the page gives, where that is too doubtful to be used. */
  readonly unsure?: Candidate;
  readonly otherwise: readonly Candidate[];
};

/** Explains a run's decision about an item. */
export function explain(
  decision: Decision,
  { rules, speed = {}, text, page }: { rules: PlanRules; speed?: ReaderSettings } & Readings,
): Explanation {
  const { item } = decision;
  const found = evidenceOf(item, { text, page }).flatMap((evidence) =>
    candidatesFrom(evidence, rules, speed),
  );
  const unsure = found.find((candidate) => isUnsure(candidate, speed));
  const candidates = found
    .filter((candidate) => candidate !== unsure)
    .sort((one, other) => ORDER.indexOf(one.basis) - ORDER.indexOf(other.basis));
  const used = isKeptUnread(decision) ? undefined : candidates[0];
  const isOfPage = used?.basis === 'page' || (!used && unsure);
  const leftOut = isOfPage && page?.known ? (page.leftOut?.() ?? []) : [];
  const language =
    item.language ?? [text, page].map((read) => (read?.known ? read.language : undefined)).find(Boolean);
  return {
    item,
    ...(language && { language }),
    decision,
    ...(used && { used }),
    ...(leftOut.length > 0 && { leftOut }),
    ...(unsure && { unsure }),
    otherwise: candidates.filter((candidate) => candidate !== used),
  };
}

/** Whether a band from an earlier run was kept: any other decision to keep has the minutes that it is based on. */
function isKeptUnread(decision: Decision): boolean {
  return decision.kind === 'keep' && decision.minutes === undefined && !decision.item.aboutVideo;
}

/** One piece of evidence of an item's length: a field of the item, or what was read. */
type Evidence = { readonly item: Item; readonly read?: PageEvidence; readonly isText?: boolean };

function evidenceOf(item: Item, { text, page }: Readings): Evidence[] {
  const { words, minutes, lengthByMinutes, videoSeconds, ...bare } = item;
  return [
    ...(videoSeconds ? [{ item: { ...bare, videoSeconds } }] : []),
    ...(words ? [{ item: { ...bare, words } }] : []),
    ...(minutes ? [{ item: { ...bare, minutes, ...(lengthByMinutes && { lengthByMinutes }) } }] : []),
    ...(text ? [{ item: bare, read: text, isText: true }] : []),
    ...(page ? [{ item: bare, read: page }] : []),
  ];
}

/** The minutes by one piece of evidence: the service's length at the reader's speed where it is set, and without it. */
function candidatesFrom(evidence: Evidence, rules: PlanRules, speed: ReaderSettings): Candidate[] {
  const { words, lengthByMinutes } = evidence.item;
  const speeds = (words || lengthByMinutes) && isOwnSpeed(speed) ? [speed, {}] : [speed];
  return speeds.flatMap((at) => candidateAt(at, evidence, rules));
}

function candidateAt(speed: ReaderSettings, evidence: Evidence, rules: PlanRules): Candidate[] {
  const { item, read, isText = false } = evidence;
  const estimated = estimate(item, { ...speed, minConfidence: 0 }, read);
  if (!estimated.known) return [];
  const { basis, minutes, words, confidence } = estimated;
  const language = item.language ?? (read?.known ? read.language : undefined);
  const [second] =
    basis === 'page' ? secondOf(evidence).flatMap((each) => candidateAt(speed, each, rules)) : [];
  return [
    {
      basis: basis === 'page' && isText ? 'service-text' : basis,
      minutes,
      band: bandOf(minutes, rules),
      ...(words !== undefined && { words, speed: Math.round(wordsPerMinute(language, speed)) }),
      ...(confidence !== undefined && { confidence }),
      ...(second && { second }),
      ...(basis === 'page' && extrasOf(evidence, language, speed)),
    },
  ];
}

/** What code and pictures add to the minutes, and what there is of them. */
function extrasOf(
  { read }: Evidence,
  language: string | undefined,
  speed: ReaderSettings,
): Pick<Candidate, 'code' | 'pictures'> {
  if (!read?.known) return {};
  const { codeWords, pictures } = read;
  const minutes = extraMinutes(read, language, speed);
  return {
    ...(codeWords && { code: { words: codeWords, minutes: minutes.code } }),
    ...(pictures && { pictures: { count: pictures, minutes: minutes.pictures } }),
  };
}

/** A page as the second best way to count it finds it. */
function secondOf({ item, read }: Evidence): Evidence[] {
  if (!read?.known || !read.otherwise) return [];
  const { language } = read;
  return [{ item, read: { known: true, ...read.otherwise(), ...(language && { language }) } }];
}
