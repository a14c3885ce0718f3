import { type Basis, type Estimate, estimate, type PageEvidence } from './estimate.ts';
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

/** One way to the minutes of an item. */
export type Candidate = {
  readonly basis: CandidateBasis;
  readonly minutes: number;
  readonly band: string;
  /** The text's words, where words were counted. */
  readonly words?: number;
  /** Words a minute that they were read at. */
  readonly speed?: number;
};

/** What was read about an item: the service's own text of it, and its page; absent: not read. */
export type Readings = {
  readonly text?: PageEvidence | undefined;
  readonly page?: PageEvidence | undefined;
};

/** Why an item has its band: the way that was taken, and those that would have been taken without it, in order. */
export type Explanation = {
  readonly item: Item;
  /** The language that the speed is for, where words were counted and a language is known. */
  readonly language?: string;
  readonly decision: Decision;
  /** Absent where nothing is known, and where a band from an earlier run is kept without looking again. */
  readonly used?: Candidate;
  readonly otherwise: readonly Candidate[];
};

/** Explains what a run decides about an item, and what it would make of the item without what it went by. */
export function explain(
  decision: Decision,
  { rules, speed = {}, text, page }: { rules: PlanRules; speed?: ReaderSpeed } & Readings,
): Explanation {
  const { item } = decision;
  const ways = partsOf(item, { text, page })
    .flatMap((part) => candidatesBy(part, rules, speed))
    .sort((one, other) => ORDER.indexOf(one.basis) - ORDER.indexOf(other.basis));
  const used = isHeldWithoutLooking(decision) ? undefined : ways[0];
  const language =
    item.language ?? [text, page].map((read) => (read?.known ? read.language : undefined)).find(Boolean);
  return {
    item,
    ...(language && { language }),
    decision,
    ...(used && { used }),
    otherwise: ways.filter((way) => way !== used),
  };
}

/** A band that was kept for its own sake: every other one comes with the minutes that it was chosen by. */
function isHeldWithoutLooking(decision: Decision): boolean {
  return decision.kind === 'keep' && decision.minutes === undefined && !decision.item.aboutVideo;
}

/** What is known of an item, one thing at a time. */
type Part = { readonly item: Item; readonly read?: PageEvidence; readonly isText?: boolean };

function partsOf(item: Item, { text, page }: Readings): Part[] {
  const { words, minutes, videoSeconds, ...bare } = item;
  return [
    ...(videoSeconds ? [{ item: { ...bare, videoSeconds } }] : []),
    ...(words ? [{ item: { ...bare, words } }] : []),
    ...(minutes ? [{ item: { ...bare, minutes } }] : []),
    ...(text ? [{ item: bare, read: text, isText: true }] : []),
    ...(page ? [{ item: bare, read: page }] : []),
  ];
}

/** The minutes by one part: words at the reader's speed where it is set, and at the average. */
function candidatesBy(part: Part, rules: PlanRules, speed: ReaderSpeed): Candidate[] {
  const speeds = part.item.words && isSet(speed) ? [speed, {}] : [speed];
  return speeds.flatMap((at) => wayOf(estimate(part.item, at, part.read), part, { speed: at, rules }));
}

function wayOf(
  found: Estimate,
  { item, read, isText = false }: Part,
  { speed, rules }: { speed: ReaderSpeed; rules: PlanRules },
): Candidate[] {
  if (!found.known) return [];
  const { basis, minutes, words } = found;
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
