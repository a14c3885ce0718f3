import { instapaper, instapaperTagName } from '../../../lib/reading-lists/instapaper.ts';
import { karakeep, karakeepTagName } from '../../../lib/reading-lists/karakeep.ts';
import { raindrop, raindropTagName } from '../../../lib/reading-lists/raindrop.ts';
import { readeck, readeckTagName } from '../../../lib/reading-lists/readeck.ts';
import { readwise, readwiseTagName } from '../../../lib/reading-lists/readwise.ts';
import { fakeInstapaper } from './instapaper.ts';
import { fakeKarakeep } from './karakeep.ts';
import { fakeRaindrop } from './raindrop.ts';
import { fakeReadeck } from './readeck.ts';
import { fakeReadwise } from './readwise.ts';
import type { ServiceSetup } from './under-test.ts';

/** Every service but Pocket, which has a server of its own: its fake, and the real adapter for it. */
export const SETUPS: Readonly<Record<string, ServiceSetup>> = {
  karakeep: { start: fakeKarakeep, open: karakeep, storedTag: karakeepTagName },
  readeck: { start: fakeReadeck, open: readeck, storedTag: readeckTagName },
  readwise: { start: fakeReadwise, open: readwise, storedTag: readwiseTagName },
  instapaper: {
    start: fakeInstapaper,
    open: (options) => instapaper({ ...options, folders: '' }),
    storedTag: instapaperTagName,
  },
  raindrop: {
    start: fakeRaindrop,
    open: (options) => raindrop({ ...options, collection: '0' }),
    storedTag: raindropTagName,
  },
};
