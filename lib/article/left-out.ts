/**
 * What the structure of a page says is not the text to read, however it is written: hidden text, overlays, readers'
 * comments, notes longer than the text, captions, lists of links, other articles. Never all that a page has to say.
 */
import { countWords } from '../core/count-words.ts';
import type { LeftOut } from '../core/estimate.ts';
import { type BlockFacts, type MeasuredPage as Facts, outermost } from './block-facts.ts';
import { nameRuleBit } from './block-names.ts';
import { COMPONENT } from './html-tags.ts';
import type { ParsedPage } from './parse-page.ts';
import { otherArticlesIn } from './several-articles.ts';

/** What is left out, in words for people. A block's number in `leftOutOf` is the place of its kind here, from 1. */
const LEFT_OUT_KINDS = [
  'overlays',
  'hidden text',
  'other articles',
  'comments',
  'captions',
  'lists of links',
  'notes',
] as const;

type LeftOutKind = (typeof LEFT_OUT_KINDS)[number];

const numberOf = (kind: LeftOutKind): number => LEFT_OUT_KINDS.indexOf(kind) + 1;

/** Indices of elements none of which is inside another. */
type Elements = readonly number[];

const OVERLAY = nameRuleBit('overlay') | nameRuleBit('consent');
/** Closed accordions and tabs are opened by those who read on. */
const OPENED = nameRuleBit('box');
const COMMENTS = nameRuleBit('comments');

/** So many that are alike are a list of comments. */
const MIN_ALIKE = 4;
const MIN_ALIKE_SHARE = 0.8;
/** The name and the time over a comment, or the label over all of them: words. */
const MAX_NAME_WORDS = 6;
/** Without so much running text beside it, a list is what there is to read on the page: words. */
const MIN_TEXT_BESIDE_COMMENTS = 50;
const MIN_TEXT_BESIDE_CAPTIONS = 100;
const MIN_TEXT_BESIDE_LINKS = 100;
const MIN_LINKS = 3;
const MIN_LINK_SHARE = 0.8;
const MIN_NOTES = 3;
/** Shorter notes, as a share of the text, belong to it. */
const MIN_NOTES_SHARE = 0.5;
const LISTS = new Set(['ul', 'ol']);
const HEADING = /^h[1-6]$/;
/** A few words and a number, such as `Opiniones (40)`. */
const COUNTED_LABEL = /^[^\d.?!]{0,40}(\d{1,6})[^\d.?!]{0,40}$/;

const blocksIn = ({ blocks, elements }: Facts, element: number): readonly BlockFacts[] => {
  const own = elements[element];
  return own ? blocks.slice(own.firstBlock, own.firstBlock + own.blocks) : [];
};

const proseIn = ({ elements }: Facts, of: Elements): number =>
  of.reduce((sum, at) => sum + (elements[at]?.proseWords ?? 0), 0);

/** The first element holds all of a page. */
const proseOutside = (facts: Facts, of: Elements): number =>
  (facts.elements[0]?.proseWords ?? 0) - proseIn(facts, of);

const tagOf = ({ page }: Facts, element: number): string => page.elements[element]?.tag.name ?? '';

const isHeading = (facts: Facts, { element }: BlockFacts): boolean => HEADING.test(tagOf(facts, element));

/** Code is shown on a click. Where more of the text is hidden than shown, scripts show it. */
const hiddenIn = (facts: Facts): Elements => {
  const hidden = outermost(
    facts,
    ({ isHidden }, at) => isHidden && !((facts.elements[at]?.rules ?? 0) & OPENED),
  );
  const code = hidden.filter((at) => tagOf(facts, at) === 'pre');
  const text = hidden.filter((at) => tagOf(facts, at) !== 'pre');
  return proseOutside(facts, hidden) > proseIn(facts, text) ? hidden : code;
};

/** Elements with the same parent, tag and class, where there are many. */
const alikeIn = ({ page, elements }: Facts): Elements[] => {
  const groups = new Map<number, number[]>();
  elements.forEach(({ alike, blocks }, at) => {
    const element = page.elements[at];
    if (alike < MIN_ALIKE || blocks === 0 || !element) return;
    // Both numbers in one, whole: a signature has 32 bits.
    const key = element.parent * 2 ** 32 + (element.signature >>> 0);
    const group = groups.get(key);
    if (group) group.push(at);
    else groups.set(key, [at]);
  });
  return [...groups.values()].filter(({ length }) => length >= MIN_ALIKE);
};

/** A name over running text: so a comment looks in any language and under any name. */
const looksLikeComment = (facts: Facts, element: number): boolean => {
  const [first, second] = blocksIn(facts, element);
  if (!first || !second || first.element === element || isHeading(facts, first)) return false;
  return first.words <= MAX_NAME_WORDS && first.proseWords === 0 && !first.endsSentence;
};

/** The number in the label over a list. */
const countInLabel = ({ page, blocks, elements }: Facts, [first = 0]: Elements): number => {
  const at = elements[first]?.firstBlock ?? 0;
  const counts = [at - 1, at - 2].map((over) =>
    (blocks[over]?.words ?? 0) <= MAX_NAME_WORDS
      ? Number(COUNTED_LABEL.exec(page.blocks[over]?.text.trim() ?? '')?.[1] ?? 0)
      : 0,
  );
  return Math.max(...counts);
};

const isComments = (facts: Facts, group: Elements): boolean => {
  const first = facts.page.elements[group[0] ?? 0];
  // Under other names than a component's own, answers may be what a page is about: a forum's.
  const isNamed = first?.tag === COMPONENT && (first.rules & COMMENTS) !== 0;
  const isCounted =
    countInLabel(facts, group) >= group.length &&
    group.filter((element) => looksLikeComment(facts, element)).length >= group.length * MIN_ALIKE_SHARE;
  return (isNamed || isCounted) && proseOutside(facts, group) >= MIN_TEXT_BESIDE_COMMENTS;
};

/** The words under pictures. */
const captionsIn = (facts: Facts): Elements => {
  const captions = outermost(facts, ({ isCaption }) => isCaption);
  return proseOutside(facts, captions) >= MIN_TEXT_BESIDE_CAPTIONS ? captions : [];
};

/** Contents, sources, what else there is to read. */
const linkListsIn = (facts: Facts): Elements => {
  const lists = outermost(facts, ({ tag }, at) => {
    const { blocks = 0, words = 0, linkWords = 0 } = facts.elements[at] ?? {};
    return LISTS.has(tag.name) && blocks >= MIN_LINKS && linkWords > words * MIN_LINK_SHARE;
  });
  return proseOutside(facts, lists) >= MIN_TEXT_BESIDE_LINKS ? lists : [];
};

/**
 * Where marks such as `[12]` in the text lead to, behind it, where this is no heading; and what is like these there.
 */
const notesIn = (facts: Facts, alike: readonly Elements[]): Elements => {
  const marked = new Set(
    facts.page.marks.flatMap(({ block, element }) => {
      const isBehind = (facts.elements[element]?.firstBlock ?? 0) > block;
      return isBehind && !blocksIn(facts, element).some((one) => isHeading(facts, one)) ? [element] : [];
    }),
  );
  if (marked.size < MIN_NOTES) return [];
  const first = Math.min(...marked);
  const like = alike.filter((group) => group.some((element) => marked.has(element))).flat();
  const notes = [...new Set([...marked, ...like.filter((element) => element > first)])];
  return proseIn(facts, notes) > MIN_NOTES_SHARE * proseOutside(facts, notes) &&
    proseOutside(facts, notes) >= MIN_TEXT_BESIDE_COMMENTS
    ? notes
    : [];
};

/** For each block the number of its kind in `LEFT_OUT_KINDS`, from 1, where it is left out, else 0. */
export const leftOutOf = (facts: Facts): Uint8Array => {
  const { blocks, elements } = facts;
  const alike = alikeIn(facts);
  const overlay = numberOf('overlays');
  const leftOut = Uint8Array.from(blocks, ({ element }) => {
    const rules = elements[element]?.rules ?? 0;
    return rules & OVERLAY && !(rules & OPENED) ? overlay : 0;
  });
  const leaveOut = (kind: LeftOutKind, of: Elements): void => {
    for (const element of of) {
      const { firstBlock = 0, blocks: count = 0 } = elements[element] ?? {};
      if (count > 0) leftOut.fill(numberOf(kind), firstBlock, firstBlock + count);
    }
  };
  leaveOut('hidden text', hiddenIn(facts));
  leaveOut('other articles', otherArticlesIn(facts));
  leaveOut('comments', alike.filter((group) => isComments(facts, group)).flat());
  leaveOut('captions', captionsIn(facts));
  leaveOut('lists of links', linkListsIn(facts));
  leaveOut('notes', notesIn(facts, alike));
  return leftOut;
};

/**
 * How much is left out, by kind.
 * @param leftOut see `leftOutOf`
 * @param counted blocks that are counted all the same
 */
export const leftOutWords = (
  { blocks }: Pick<ParsedPage, 'blocks'>,
  leftOut: Uint8Array,
  counted: ReadonlySet<number>,
): readonly LeftOut[] =>
  LEFT_OUT_KINDS.flatMap((kind, number) => {
    const isKind = (_: unknown, at: number): boolean => leftOut[at] === number + 1 && !counted.has(at);
    const words = blocks.filter(isKind).reduce((sum, { text }) => sum + countWords(text).words, 0);
    return words > 0 ? [{ kind, words }] : [];
  });
