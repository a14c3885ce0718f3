/** Finds what is one word although marks are inside: a URL, an e-mail address, a path, a digest. */
import { classOf, DIGIT, IGNORED, LETTER } from './character-classes.ts';

/** Each alternative takes time linear in the text. */
const ADDRESS = new RegExp(
  [
    /(?:\w:\/\/|^(?:doi|mailto|urn):|^10\.\d{4,9}\/)[^/]/, // a URL, a URN, a DOI
    /^[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}[/:?#]./u, // a URL without its scheme
    /@[\p{L}\p{N}-]+\.\p{L}/u, // an e-mail address
    /^(?:(?:~|\.{1,2}|[a-z]:)[/\\]|[/\\][^/\\]+[/\\])[^/\\]*?[\p{L}\p{N}]/u, // a path from a root
    /^[\w.@~-]+(?:[/\\][\w.@~-]+)*[/\\][\w-]+\.[a-z][a-z0-9]{1,4}$/, // a path to a file with an extension
    /^[a-z0-9-]+:[\da-f]{32,}$/, // a digest with the name of its algorithm
  ]
    .map(({ source }) => source)
    .join('|'),
  'iu',
);
/** No more of an address is looked at: UTF-16 units. */
const MAX_ADDRESS_UNITS = 2000;

const ENDS_ADDRESS = '"<>`|';
const STOPS_BEFORE_ADDRESS = `${ENDS_ADDRESS}'()*,;=[]{}`;
const TRAILS_ADDRESS = ".,:;!?'*)]}";
const SPACE = 0x20;
const MAX_ASCII = 0x7f;

/** Whether a character may be in an address; of ASCII, all but white space and `stops`. */
const isInAddress = (text: string, at: number, stops: string): boolean => {
  const code = text.charCodeAt(at);
  if (code <= MAX_ASCII) return code > SPACE && !stops.includes(text[at] ?? '');
  const kind = classOf(code);
  return kind === LETTER || kind === DIGIT || kind === IGNORED;
};

/** What stands without white space around a mark: an address, or not. */
const tokenAround = (text: string, mark: number) => {
  let start = mark;
  while (start > 0 && isInAddress(text, start - 1, STOPS_BEFORE_ADDRESS)) start--;
  let end = mark + 1;
  while (end < text.length && isInAddress(text, end, ENDS_ADDRESS)) end++;
  let last = end;
  while (last > mark + 1 && TRAILS_ADDRESS.includes(text[last - 1] ?? '')) last--;
  const token = text.slice(start, Math.min(last, start + MAX_ADDRESS_UNITS));
  return { start, end, isAddress: ADDRESS.test(token) };
};

/** Whether a mark can be inside an address: no white space stands right behind it. */
export const mayBeInAddress = (text: string, mark: number): boolean => !(text.charCodeAt(mark + 1) <= SPACE);

/** Finds the address around a mark, if there is one, asked mark by mark: no token is looked at twice. */
export const addressesIn = (text: string) => {
  let lookedUntil = 0;
  return (mark: number): { start: number; end: number } | undefined => {
    if (mark < lookedUntil || !mayBeInAddress(text, mark)) return undefined;
    const token = tokenAround(text, mark);
    lookedUntil = token.end;
    return token.isAddress ? token : undefined;
  };
};
