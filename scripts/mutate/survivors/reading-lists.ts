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
    to: ['addedAt >= 0', '"Stryker was here!"'],
    why: 'a date that is none is no number, whatever text it is; and nothing was saved in the first second of 1970',
  })),
  {
    file: 'lib/reading-lists/linkding.ts',
    code: ['clock.now() - (readAt.get(id) ?? 0) > STALE_AFTER_MS'],
    why: IN_THE_VERY_MILLISECOND,
  },
  ...['linkding', 'raindrop', 'wallabag'].map((name) => ({
    file: `lib/reading-lists/${name}.ts`,
    code: [name === 'wallabag' ? 'total !== undefined' : 'count !== undefined'],
    to: ['true'],
    why: 'a total that is undefined is none',
  })),
  {
    file: 'lib/reading-lists/karakeep.ts',
    code: ['[]'],
    why: 'only what stands second in it is looked at',
  },
  {
    file: 'lib/reading-lists/karakeep.ts',
    code: ["content.type === 'asset'"],
    to: ['true'],
    why: FOR_THE_TYPES,
  },
  {
    file: 'lib/reading-lists/raindrop/raindrop.ts',
    code: ['status >= 300'],
    to: ['status > 300'],
    why: 'HTTP 300 is unexpected either way',
  },
  {
    file: 'lib/reading-lists/raindrop/writes.ts',
    code: ['{ itemId: id, ok: false, reason: NOT_SAID }', 'false'],
    why: 'never happens: each change is written in a group or by itself, and noted',
  },
  {
    file: 'lib/reading-lists/raindrop/writes.ts',
    code: ['clock.now() + pace.waitMs() - (known.get(id)?.readAt ?? 0) > STALE_AFTER_MS'],
    to: ['clock.now() + pace.waitMs() - (known.get(id)?.readAt ?? 0) >= STALE_AFTER_MS'],
    why: IN_THE_VERY_MILLISECOND,
  },
  {
    file: 'lib/reading-lists/readwise/writes.ts',
    code: ['writesAt - (readings.get(id)?.readAt ?? 0) > STALE_AFTER_MS'],
    to: ['writesAt - (readings.get(id)?.readAt ?? 0) >= STALE_AFTER_MS'],
    why: IN_THE_VERY_MILLISECOND,
  },
  {
    file: 'lib/reading-lists/readwise/writes.ts',
    code: ['[]'],
    why: 'an id that no item has is asked for by nobody',
  },
  {
    file: 'lib/reading-lists/verify-first-write.ts',
    code: ['results[at]?.ok'],
    why: FOR_THE_TYPES,
  },
  {
    file: 'lib/reading-lists/managed-tag-names.ts',
    code: ['item.tags.length === 0'],
    why: SAVES_WORK,
  },
];
