import { type Basis, estimate, type PageEvidence } from './estimate.ts';
import type { Item } from './item.ts';
import { bandOf, type Decision, type PlanRules } from './plan.ts';
import { type ReaderSpeed, wordsPerMinute } from './reading-speed.ts';

/** Where minutes come from: as in an estimate, with the service's own text of an item apart from the page. */
export type CandidateBasis = Basis | 'service-text';

/** The order in which they count, as in a run. A text comes before the video on its page; a video has no text. */
const ORDER: readonly CandidateBasis[] = [
  'own-speed',
  'service-minutes',
  'service-words',
  'service-text',
  'page',
  'video-duration',
];

/** The minutes of an item by one of the things that are known of it. */
export type Candidate = {
  readonly basis: CandidateBasis;
  readonly minutes: number;
  readonly band: string;
  /** The text's words, where words were counted. */
  readonly words?: number;
  /** At how many words a minute. */
  readonly speed?: number;
};

/** What was read about an item: the service's own text of it, and its page; absent: not read. */
export type Readings = {
  readonly text?: PageEvidence | undefined;
  readonly page?: PageEvidence | undefined;
};

/** Why an item has its band: what it was decided by, and what would have counted without that, in order. */
export type Explanation = {
  readonly item: Item;
  /** The language that the speed is for, where words were counted and a language is known. */
  readonly language?: string;
  readonly decision: Decision;
  /** Absent where nothing is known, and where a band from an earlier run is kept without reading its page again. */
  readonly used?: Candidate;
  readonly otherwise: readonly Candidate[];
};

/** Explains a run's decision about an item. */
export function explain(
  decision: Decision,
  { rules, speed = {}, text, page }: { rules: PlanRules; speed?: ReaderSpeed } & Readings,
): Explanation {
  const { item } = decision;
  const candidates = evidenceOf(item, { text, page })
    .flatMap((evidence) => candidatesFrom(evidence, rules, speed))
    .sort((one, other) => ORDER.indexOf(one.basis) - ORDER.indexOf(other.basis));
  const used = isKeptUnread(decision) ? undefined : candidates[0];
  const language =
    item.language ?? [text, page].map((read) => (read?.known ? read.language : undefined)).find(Boolean);
  return {
    item,
    ...(language && { language }),
    decision,
    ...(used && { used }),
    otherwise: candidates.filter((candidate) => candidate !== used),
  };
}

/** Whether a band from an earlier run was kept: every other one comes with the minutes that it was chosen by. */
function isKeptUnread(decision: Decision): boolean {
  return decision.kind === 'keep' && decision.minutes === undefined && !decision.item.aboutVideo;
}

/** One thing that is known of an item's length: a field of the item, or what was read. */
type Evidence = { readonly item: Item; readonly read?: PageEvidence; readonly isText?: boolean };

function evidenceOf(item: Item, { text, page }: Readings): Evidence[] {
  const { words, minutes, videoSeconds, ...bare } = item;
  return [
    ...(videoSeconds ? [{ item: { ...bare, videoSeconds } }] : []),
    ...(words ? [{ item: { ...bare, words } }] : []),
    ...(minutes ? [{ item: { ...bare, minutes } }] : []),
    ...(text ? [{ item: bare, read: text, isText: true }] : []),
    ...(page ? [{ item: bare, read: page }] : []),
  ];
}

/** The minutes by one piece of evidence: words at the reader's speed where it is set, and at the average. */
function candidatesFrom(evidence: Evidence, rules: PlanRules, speed: ReaderSpeed): Candidate[] {
  const speeds = evidence.item.words && isSet(speed) ? [speed, {}] : [speed];
  return speeds.flatMap((at) => candidateAt(at, evidence, rules));
}

function candidateAt(
  speed: ReaderSpeed,
  { item, read, isText = false }: Evidence,
  rules: PlanRules,
): Candidate[] {
  const estimated = estimate(item, speed, read);
  if (!estimated.known) return [];
  const { basis, minutes, words } = estimated;
  const language = item.language ?? (read?.known ? read.language : undefined);
  return [
    {
      basis: basis === 'page' && isText ? 'service-text' : basis,
      minutes,
      band: bandOf(minutes, rules),
      ...(words !== undefined && { words, speed: Math.round(wordsPerMinute(language, speed)) }),
    },
  ];
}

function isSet({ wordsPerMinute, cjkCharactersPerMinute }: ReaderSpeed): boolean {
  return wordsPerMinute !== undefined || cjkCharactersPerMinute !== undefined;
}
