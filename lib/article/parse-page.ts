/**
 * HTML to blocks of text, in one pass of a tokenizer: no tree of nodes, no recursion. What is kept of the
 * elements around the text is numbers only. Reads any input; the time is linear in its length.
 */
import { Tokenizer } from 'htmlparser2';
import { type Block, createBlockBuilder, type Element, type Mark } from './block-builder.ts';
import { NAMING_ATTRIBUTES } from './element-names.ts';
import { COMPONENT, type Tag, tagOf } from './html-tags.ts';

export type ParsedPage = {
  readonly elements: readonly Element[];
  readonly blocks: readonly Block[];
  /** Blocks inside `<noscript>` and templates: read if there is nothing else. */
  readonly fallbackBlocks: readonly Block[];
  readonly marks: readonly Mark[];
  readonly title: string;
  /** `lang` of the document, as written. */
  readonly language: string | undefined;
  /** `<meta>`: name, property or itemprop in lower case to content; the first of each. */
  readonly metas: ReadonlyMap<string, string>;
  /** Bodies of JSON-LD scripts. */
  readonly jsonLd: readonly string[];
  /** Bodies of other scripts that are long enough to hold an article. */
  readonly scripts: readonly string[];
  /** Elements that one has to fill in with a password, or that play a video. */
  readonly passwordFields: number;
  readonly videos: number;
  /** Elements that say when something was. */
  readonly times: number;
  /** Addresses of scripts and frames, each on a line. */
  readonly sources: string;
  /** Where the page says that it is to be found. */
  readonly canonical: string;
  /** Where it was found, where that is known. */
  readonly address?: string | undefined;
  /** Addresses that `<article>` elements give as their own, by index in `elements`. */
  readonly articleAddresses: ReadonlyMap<number, string>;
  /** The first `itemtype` of an article. */
  readonly itemType: string;
  /** Where an offer to pay or to register begins: each the number of blocks before it. */
  readonly offers: readonly number[];
  /** Where a picture stands that is not as small as an icon: each the number of blocks before it. */
  readonly pictures: readonly number[];
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

const MAX_SOURCES_CHARACTERS = 20_000;
const MAX_PICTURES = 1000;
/** What says that it is smaller, in pixels, is an icon, a portrait of somebody or an emoji. */
const MIN_PICTURE_PIXELS = 100;

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

/** Both texts, cut at `maxCharacters`. */
const joined = (text: string, more: string, maxCharacters: number): string =>
  text + more.slice(0, maxCharacters - text.length);

/** Parses a page. @param html decoded text of any kind, HTML or not */
export const parsePage = (html: string): ParsedPage => {
  const page = createBlockBuilder();
  const metas = new Map<string, string>();
  const jsonLd: string[] = [];
  const scripts: string[] = [];
  const attributes = new Map<string, string>();
  let tag: Tag | undefined;
  let attribute: string | undefined;
  let value: string;
  let title = '';
  let language: string | undefined;
  let passwordFields = 0;
  let videos = 0;
  let times = 0;
  let sources = '';
  let canonical = '';
  let itemType = '';
  const articleAddresses = new Map<number, string>();
  const pictures: number[] = [];
  /** Name of the element whose content is being skipped, and how many of that name are open. */
  let skipped: string | undefined;
  let skippedDepth = 0;
  let isJsonLd: boolean;
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
    if (name === 'video') videos++;
  };

  const noteField = (): void => {
    if (attributes.get('type')?.toLowerCase() === 'password') passwordFields++;
  };

  const noteSource = (): void => {
    const source = attributes.get('src');
    if (source) sources = joined(sources, `${source}\n`, MAX_SOURCES_CHARACTERS);
  };

  const notePicture = (): void => {
    const sides = [attributes.get('width'), attributes.get('height')].map((side = '') =>
      Number.parseInt(side, 10),
    );
    const isIcon = sides.some((side) => side < MIN_PICTURE_PIXELS);
    if (!isIcon && !page.isInFallback() && pictures.length < MAX_PICTURES) pictures.push(page.blocks.length);
  };

  /** By name, what is to be noted of an element. */
  const notes: Readonly<Record<string, () => void>> = {
    meta: noteMeta,
    input: noteField,
    script: noteSource,
    iframe: noteSource,
    img: notePicture,
    link() {
      if (attributes.get('rel') === 'canonical') canonical ||= attributes.get('href') ?? '';
    },
    time() {
      times++;
    },
    html() {
      language ??= attributes.get('lang') ?? attributes.get('xml:lang');
    },
  };

  const openTag = (opened: Tag): void => {
    if (skipped !== undefined) {
      if (opened.name === skipped) skippedDepth++;
      return;
    }
    notes[opened.name]?.();
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
    language,
    metas,
    jsonLd,
    scripts,
    passwordFields,
    videos,
    times,
    sources,
    canonical,
    articleAddresses,
    itemType,
    offers,
    pictures,
  };
};
