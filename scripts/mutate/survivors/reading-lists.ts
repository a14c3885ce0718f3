import { FOR_THE_TYPES, GET_ANYWAY, IN_THE_VERY_MILLISECOND, SAVES_WORK, type Survivor } from './survivor.ts';

export const READING_LISTS: readonly Survivor[] = [
  ...[
    'instapaper',
    'karakeep',
    'linkding',
    'raindrop',
    'raindrop-wire',
    'readeck',
    'readwise-wire',
    'wallabag',
  ].map((name) => ({
    file: `lib/reading-lists/${name}.ts`,
    code: ["'GET'"],
    why: GET_ANYWAY,
  })),
  ...['karakeep', 'linkding', 'raindrop-wire', 'readeck', 'readwise-wire', 'wallabag'].map((name) => ({
    file: `lib/reading-lists/${name}.ts`,
    code: ['addedAt > 0', "''"],
    why: 'a date that is none is no number, and neither above 0 nor at it',
  })),
  {
    file: 'lib/reading-lists/linkding.ts',
    code: ['clock.now() - (readAt.get(id) ?? 0) > STALE_AFTER_MS'],
    why: IN_THE_VERY_MILLISECOND,
  },
  {
    file: 'lib/reading-lists/confirming.ts',
    code: ['results[at]?.ok'],
    why: FOR_THE_TYPES,
  },
  {
    file: 'lib/reading-lists/our-tag-names.ts',
    code: ['item.tags.length === 0'],
    why: SAVES_WORK,
  },
];
