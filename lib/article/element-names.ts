/** What the names and other attributes of one element say about the text inside. */
import { nameRuleBit } from './block-names.ts';
import type { Tag } from './html-tags.ts';
import { matchNames } from './name-matcher.ts';

const RARE_NAMING_ATTRIBUTES = ['role', 'itemprop', 'is'] as const;
/** Attributes whose values are names that the rules know; `is` is a component's own name, too. */
export const NAMING_ATTRIBUTES = ['class', 'id', ...RARE_NAMING_ATTRIBUTES] as const;
/** Classes of Tailwind that show on large screens what is hidden on small ones. */
const SHOWN_WHEN_LARGE = /(?:sm|md|lg|xl):(?:block|flex|grid|inline|table|contents)/;
const HIDING_CLASS = /(?:^|\s)(?:(?:is-|visually-?)?hidden|d-none|sr-only|screen-reader-text)(?:\s|$)/;
const HIDING_STYLE = /display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden/i;
/** What sites and the makers of paywalls (Poool, Piano) call the box in which they ask for money or a name. */
const OFFER_NAME =
  /paywall|pay-wall|regwall|reg-wall|premium-?wall|softwall|hardwall|gated|poool|piano-|tp-(?:modal|container)|subscri(?:be|ption)-?(?:wall|block|gate|prompt)|members?-only|meter(?:ed)?-?wall/i;
/** Where a link to an offer leads. */
const OFFER_LINK =
  /\/(?:subscri|abo(?:nn|s?\b)|abbon|suscri|assin|prenumer|podpis|member(?:ship)?\b|vip\b|premium\b)/i;

const HIDDEN = nameRuleBit('hidden');

/** What the names in the value of one attribute say. */
type Names = {
  readonly rules: number;
  readonly hide: boolean;
  readonly areOfCaption: boolean;
  readonly areOfOffer: boolean;
};

const NO_NAMES: Names = { rules: 0, hide: false, areOfCaption: false, areOfOffer: false };

/** Values kept: elements of a page share theirs. */
const MAX_KEPT_VALUES = 1000;
const kept = new Map<string, Names>();

const namesIn = (value: string | undefined): Names => {
  if (!value) return NO_NAMES;
  const known = kept.get(value);
  if (known) return known;
  const names = {
    rules: matchNames(value),
    hide: HIDING_CLASS.test(value) && !SHOWN_WHEN_LARGE.test(value),
    areOfCaption: /caption/i.test(value),
    areOfOffer: OFFER_NAME.test(value),
  };
  if (kept.size >= MAX_KEPT_VALUES) kept.clear();
  kept.set(value, names);
  return names;
};

type ReadonlyAttributes = ReadonlyMap<string, string>;

/** What the name and the attributes of an element tell of what is inside. */
export type ElementHints = {
  /** Which of `NAME_RULES` its names match, as bits. */
  readonly rules: number;
  /** Markup says that it is not shown, at least until somebody asks for it. */
  readonly isHidden: boolean;
  /** It is called one that holds the words under a picture. */
  readonly isCaption: boolean;
  /** It is called one that offers to pay or to register. */
  readonly isOffer: boolean;
};

export const NO_HINTS: ElementHints = { rules: 0, isHidden: false, isCaption: false, isOffer: false };

export const elementHints = (tag: Tag, attributes: ReadonlyAttributes): ElementHints => {
  if (attributes.size === 0 && tag.name !== 'figcaption') return NO_HINTS;
  const ofClass = namesIn(attributes.get('class'));
  const ofId = namesIn(attributes.get('id'));
  const isUnshown = attributes.has('hidden') || HIDING_STYLE.test(attributes.get('style') ?? '');
  let rules = ofClass.rules | ofId.rules | (isUnshown ? HIDDEN : 0);
  for (const attribute of RARE_NAMING_ATTRIBUTES) rules |= namesIn(attributes.get(attribute)).rules;
  return {
    rules,
    isHidden: isUnshown || ofClass.hide || attributes.get('aria-hidden') === 'true',
    isCaption: ofClass.areOfCaption || tag.name === 'figcaption',
    isOffer: ofClass.areOfOffer || ofId.areOfOffer,
  };
};

/** Whether a link leads to an offer to pay or to register. */
export const leadsToOffer = (href: string): boolean => OFFER_LINK.test(href);
