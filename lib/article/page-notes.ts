import type { createBlockBuilder } from './block-builder.ts';

/** What single elements of a page say about it, whatever stands around them. */
export type PageNotes = {
  /** `lang` of the document, as written. */
  readonly language: string | undefined;
  /** `<meta>`: name, property or itemprop in lower case to content; the first of each. */
  readonly metas: ReadonlyMap<string, string>;
  /** Elements that one has to fill in with a password. */
  readonly passwordFields: number;
  /** Elements that say when something was. */
  readonly times: number;
  /** Addresses of scripts and frames, each on a line. */
  readonly sources: string;
  /** Where the page says that it is to be found. */
  readonly canonical: string;
  /** Where a picture stands that is not as small as an icon: each the number of blocks before it. */
  readonly pictures: readonly number[];
};

const MAX_SOURCES_CHARACTERS = 20_000;
const MAX_PICTURES = 1000;
/** What says that it is smaller, in pixels, is an icon, a portrait of somebody or an emoji. */
const MIN_PICTURE_PIXELS = 100;

/** Both texts, cut at `maxCharacters`. */
export const joined = (text: string, more: string, maxCharacters: number): string =>
  text + more.slice(0, maxCharacters - text.length);

/**
 * Collects the notes of one page.
 * @param page says how far it has been read
 * @param attributes of the element that is being read
 */
export const createPageNotes = (
  page: Pick<ReturnType<typeof createBlockBuilder>, 'blocks' | 'isInFallback'>,
  attributes: ReadonlyMap<string, string>,
) => {
  const metas = new Map<string, string>();
  const pictures: number[] = [];
  let language: string | undefined;
  let passwordFields = 0;
  let times = 0;
  let sources = '';
  let canonical = '';

  const noteMeta = (): void => {
    const name = attributes.get('property') ?? attributes.get('name') ?? attributes.get('itemprop');
    const content = attributes.get('content');
    if (name && content && !metas.has(name.toLowerCase())) metas.set(name.toLowerCase(), content);
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

  const noteLink = (): void => {
    if (attributes.get('rel') === 'canonical') canonical ||= attributes.get('href') ?? '';
  };

  const noteTime = (): void => {
    times++;
  };

  const noteLanguage = (): void => {
    language ??= attributes.get('lang') ?? attributes.get('xml:lang');
  };

  const byName = new Map([
    ['meta', noteMeta],
    ['input', noteField],
    ['script', noteSource],
    ['iframe', noteSource],
    ['img', notePicture],
    ['link', noteLink],
    ['time', noteTime],
    ['html', noteLanguage],
  ]);

  return {
    /** @param name of the element */
    add: (name: string): void => byName.get(name)?.(),
    all: (): PageNotes => ({ language, metas, passwordFields, times, sources, canonical, pictures }),
  };
};
