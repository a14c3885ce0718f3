import { SAVES_WORK, type Survivor } from './survivor.ts';

export const ARTICLE: readonly Survivor[] = [
  {
    file: 'lib/web/article/name-rules.ts',
    code: [
      'known !== undefined',
      'remembered.size >= MOST_REMEMBERED',
      'remembered.clear();',
      'remembered.set(value, bits);',
    ],
    why: SAVES_WORK,
  },
  {
    file: 'lib/web/article/name-rules.ts',
    code: ["list.split(' ').filter((entry) => entry !== '')", "entry !== ''", "''", '/\\s+/'],
    why: 'an empty name meets nothing, and so does none',
  },
  {
    file: 'lib/web/article/name-rules.ts',
    code: ['at < name.length'],
    why: 'what is past the end is no letter, and ends a word as the end does',
  },
  {
    file: 'lib/web/article/phrase-rules.ts',
    code: ['at < PHRASE_RULES.length', 'PHRASE_RULES[at]?.pattern'],
    why: 'a rule that is not there is not met',
  },
  {
    file: 'lib/web/article/html-tags.ts',
    code: ["'span'", "'x-component'"],
    why: 'a name by which nobody asks',
  },
];
