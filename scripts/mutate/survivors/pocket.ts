import type { Survivor } from './survivor.ts';

const NEVER_EMPTY = 'never happens: what was split has a part, and what was refused has an issue';
const ABSENT = 'an absent total and one that is undefined are read alike';

export const POCKET: readonly Survivor[] = [
  {
    file: 'lib/reading-lists/service.ts',
    code: ["variable.split('_')[0]?.toLowerCase"],
    why: NEVER_EMPTY,
  },
  {
    file: 'lib/reading-lists/service.ts',
    code: ["'custom'"],
    why: 'nobody reads the code of an issue, only its message',
  },
  {
    file: 'lib/reading-lists/api-call.ts',
    code: ['parsed.error.issues[0]?.path'],
    why: NEVER_EMPTY,
  },
  {
    file: 'lib/reading-lists/pocket/wire.ts',
    code: ['error.issues[0]?.path'],
    why: NEVER_EMPTY,
  },
  {
    file: 'lib/reading-lists/pocket/wire.ts',
    code: ["'.'"],
    why: 'a row or an action that makes no sense is not refused, so no field within a field is',
  },
  {
    file: 'lib/reading-lists/pocket/wire.ts',
    code: ['found > 0'],
    to: ['found >= 0'],
    why: 'whoever asks leaves 0 out as well',
  },
  {
    file: 'lib/reading-lists/pocket/wire.ts',
    code: ['[]'],
    why: 'an error that is no object has no code, as if there were none',
  },
  {
    file: 'lib/reading-lists/pocket/errors.ts',
    code: ['[]', "''"],
    why: 'a text that stands for no refusal, as if there were none',
  },
  {
    file: 'lib/reading-lists/pocket/writes.ts',
    code: ['batch === undefined'],
    to: ['false'],
    why: 'at first there is room for no action at all, so a batch is begun anyway',
  },
  {
    file: 'lib/reading-lists/by-offset.ts',
    code: ['total !== undefined'],
    to: ['true'],
    why: ABSENT,
  },
  {
    file: 'lib/reading-lists/pocket/listing.ts',
    code: ['page.total !== undefined'],
    to: ['true'],
    why: ABSENT,
  },
  {
    file: 'lib/reading-lists/pocket/listing.ts',
    code: ['total !== undefined'],
    to: ['true'],
    why: `${ABSENT}; and no page overlaps one with a total`,
  },
];
