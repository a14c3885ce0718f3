/**
 * The article that a page brings in its scripts, for pages that draw themselves: the state of Next.js, Nuxt, Apollo
 * and others. Read only where the page shows next to nothing. The article is the longest text that stands in one
 * place: one string, the strings of one list of parts, or those under one name.
 */
import { countWords, type WordCount } from '../core/count-words.ts';
import { parsePage } from './parse-page.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

type Nested = readonly Json[] | { readonly [key: string]: Json };

/** Strings and objects that are looked at in all the scripts of a page. */
const MAX_VALUES = 100_000;
const MAX_DEPTH = 200;
/** Of the names on the way to a value so much is kept: UTF-16 units. */
const MAX_PATH_CHARACTERS = 500;
/** A longer script is not read: UTF-16 units. What it holds takes a hundred times as much memory. */
const MAX_SCRIPT_CHARACTERS = 1_000_000;
/** A shorter text is a label. */
const MIN_TEXT_CHARACTERS = 40;
/** With fewer words, what was found is a teaser or a message. */
const MIN_BODY_WORDS = 100;
/** Where one string has this share of a list's text, the rest of the list is about it. */
const MAIN_SHARE = 0.5;

/** A sentence is searched in this much of a text: UTF-16 units. */
const MAX_SEARCHED_CHARACTERS = 2000;
const ENDS_SENTENCE = /[.!?。！？।]/;
/** From a letter to the end of its sentence: UTF-16 units. */
const MIN_SENTENCE_CHARACTERS = 20;
const MAX_SENTENCE_CHARACTERS = 400;
const LETTER = /\p{L}/u;
const MARKUP = /<\/?[a-z][^<>]{0,500}>/i;
/** Numbers and ids name one of many. */
const ONE_OF_MANY = /^\d|[:\d]/;
/** An entry of a list with an address of its own is another article. */
const ADDRESS = /^(?:slug|url|href|link|path|permalink|uri)$/i;
/** Written by readers, or for machines. */
const NO_BODY =
  /comment|description|^__|css|style|script|query|schema|consent|cookie|translation|messages|i18n/i;
/** A string in a script that is no JSON, with the name before it. */
const LITERAL = /(?:([\w$]{1,40})["']?\s{0,3}:\s{0,3})?"((?:[^"\\]|\\.)*)(?:"|\\?$)/gs;

/** The texts found in one place, each once. */
type Place = Set<string>;

/** Whether a letter stands before its end, not too near and not too far. */
const isSentence = (text: string): boolean =>
  text.length > MIN_SENTENCE_CHARACTERS &&
  LETTER.test(text.slice(-MAX_SENTENCE_CHARACTERS - 1, -MIN_SENTENCE_CHARACTERS));

const isText = (value: string): boolean =>
  value.length >= MIN_TEXT_CHARACTERS &&
  value.slice(0, MAX_SEARCHED_CHARACTERS).split(ENDS_SENTENCE).slice(0, -1).some(isSentence);

const wordsOf = (text: string): WordCount =>
  countWords(
    MARKUP.test(text)
      ? parsePage(text)
          .blocks.map((block) => block.text)
          .join('\n')
      : text,
  );

const parse = (text: string): Json | undefined => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
};

/** The JSON that a script is or assigns: `window.__STATE__ = {...};`. */
const jsonIn = (script: string): Json | undefined =>
  parse(script) ?? parse(script.slice(script.indexOf('{'), script.lastIndexOf('}') + 1));

const isNested = (value: Json): value is Nested => typeof value === 'object' && value !== null;

/** A list of parts of a text, and not of articles. */
const isParts = (value: Json): boolean =>
  Array.isArray(value) &&
  !value.some(
    (entry) =>
      isNested(entry) && !Array.isArray(entry) && Object.keys(entry).some((key) => ADDRESS.test(key)),
  );

/** Sorts texts by where they stand. */
const newPlaces = () => {
  const places = new Map<string, Place>();
  let values = 0;
  const put = (place: string, text: string): void => {
    const texts = places.get(place) ?? new Set();
    places.set(place, texts.add(text));
  };
  const enter = (value: Nested, whole: string, list: string | undefined, depth: number): void => {
    const path = whole.slice(-MAX_PATH_CHARACTERS);
    const isList = isParts(value);
    const own = list ?? (isList ? `list ${values}` : undefined);
    if (Array.isArray(value)) {
      value.forEach((inner, at) => {
        walk(inner, `${path}.${isList ? '*' : at}`, own, depth + 1);
      });
      return;
    }
    for (const [key, inner] of Object.entries(value))
      if (!NO_BODY.test(key)) walk(inner, `${path}.${ONE_OF_MANY.test(key) ? '*' : key}`, own, depth + 1);
  };
  /** @param list the outermost list of parts around the value, if any */
  const walk = (value: Json, path: string, list: string | undefined, depth: number): void => {
    values++;
    if (typeof value === 'string' && isText(value)) {
      put(`text ${path}`, value);
      put(list ?? `text ${path}`, value);
    }
    if (isNested(value) && values <= MAX_VALUES && depth <= MAX_DEPTH) enter(value, path, list, depth);
  };
  return { places, put, walk };
};

const longest = (place: Place): string => {
  const texts = [...place];
  const all = texts.reduce((sum, { length }) => sum + length, 0);
  return texts.find(({ length }) => length > all * MAIN_SHARE) ?? texts.join('\n');
};

/** The texts in a script that is no JSON, each with the name before it. */
const literalsIn = (script: string): { name: string; text: string }[] =>
  [...script.matchAll(LITERAL)].flatMap(([, name = '', literal = '']) => {
    const text = literal.length >= MIN_TEXT_CHARACTERS ? parse(`"${literal}"`) : undefined;
    return typeof text === 'string' && isText(text) ? [{ name, text }] : [];
  });

/** The longest text in one place, or undefined where there is none of an article's length. */
export const bodyInScripts = (scripts: readonly string[]): WordCount | undefined => {
  const { places, put, walk } = newPlaces();
  for (const script of scripts) {
    if (script.length > MAX_SCRIPT_CHARACTERS) continue;
    const json = jsonIn(script);
    if (json !== undefined) walk(json, '', undefined, 0);
    else for (const { name, text } of literalsIn(script)) if (!NO_BODY.test(name)) put(`text ${name}`, text);
  }
  const texts = [...places.values()].map(longest).toSorted((a, b) => b.length - a.length);
  const count = wordsOf(texts[0] ?? '');
  return count.words >= MIN_BODY_WORDS ? count : undefined;
};
