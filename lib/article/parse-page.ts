/**
 * HTML to blocks of text, in one pass of a tokenizer: no tree of nodes, no recursion. What is kept of the
 * elements around the text is numbers only. Reads any input; the time is linear in its length.
 */
import { Tokenizer } from 'htmlparser2';
import { type Block, createBlockBuilder, type Element, type Mark } from './block-builder.ts';
import { NAMING_ATTRIBUTES } from './element-names.ts';
import { COMPONENT, type Tag, tagOf } from './html-tags.ts';
import { createPageNotes, joined, type PageNotes } from './page-notes.ts';

export type ParsedPage = PageNotes & {
  readonly elements: readonly Element[];
  readonly blocks: readonly Block[];
  /** Blocks inside `<noscript>` and templates: read if there is nothing else. */
  readonly fallbackBlocks: readonly Block[];
  readonly marks: readonly Mark[];
  readonly title: string;
  /** Bodies of JSON-LD scripts. */
  readonly jsonLd: readonly string[];
  /** Bodies of other scripts that are long enough to hold an article. */
  readonly scripts: readonly string[];
  /** Elements that play a video. */
  readonly videos: number;
  /** Where it was found, where that is known. */
  readonly address?: string | undefined;
  /** Addresses that `<article>` elements give as their own, by index in `elements`. */
  readonly articleAddresses: ReadonlyMap<number, string>;
  /** The first `itemtype` of an article. */
  readonly itemType: string;
  /** Where an offer to pay or to register begins: each the number of blocks before it. */
  readonly offers: readonly number[];
};

/** Longer values of attributes, names of tags, titles and scripts are cut: UTF-16 units. */
const MAX_VALUE_CHARACTERS = 500;
const MAX_NAME_CHARACTERS = 60;
/** No attribute with a longer name is read. */
const MAX_ATTRIBUTE_NAME_CHARACTERS = 11;
const MAX_TITLE_CHARACTERS = 1000;
const MAX_JSON_LD_CHARACTERS = 500_000;
const MIN_SCRIPT_CHARACTERS = 500;
const MAX_SCRIPTS = 100;

const WANTED_ATTRIBUTES = new Set<string>([
  ...NAMING_ATTRIBUTES,
  'style',
  'hidden',
  'aria-hidden',
  'itemtype',
]);
/** Those of a few elements besides. */
const OWN_ATTRIBUTES: Readonly<Record<string, ReadonlySet<string>>> = {
  a: new Set(['href']),
  article: new Set(['data-url']),
  html: new Set(['lang', 'xml:lang']),
  iframe: new Set(['src']),
  img: new Set(['width', 'height']),
  input: new Set(['type']),
  link: new Set(['rel', 'href']),
  meta: new Set(['name', 'property', 'content']),
  script: new Set(['type', 'src']),
};

/** Parses a page. @param html decoded text of any kind, HTML or not */
export const parsePage = (html: string): ParsedPage => {
  const page = createBlockBuilder();
  const jsonLd: string[] = [];
  const scripts: string[] = [];
  const attributes = new Map<string, string>();
  const notes = createPageNotes(page, attributes);
  let tag: Tag | undefined;
  let attribute: string | undefined;
  let value: string;
  let title = '';
  let videos = 0;
  let itemType = '';
  const articleAddresses = new Map<number, string>();
  /** Name of the element whose content is being skipped, and how many of that name are open. */
  let skipped: string | undefined;
  let skippedDepth = 0;
  let isJsonLd: boolean;
  let hasTitle = false;

  const beginSkipping = (name: string): void => {
    skipped = name;
    skippedDepth = 1;
    isJsonLd = name === 'script' && attributes.get('type')?.toLowerCase() === 'application/ld+json';
    if (name === 'video') videos++;
  };

  const openTag = (opened: Tag): void => {
    if (skipped !== undefined) {
      if (opened.name === skipped) skippedDepth++;
      return;
    }
    notes.add(opened.name);
    if (opened.role === 'skip') beginSkipping(opened.name);
    else if (opened.role !== 'void') page.openTag(opened, attributes);
    const address = opened.name === 'article' && attributes.get('data-url');
    if (address) articleAddresses.set(page.elements.length - 1, address);
  };

  const closeTag = (closed: Tag): void => {
    if (skipped === undefined) page.closeTag(closed);
    else if (closed.name === skipped) {
      skippedDepth--;
      if (skippedDepth <= 0) skipped = undefined;
    }
  };

  const addText = (part: string): void => {
    if (skipped === undefined) page.addText(part);
    else if (skipped === 'title' && !hasTitle) title = joined(title, part, MAX_TITLE_CHARACTERS);
    // What is in a script comes in one part.
    else if (isJsonLd) jsonLd.push(part.slice(0, MAX_JSON_LD_CHARACTERS));
    else if (skipped === 'script' && part.length >= MIN_SCRIPT_CHARACTERS && scripts.length < MAX_SCRIPTS)
      scripts.push(part);
  };

  const tokenizer = new Tokenizer(
    // Else the rest of the page is text, tags and all, behind `<iframe/>` or `<title/>`.
    { recognizeSelfClosing: true },
    {
      onopentagname(start, end) {
        const name = html.slice(start, Math.min(end, start + MAX_NAME_CHARACTERS));
        tag = tagOf(name);
        if (attributes.size > 0) attributes.clear();
        if (tag === COMPONENT) attributes.set('is', name);
      },
      onattribname(start, end) {
        attribute = undefined;
        value = '';
        if (end - start > MAX_ATTRIBUTE_NAME_CHARACTERS) return;
        const name = html.slice(start, end).toLowerCase();
        const isWanted = WANTED_ATTRIBUTES.has(name) || OWN_ATTRIBUTES[tag?.name ?? '']?.has(name);
        if (isWanted) attribute = name;
      },
      onattribdata(start, end) {
        if (attribute !== undefined && value.length < MAX_VALUE_CHARACTERS) {
          value += html.slice(start, Math.min(end, start + MAX_VALUE_CHARACTERS));
        }
      },
      onattribentity(code) {
        if (attribute !== undefined && value.length < MAX_VALUE_CHARACTERS)
          value += String.fromCodePoint(code);
      },
      onattribend() {
        if (attribute !== undefined && !attributes.has(attribute)) attributes.set(attribute, value);
        if (attribute === 'itemtype' && /article|posting/i.test(value)) itemType ||= value;
      },
      onopentagend() {
        if (tag) openTag(tag);
      },
      onselfclosingtag() {
        if (tag) openTag(tag);
        if (tag) closeTag(tag);
      },
      onclosetag(start, end) {
        const closed = tagOf(html.slice(start, Math.min(end, start + MAX_NAME_CHARACTERS)));
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
      isInForeignContext: () => skipped === 'svg' || skipped === 'math',
    },
  );
  tokenizer.write(html);
  tokenizer.end();
  const { elements, blocks, fallbackBlocks, offers } = page;
  return {
    elements,
    blocks,
    fallbackBlocks,
    marks: page.marks(),
    title: title.trim(),
    jsonLd,
    scripts,
    videos,
    articleAddresses,
    itemType,
    offers,
    ...notes.all(),
  };
};
