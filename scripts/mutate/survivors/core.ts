import { FOR_THE_TYPES, SAVES_WORK, type Survivor } from './survivor.ts';

export const CORE: readonly Survivor[] = [
  {
    file: 'lib/core/count-words.ts',
    code: ['code > LAST_WORD_CHARACTER'],
    to: ['false'],
    why: SAVES_WORK,
  },
  {
    file: 'lib/core/count-words.ts',
    code: ['at < most'],
    why: 'only how much ICU is given at once',
  },
  {
    file: 'lib/core/count-words.ts',
    code: ['at < text.length'],
    to: ['at <= text.length'],
    why: 'what is past the end counts as a break, as the end does',
  },
  {
    file: 'lib/core/count-words.ts',
    code: ['step >= BEGINS'],
    to: ['step > BEGINS'],
    why: 'a step that begins a word also holds the letter or digit, so it is never just this',
  },
  {
    file: 'lib/core/count-words.ts',
    code: ['kind <= JOINS_DIGITS'],
    to: ['true'],
    why: 'tells only where Thai meets Latin without a space: ICU counts one word there, so neither answer is wrong',
  },
  {
    file: 'lib/core/count-words.ts',
    code: ['before !== BREAK'],
    to: ['true'],
    why: 'after a break a word begins, whatever punctuation stands between',
  },
  { file: 'lib/core/plan.ts', code: ['held !== undefined'], to: ['true'], why: FOR_THE_TYPES },
  {
    file: 'lib/core/plan.ts',
    code: ["decision.kind === 'skip'", "'skip'"],
    why: FOR_THE_TYPES,
  },
  {
    file: 'lib/core/explain.ts',
    code: ["decision.kind === 'keep'"],
    to: ['true'],
    why: 'a change without minutes is about a video, which is asked next',
  },
  { file: 'lib/core/plan.ts', code: ['item.tags.length === 0'], to: ['false'], why: SAVES_WORK },
  {
    file: 'lib/core/reading-speed.ts',
    code: ["''"],
    why: 'any text that is no language does',
  },
  {
    file: 'lib/core/explain.ts',
    code: ["'own-speed'"],
    to: ['""'],
    why: 'what is not in the order comes first, and so does this',
  },
];
