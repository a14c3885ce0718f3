import { instapaper, instapaperTagName } from '../../../lib/reading-lists/instapaper.ts';
import { karakeep, karakeepTagName } from '../../../lib/reading-lists/karakeep.ts';
import { linkding, linkdingTagName } from '../../../lib/reading-lists/linkding.ts';
import { raindrop } from '../../../lib/reading-lists/raindrop.ts';
import { raindropTagName } from '../../../lib/reading-lists/raindrop-wire.ts';
import { readeck, readeckTagName } from '../../../lib/reading-lists/readeck.ts';
import { readwise } from '../../../lib/reading-lists/readwise.ts';
import { readwiseTagName } from '../../../lib/reading-lists/readwise-wire.ts';
import { type WallabagOptions, wallabag, wallabagTagName } from '../../../lib/reading-lists/wallabag.ts';
import { fakeInstapaper } from './instapaper.ts';
import { fakeKarakeep } from './karakeep.ts';
import { fakeLinkding } from './linkding.ts';
import { fakeRaindrop } from './raindrop.ts';
import { fakeReadeck } from './readeck.ts';
import { fakeReadwise } from './readwise.ts';
import type { ServiceSetup } from './under-test.ts';
import { fakeWallabag, LOGIN } from './wallabag.ts';

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
  wallabag: {
    start: fakeWallabag,
    open: (options) => wallabag(options as unknown as WallabagOptions),
    storedTag: wallabagTagName,
    secrets: (password) => ({ ...LOGIN, password }),
  },
  linkding: { start: fakeLinkding, open: linkding, storedTag: linkdingTagName },
};
