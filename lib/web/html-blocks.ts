/**
 * HTML to blocks of text, in one pass of a tokenizer: no tree of nodes, no recursion. What is kept of the
 * elements around the text is numbers only. Reads any input; the time is linear in its length.
 */
import { Tokenizer } from 'htmlparser2';
import { bitOf, rulesMet } from './block-rules.ts';
import { endsAt, type Tag, tagOf } from './html-tags.ts';

/** An element that stands by itself (not inline). */
export type Element = {
  /** Index in `Page.elements`, below this one's; -1 at the top. */
  readonly parent: number;
  readonly tag: Tag;
  readonly depth: number;
  /** Which of `RULES` its names meet, as bits. */
  readonly rules: number;
  /** The same for elements with the same tag and class, to find what is repeated. */
  readonly signature: number;
};

/** A run of text that nothing but inline elements interrupts. */
export type Block = {
  /** Index in `Page.elements` of the element around it. */
  readonly element: number;
  /** As in the page: white space is not collapsed. Not blank. */
  readonly text: string;
  /** The part of `text` that is inside links. */
  readonly linkText: string;
  readonly links: number;
};

export type Page = {
  readonly elements: readonly Element[];
  readonly blocks: readonly Block[];
  /** Blocks inside `<noscript>` and templates: read if there is nothing else. */
  readonly blocksApart: readonly Block[];
  readonly title: string;
  /** `lang` of the document, as written. */
  readonly language: string | undefined;
  /** `<meta>`: name, property or itemprop in lower case to content; the first of each. */
  readonly metas: ReadonlyMap<string, string>;
  /** Bodies of JSON-LD scripts. */
  readonly jsonLd: readonly string[];
  /** Elements that one has to fill in with a password, or that play a video. */
  readonly passwordFields: number;
  readonly videos: number;
};

/** A page with more is no article: the rest of it is left out, so that memory stays small. */
const MOST_ELEMENTS = 60_000;
const MOST_BLOCKS = 30_000;
/** Longer values of attributes are cut: UTF-16 units. */
const LONGEST_VALUE = 500;
const LONGEST_NAME = 60;
const LONGEST_TITLE = 1000;
const LONGEST_JSON_LD = 500_000;
/** Line breaks in a row that end a block, as a blank line does. */
const BREAKS_BETWEEN_BLOCKS = 2;
/** How many inline elements are looked through for a paragraph that nobody closed. */
const UNCLOSED_INLINE = 16;
const HASH_PRIME = 31;

const WANTED_ATTRIBUTES = new Set(
  'class id role itemprop style hidden aria-hidden lang xml:lang name property content type href'.split(' '),
);
const NAMING_ATTRIBUTES = ['class', 'id', 'role', 'itemprop'] as const;
const HIDING_STYLE = /display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden/i;

const hashOf = (text: string, from: number): number => {
  let hash = from;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, HASH_PRIME) + text.charCodeAt(at)) | 0;
  return hash;
};

const isBlank = (text: string): boolean => text.trim() === '';

/** An element that is open; `element` is its own index, or that of the nearest one which is not inline. */
type Open = { readonly tag: Tag; readonly element: number };

const HIDDEN = bitOf('hidden');

const rulesMetBy = (attributes: ReadonlyMap<string, string>): number => {
  let rules = 0;
  for (const attribute of NAMING_ATTRIBUTES) {
    const value = attributes.get(attribute);
    if (value) for (const name of value.split(/\s+/)) rules |= rulesMet(name);
  }
  if (attributes.has('hidden') || HIDING_STYLE.test(attributes.get('style') ?? '')) rules |= HIDDEN;
  return rules;
};

/** Gathers elements and blocks as tags and text come in. */
const gatherer = () => {
  const elements: Element[] = [];
  const blocks: Block[] = [];
  const blocksApart: Block[] = [];
  const open: Open[] = [];
  const openByName = new Map<string, number>();
  let text = '';
  let linkText = '';
  let links = 0;
  let inLink = false;
  let breaks = 0;
  let apart = 0;

  const currentElement = (): number => open.at(-1)?.element ?? -1;

  const endBlock = (): void => {
    if (text !== '' && !isBlank(text) && blocks.length + blocksApart.length < MOST_BLOCKS) {
      (apart > 0 ? blocksApart : blocks).push({ element: currentElement(), text, linkText, links });
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
    openByName.set(top.tag.name, (openByName.get(top.tag.name) ?? 1) - 1);
    if (top.tag.role === 'apart') apart--;
  };

  /** Closes what HTML closes by itself before `next`: `<p>` before a block, `<li>` before `<li>`. */
  const closeWhatEnds = (next: Tag): void => {
    const lowest = Math.max(0, open.length - UNCLOSED_INLINE);
    for (let at = open.length - 1; at >= lowest; at--) {
      const candidate = open[at];
      if (!candidate) return;
      if (endsAt(candidate.tag, next)) {
        while (open.length > at) closeTop();
      } else if (candidate.tag.role !== 'inline') return;
    }
  };

  return {
    elements,
    blocks,
    blocksApart,
    endBlock,
    openTag(tag: Tag, attributes: ReadonlyMap<string, string>): void {
      if (tag.name === 'a') {
        inLink = attributes.has('href');
        if (inLink) links++;
        return;
      }
      if (tag.role === 'break') {
        breaks++;
        text += '\n';
        if (breaks >= BREAKS_BETWEEN_BLOCKS || tag.name === 'hr') endBlock();
        return;
      }
      let element = currentElement();
      if (tag.role !== 'inline') {
        endBlock();
        closeWhatEnds(tag);
        element = currentElement();
        if (elements.length < MOST_ELEMENTS) {
          const parent = element;
          const isPage = tag.name === 'html' || tag.name === 'body';
          const signature = hashOf(attributes.get('class') ?? '', hashOf(tag.name, 1));
          const depth = (elements[parent]?.depth ?? -1) + 1;
          element = elements.length;
          elements.push({ parent, tag, depth, rules: isPage ? 0 : rulesMetBy(attributes), signature });
        }
        if (tag.role === 'apart') apart++;
      }
      open.push({ tag, element });
      openByName.set(tag.name, (openByName.get(tag.name) ?? 0) + 1);
    },
    closeTag(tag: Tag): void {
      if (tag.name === 'a') inLink = false;
      if ((openByName.get(tag.name) ?? 0) <= 0) return;
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

/** Reads a page. @param html decoded text of any kind, HTML or not */
export const readPage = (html: string): Page => {
  const page = gatherer();
  const metas = new Map<string, string>();
  const jsonLd: string[] = [];
  const attributes = new Map<string, string>();
  let tag: Tag | undefined;
  let attribute: string | undefined;
  let value = '';
  let title = '';
  let language: string | undefined;
  let passwordFields = 0;
  let videos = 0;
  /** Name of the element whose content is being skipped, and how many of that name are open. */
  let skipped: string | undefined;
  let skippedDepth = 0;
  let isJsonLd = false;
  let hasTitle = false;

  const noteMeta = (): void => {
    const name = attributes.get('property') ?? attributes.get('name') ?? attributes.get('itemprop');
    const content = attributes.get('content');
    if (name && content && !metas.has(name.toLowerCase())) metas.set(name.toLowerCase(), content);
  };

  const beginSkipping = (name: string): void => {
    skipped = name;
    skippedDepth = 1;
    isJsonLd = name === 'script' && attributes.get('type')?.toLowerCase() === 'application/ld+json';
    if (isJsonLd) jsonLd.push('');
    if (name === 'video') videos++;
  };

  const openTag = (opened: Tag): void => {
    if (skipped !== undefined) {
      if (opened.name === skipped) skippedDepth++;
      return;
    }
    if (opened.name === 'meta') noteMeta();
    else if (opened.name === 'input') passwordFields += attributes.get('type') === 'password' ? 1 : 0;
    else if (opened.name === 'html') language ??= attributes.get('lang') ?? attributes.get('xml:lang');
    if (opened.role === 'skip') beginSkipping(opened.name);
    else if (opened.role !== 'void') page.openTag(opened, attributes);
  };

  const closeTag = (closed: Tag): void => {
    if (skipped === undefined) page.closeTag(closed);
    else if (closed.name === skipped) {
      skippedDepth--;
      if (skippedDepth <= 0) skipped = undefined;
    }
  };

  const addText = (part: string): void => {
    if (skipped === 'title') {
      if (!hasTitle && title.length < LONGEST_TITLE) title += part;
    } else if (skipped === undefined) page.addText(part);
    else if (isJsonLd) {
      const last = jsonLd.length - 1;
      if ((jsonLd[last]?.length ?? 0) < LONGEST_JSON_LD) jsonLd[last] += part;
    }
  };

  const tokenizer = new Tokenizer(
    {},
    {
      onopentagname(start, end) {
        tag = tagOf(html.slice(start, Math.min(end, start + LONGEST_NAME)));
        if (attributes.size > 0) attributes.clear();
      },
      onattribname(start, end) {
        const name = end - start > LONGEST_NAME ? '' : html.slice(start, end).toLowerCase();
        attribute = WANTED_ATTRIBUTES.has(name) ? name : undefined;
        value = '';
      },
      onattribdata(start, end) {
        if (attribute !== undefined && value.length < LONGEST_VALUE) {
          value += html.slice(start, Math.min(end, start + LONGEST_VALUE));
        }
      },
      onattribentity(code) {
        if (attribute !== undefined && value.length < LONGEST_VALUE) value += String.fromCodePoint(code);
      },
      onattribend() {
        if (attribute !== undefined && !attributes.has(attribute)) attributes.set(attribute, value);
      },
      onopentagend() {
        if (tag) openTag(tag);
      },
      onselfclosingtag() {
        if (tag) openTag(tag);
        if (tag) closeTag(tag);
      },
      onclosetag(start, end) {
        const closed = tagOf(html.slice(start, Math.min(end, start + LONGEST_NAME)));
        if (skipped === 'title') hasTitle = true;
        closeTag(closed);
      },
      ontext: (start, end) => addText(html.slice(start, end)),
      ontextentity: (code) => addText(String.fromCodePoint(code)),
      oncdata: () => {},
      oncomment: () => {},
      ondeclaration: () => {},
      onprocessinginstruction: () => {},
      onend: () => page.endBlock(),
      isInForeignContext: () =>
        skipped === 'svg' || skipped === 'math' || tag?.name === 'svg' || tag?.name === 'math',
    },
  );
  tokenizer.write(html);
  tokenizer.end();
  const { elements, blocks, blocksApart } = page;
  return {
    elements,
    blocks,
    blocksApart,
    title: title.trim(),
    language,
    metas,
    jsonLd,
    passwordFields,
    videos,
  };
};
