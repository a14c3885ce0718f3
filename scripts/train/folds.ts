/** Which pages are learned from, and tested, together: those of one site. */
import { createHash } from 'node:crypto';
import type { Truth } from '../../bench/corpus.ts';

const SECOND_LEVEL = /\.(?:com?|org|net|gov|ac|edu)\.[a-z]{2}$/;

/** `news.example.co.uk` -> `example.co.uk`: what is published together is learned or tested together. */
const siteOf = (host: string): string =>
  host
    .split('.')
    .slice(SECOND_LEVEL.test(host) ? -3 : -2)
    .join('.');

/** The number of a page's fold, the same one for a whole site; a page without address is a site of its own. */
export const foldOf = (id: string, { url }: Truth, folds: number): number => {
  const site = url ? siteOf(new URL(url).hostname) : id;
  return createHash('md5').update(site).digest().readUInt32BE() % folds;
};
