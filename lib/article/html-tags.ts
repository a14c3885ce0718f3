/**
 * What each HTML element is to somebody who counts the words of an article. An element that is not listed is
 * a `block` if its name has a hyphen (a component), else `inline`.
 */

/**
 * `inline`: its text runs on with what surrounds it. `block`: stands by itself. `void`: has no content.
 * `break`: a line break. `skip`: its content is not text for reading. `fallback`: read only if the page has
 * nothing else.
 */
type TagRole = 'inline' | 'block' | 'void' | 'break' | 'skip' | 'fallback';

export type Tag = {
  /** From 0 without gaps, below `TAG_COUNT`. */
  readonly id: number;
  readonly name: string;
  readonly role: TagRole;
  /** How much like running text its content usually is: 0 (navigation) to 9 (paragraph). A feature for the model. */
  readonly prose: number;
};

const LISTED: readonly (readonly [TagRole, number, string])[] = [
  ['block', 9, 'p'],
  ['block', 8, 'blockquote pre'],
  ['block', 7, 'li dd dt ol ul dl'],
  ['block', 6, 'h2 h3 h4 h5 h6'],
  ['block', 5, 'h1 article main section'],
  ['block', 4, 'div body html center details summary hgroup'],
  ['block', 3, 'td th tr table tbody thead tfoot caption'],
  ['block', 2, 'figcaption figure address header legend fieldset picture'],
  ['block', 1, 'aside form label button dialog menu'],
  ['block', 0, 'nav footer head'],
  ['void', 4, 'img input meta link base area col embed param source track wbr'],
  ['break', 4, 'br hr'],
  [
    'skip',
    0,
    'script style title svg math select datalist textarea iframe object canvas audio video map noembed noframes rp rt frameset xmp',
  ],
  ['fallback', 0, 'noscript template'],
];

const TAGS = new Map<string, Tag>();

const newTag = (name: string, role: TagRole, prose: number): Tag => {
  const tag = { id: TAGS.size, name, role, prose };
  TAGS.set(name, tag);
  return tag;
};
for (const [role, prose, names] of LISTED) {
  for (const name of names.split(' ')) newTag(name, role, prose);
}

const INLINE = newTag('span', 'inline', 4);
newTag('a', 'inline', 4);
export const COMPONENT = newTag('x-component', 'block', 4);
newTag('time', 'inline', 4);
export const TAG_COUNT = TAGS.size;

/** The longest name worth looking up; a longer one is some component's. */
const MAX_NAME_CHARACTERS = 40;

/** @param name as written in the page, in any case and of any length */
export const tagOf = (name: string): Tag => {
  if (name.length > MAX_NAME_CHARACTERS) return COMPONENT;
  const known = TAGS.get(name) ?? TAGS.get(name.toLowerCase());
  return known ?? (name.includes('-') ? COMPONENT : INLINE);
};

/** An open element of the first name ends where one of the others begins, although nothing says so. */
const ENDED_BY: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  (
    [
      ['li', 'li'],
      ['dt', 'dt dd'],
      ['dd', 'dt dd'],
      ['tr', 'tr tbody thead tfoot'],
      ['td', 'td th tr tbody thead tfoot'],
      ['th', 'td th tr tbody thead tfoot'],
      ['head', 'body'],
    ] as const
  ).map(([name, next]) => [name, new Set(next.split(' '))]),
);

/** Whether an open `open` ends where `next` begins. A paragraph ends at any block. */
export const endsAt = (open: Tag, next: Tag): boolean =>
  open.name === 'p' ? next.role === 'block' : (ENDED_BY.get(open.name)?.has(next.name) ?? false);
