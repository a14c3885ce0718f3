import { FOR_THE_TYPES, SAVES_WORK, type Survivor } from './survivor.ts';

export const ARTICLE: readonly Survivor[] = [
  {
    file: 'lib/article/name-rules.ts',
    code: [
      'known !== undefined',
      'remembered.size >= MOST_REMEMBERED',
      'remembered.clear();',
      'remembered.set(value, bits);',
    ],
    why: SAVES_WORK,
  },
  {
    file: 'lib/article/name-rules.ts',
    code: ["list.split(' ').filter((entry) => entry !== '')", "entry !== ''", "''", '/\\s+/'],
    why: 'an empty name meets nothing, and so does none',
  },
  {
    file: 'lib/article/name-rules.ts',
    code: ['at < name.length'],
    why: 'what is past the end is no letter, and ends a word as the end does',
  },
  {
    file: 'lib/article/phrase-rules.ts',
    code: ['at < PHRASE_RULES.length', 'PHRASE_RULES[at]?.pattern'],
    why: 'a rule that is not there is not met',
  },
  {
    file: 'lib/article/html-tags.ts',
    code: ["'span'", "'x-component'"],
    why: 'a name by which nobody asks',
  },
  {
    file: 'lib/article/html-blocks.ts',
    code: ['attributes.size > 0'],
    to: ['true', 'attributes.size >= 0'],
    why: SAVES_WORK,
  },
  {
    file: 'lib/article/html-blocks.ts',
    code: ['end - start > LONGEST_ATTRIBUTE'],
    to: ['false'],
    why: SAVES_WORK,
  },
  {
    file: 'lib/article/html-blocks.ts',
    code: ['attribute !== undefined', 'WANTED_ATTRIBUTES.has(name)'],
    to: ['true'],
    why: 'only saves work: nobody asks for what is kept of an attribute that is not wanted',
  },
  { file: 'lib/article/html-blocks.ts', code: ['tag'], to: ['true'], why: FOR_THE_TYPES },
  {
    file: 'lib/article/block-gatherer.ts',
    code: ['Math.imul(hash, HASH_PRIME) + text.charCodeAt(at)'],
    to: ['Math.imul(hash, HASH_PRIME) - text.charCodeAt(at)'],
    why: 'another number, that tells tags and classes apart as well',
  },
  {
    file: 'lib/article/block-gatherer.ts',
    code: ["''"],
    to: ['"Stryker was here!"'],
    why: 'a style that hides nothing, as no style does',
  },
  {
    file: 'lib/article/block-gatherer.ts',
    code: ['!top', '!candidate'],
    to: ['false'],
    why: FOR_THE_TYPES,
  },
  {
    file: 'lib/article/block-gatherer.ts',
    code: ['open.at(-1)?.tag', 'top?.tag'],
    why: FOR_THE_TYPES,
  },
  {
    file: 'lib/article/block-gatherer.ts',
    code: ['open.length > 0'],
    to: ['open.length >= 0'],
    why: 'of what is closed one is open: it is found before none is left',
  },
  {
    file: 'lib/article/html-tags.ts',
    code: ["'inline'"],
    to: ['""'],
    why: 'a link is known by its name before anybody asks for its role',
  },
  {
    file: 'lib/article/name-rules.ts',
    code: ['bitsByWord.get(word) ?? 0'],
    to: ['bitsByWord.get(word) && 0'],
    why: 'no word is listed by two rules so far',
  },
  {
    file: 'lib/article/trees.ts',
    code: ['left > 0'],
    to: ['left >= 0'],
    why: 'a leaf leads to itself: a step more changes nothing',
  },
  {
    file: 'lib/article/trees.ts',
    code: ['row < nodes.length', 'row < sums.length'],
    to: ['row <= nodes.length', 'row <= sums.length'],
    why: 'a typed array keeps nothing that is past its end',
  },
  {
    file: 'lib/article/page-claims.ts',
    code: ['{ return null; }'],
    to: ['{}'],
    why: 'undefined is no object either',
  },
  {
    file: 'lib/article/page-claims.ts',
    code: ["''"],
    to: ['"Stryker was here!"'],
    why: 'a meta element that says nothing of use, as none does',
  },
];
