/** Builds blocks of text, and numbers about the elements around them, from tags and text as they come. */

import { type ElementHints, elementHints, leadsToOffer, NO_HINTS } from './element-names.ts';
import { endsAt, TAG_COUNT, type Tag, tagOf } from './html-tags.ts';

/** An element that stands by itself (not inline). */
export type Element = ElementHints & {
  /** Index in `ParsedPage.elements`, below this one's; -1 at the top. */
  readonly parent: number;
  readonly tag: Tag;
  readonly depth: number;
  /** The same for elements with the same tag and class, to find what is repeated. */
  readonly signature: number;
};

/** A run of text that nothing but inline elements interrupts. */
export type Block = {
  /** Index in `ParsedPage.elements` of the element around it. */
  readonly element: number;
  /** As in the page: white space is not collapsed. Not blank. */
  readonly text: string;
  /** The part of `text` that is inside links. */
  readonly linkText: string;
  readonly links: number;
};

/** A link of a few characters to a place on the same page: mostly to a note. */
export type Mark = {
  /** Index in `ParsedPage.blocks` of the block it stands in. */
  readonly block: number;
  /** Index in `ParsedPage.elements` of the element that it leads to. */
  readonly element: number;
};

/** A page with more is no article: the rest of it is left out, so that memory stays small. */
const MAX_ELEMENTS = 30_000;
const MAX_BLOCKS = 10_000;
/** Line breaks in a row that end a block. */
const BREAKS_BETWEEN_BLOCKS = 2;
/** An unclosed paragraph is searched below this many open inline elements. */
const MAX_UNCLOSED_INLINE = 16;
const HASH_PRIME = 31;
/** The longest text of a link to a note, such as `[12]`, and how many such links are kept. */
const MAX_MARK_CHARACTERS = 5;
const MAX_MARKS = 2000;
const MAX_OFFERS = 100;

const hashOf = (text: string, from: number): number => {
  let hash = from;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, HASH_PRIME) + text.charCodeAt(at)) | 0;
  return hash;
};

const isBlank = (text: string): boolean => !/\S/.test(text);

/** An element that is open; `element` is its own index, or that of the nearest one which is not inline. */
type Open = { readonly tag: Tag; readonly element: number };

/** Collects the elements and blocks of one page. */
export const createBlockBuilder = () => {
  const elements: Element[] = [];
  const blocks: Block[] = [];
  const fallbackBlocks: Block[] = [];
  const open: Open[] = [];
  const openByTag = new Uint32Array(TAG_COUNT);
  let text = '';
  let linkText = '';
  let links = 0;
  let inLink = false;
  /** Where the link that is open leads to on this page, and where its text begins in `linkText`. */
  let target: string | undefined;
  let linkStart = 0;
  const places = new Map<string, number>();
  const marks: { block: number; target: string }[] = [];
  const offers: number[] = [];
  let breaks = 0;
  let fallbackDepth = 0;

  /** What is in no element is in the first one, which is made up where the page does not begin with `<html>`. */
  const currentElement = (): number => {
    if (elements.length === 0)
      elements.push({ parent: -1, tag: tagOf('body'), depth: 0, signature: 0, ...NO_HINTS });
    return open.at(-1)?.element ?? 0;
  };

  const endBlock = (): void => {
    if (!isBlank(text) && blocks.length + fallbackBlocks.length < MAX_BLOCKS) {
      (fallbackDepth > 0 ? fallbackBlocks : blocks).push({
        element: currentElement(),
        text,
        linkText,
        links,
      });
    }
    text = '';
    linkText = '';
    links = 0;
    breaks = 0;
  };

  const closeTop = (): void => {
    const top = open.at(-1);
    if (!top) return;
    if (top.tag.role !== 'inline') endBlock();
    open.pop();
    openByTag[top.tag.id] = (openByTag[top.tag.id] ?? 1) - 1;
    if (top.tag.role === 'fallback') fallbackDepth--;
  };

  /** Closes what HTML closes by itself before `next`: `<p>` before a block, `<li>` before `<li>`. */
  const closeWhatEnds = (next: Tag): void => {
    const lowest = Math.max(0, open.length - MAX_UNCLOSED_INLINE);
    for (let at = open.length - 1; at >= lowest; at--) {
      const candidate = open[at];
      if (!candidate) return;
      if (candidate.tag.role === 'inline') continue;
      if (!endsAt(candidate.tag, next)) return;
      while (open.length > at) closeTop();
    }
  };

  const breakLine = (isRule: boolean): void => {
    breaks++;
    text += '\n';
    if (isRule || breaks >= BREAKS_BETWEEN_BLOCKS) endBlock();
  };

  /** Adds an element and gives its index; where there are too many, what is inside counts as its parent's. */
  const addElement = (tag: Tag, attributes: ReadonlyMap<string, string>, hints: ElementHints): number => {
    const parent = tag.name === 'html' && elements.length === 0 ? -1 : currentElement();
    if (elements.length >= MAX_ELEMENTS) return parent;
    // Names on these are about the whole page: `has-sidebar`.
    const isPage = tag.name === 'html' || tag.name === 'body';
    const signature = hashOf(attributes.get('class') ?? '', hashOf(tag.name, 1));
    const depth = (elements[parent]?.depth ?? -1) + 1;
    const id = attributes.get('id');
    if (id && !places.has(id)) places.set(id, elements.length);
    const { rules, isHidden, isCaption, isOffer } = isPage ? NO_HINTS : hints;
    return elements.push({ parent, tag, depth, signature, rules, isHidden, isCaption, isOffer }) - 1;
  };

  const noteOffer = (): void => {
    if (offers.length < MAX_OFFERS) offers.push(blocks.length);
  };

  const openLink = (href: string | undefined): void => {
    if (href && leadsToOffer(href)) noteOffer();
    inLink = href !== undefined;
    if (inLink) links++;
    target = href?.startsWith('#') ? href.slice(1) : undefined;
    linkStart = linkText.length;
  };

  const closeLink = (): void => {
    inLink = false;
    const length = linkText.length - linkStart;
    if (
      target &&
      length > 0 &&
      length <= MAX_MARK_CHARACTERS &&
      marks.length < MAX_MARKS &&
      fallbackDepth === 0
    )
      marks.push({ block: blocks.length, target });
    target = undefined;
  };

  const openBlock = (tag: Tag, attributes: ReadonlyMap<string, string>): number => {
    const hints = elementHints(tag, attributes);
    if (hints.isOffer && tag.role === 'block') noteOffer();
    endBlock();
    closeWhatEnds(tag);
    if (tag.role === 'fallback') fallbackDepth++;
    return addElement(tag, attributes, hints);
  };

  return {
    elements,
    blocks,
    fallbackBlocks,
    offers,
    endBlock,
    isInFallback: (): boolean => fallbackDepth > 0,
    marks: (): Mark[] =>
      marks.flatMap(({ block, target: place }) => {
        const element = places.get(place);
        return element === undefined ? [] : [{ block, element }];
      }),
    openTag(tag: Tag, attributes: ReadonlyMap<string, string>): void {
      if (tag.name === 'a') {
        openLink(attributes.get('href'));
      } else if (tag.role === 'break') {
        breakLine(tag.name === 'hr');
      } else {
        const element = tag.role === 'inline' ? currentElement() : openBlock(tag, attributes);
        open.push({ tag, element });
        openByTag[tag.id] = (openByTag[tag.id] ?? 0) + 1;
      }
    },
    closeTag(tag: Tag): void {
      if (tag.name === 'a') closeLink();
      if (openByTag[tag.id] === 0) return;
      if (tag.role === 'inline') {
        if (open.at(-1)?.tag === tag) closeTop();
        return;
      }
      while (open.length > 0) {
        const top = open.at(-1);
        closeTop();
        if (top?.tag === tag) return;
      }
    },
    addText(part: string): void {
      if (isBlank(part)) {
        if (text !== '') text += ' ';
        return;
      }
      breaks = 0;
      text += part;
      if (inLink) linkText += part;
    },
  };
};
