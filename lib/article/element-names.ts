/** What the attributes of one element say about the text inside. */
import { nameRuleBit } from './block-names.ts';
import type { Tag } from './html-tags.ts';
import { matchNames } from './name-matcher.ts';

/** Attributes whose values are names that the rules know; `is` is a component's own name, too. */
export const NAMING_ATTRIBUTES = ['class', 'id', 'role', 'itemprop', 'is'] as const;
/** Classes of Tailwind that show on large screens what is hidden on small ones. */
const SHOWN_WHEN_LARGE = /(?:sm|md|lg|xl):(?:block|flex|grid|inline|table|contents)/;
const HIDING_CLASS = /(?:^|\s)(?:(?:is-|visually-?)?hidden|d-none|sr-only|screen-reader-text)(?:\s|$)/;
const HIDING_STYLE = /display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden/i;

const HIDDEN = nameRuleBit('hidden');

/** Markup says that it is not shown, at least until somebody asks for it. */
export const isHidden = (attributes: ReadonlyMap<string, string>): boolean => {
  const names = attributes.get('class') ?? '';
  return (
    attributes.has('hidden') ||
    attributes.get('aria-hidden') === 'true' ||
    HIDING_STYLE.test(attributes.get('style') ?? '') ||
    (HIDING_CLASS.test(names) && !SHOWN_WHEN_LARGE.test(names))
  );
};

/** It is called one that holds the words under a picture. */
export const isCaption = (tag: Tag, attributes: ReadonlyMap<string, string>): boolean =>
  tag.name === 'figcaption' || /caption/i.test(attributes.get('class') ?? '');

/** Which of `NAME_RULES` the names of an element match, as bits. */
export const rulesMetBy = (attributes: ReadonlyMap<string, string>): number => {
  let rules = 0;
  for (const attribute of NAMING_ATTRIBUTES) {
    const value = attributes.get(attribute);
    if (value) rules |= matchNames(value);
  }
  if (attributes.has('hidden') || HIDING_STYLE.test(attributes.get('style') ?? '')) rules |= HIDDEN;
  return rules;
};
