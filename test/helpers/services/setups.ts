import assert from 'node:assert/strict';
import { instapaper } from '../../../lib/reading-lists/instapaper.ts';
import { karakeep } from '../../../lib/reading-lists/karakeep/karakeep.ts';
import { linkding } from '../../../lib/reading-lists/linkding.ts';
import { linkwarden } from '../../../lib/reading-lists/linkwarden.ts';
import { omnivore } from '../../../lib/reading-lists/omnivore/omnivore.ts';
import { raindrop } from '../../../lib/reading-lists/raindrop/raindrop.ts';
import { readeck } from '../../../lib/reading-lists/readeck.ts';
import { readwise } from '../../../lib/reading-lists/readwise/readwise.ts';
import type { ShioriOptions } from '../../../lib/reading-lists/shiori/calls.ts';
import { shiori } from '../../../lib/reading-lists/shiori/shiori.ts';
import {
  instapaperTagName,
  karakeepTagName,
  linkdingTagName,
  linkwardenTagName,
  omnivoreTagName,
  raindropTagName,
  readeckTagName,
  readwiseTagName,
  shioriTagName,
  wallabagTagName,
} from '../../../lib/reading-lists/tag-names.ts';
import type { WallabagOptions } from '../../../lib/reading-lists/wallabag/login.ts';
import { wallabag } from '../../../lib/reading-lists/wallabag/wallabag.ts';
import { fakeInstapaper } from './instapaper.ts';
import { fakeKarakeep } from './karakeep.ts';
import { fakeLinkding } from './linkding.ts';
import { fakeLinkwarden } from './linkwarden.ts';
import { fakeOmnivore } from './omnivore.ts';
import { fakeRaindrop } from './raindrop.ts';
import { fakeReadeck } from './readeck.ts';
import { fakeReadwise } from './readwise.ts';
import { fakeShiori, SHIORI_USERNAME } from './shiori.ts';
import type { ServiceSetup } from './under-test.ts';
import { fakeWallabag, LOGIN } from './wallabag.ts';

/** Every service but Pocket, which has a server of its own: its fake, and the real adapter for it. */
export const SETUPS: Readonly<Record<string, ServiceSetup>> = {
  karakeep: {
    start: fakeKarakeep,
    open: karakeep,
    normalizeTag: karakeepTagName,
    listing: { path: /\/bookmarks$/, rows: ['bookmarks'], cursor: 'nextCursor' },
  },
  readeck: {
    start: fakeReadeck,
    open: readeck,
    normalizeTag: readeckTagName,
    listing: { path: /\/bookmarks$/, rows: [], total: 'Total-Count' },
  },
  readwise: {
    start: fakeReadwise,
    open: readwise,
    normalizeTag: readwiseTagName,
    ignoresTotal: true,
    listing: { path: /\/list\/$/, rows: ['results'], cursor: 'nextPageCursor', total: 'count' },
  },
  instapaper: {
    start: fakeInstapaper,
    open: (options) => instapaper({ ...options, folders: '' }),
    normalizeTag: instapaperTagName,
    ignoresTotal: true,
    listing: { path: /\/bookmarks$/, rows: ['bookmarks'], total: 'total' },
  },
  raindrop: {
    start: fakeRaindrop,
    open: (options) => raindrop({ ...options, collection: '0' }),
    normalizeTag: raindropTagName,
    listing: { path: /\/raindrops\/-?\d+$/, rows: ['items'], total: 'count' },
  },
  wallabag: {
    start: fakeWallabag,
    open: (options) => wallabag(options as unknown as WallabagOptions),
    normalizeTag: wallabagTagName,
    secrets: (password) => ({ ...LOGIN, password }),
    listing: { path: /\/entries\.json$/, rows: ['_embedded', 'items'], total: 'total' },
  },
  linkding: {
    start: fakeLinkding,
    open: linkding,
    normalizeTag: linkdingTagName,
    takesAtOnce: 1,
    listing: { path: /\/bookmarks\/(archived\/)?$/, rows: ['results'], total: 'count' },
  },
  linkwarden: {
    start: fakeLinkwarden,
    open: (options) => linkwarden({ ...options, collection: '1' }),
    normalizeTag: linkwardenTagName,
    listing: { path: /\/search$/, rows: ['data', 'links'] },
  },
  shiori: {
    start: fakeShiori,
    open: (options) => shiori(options as unknown as ShioriOptions),
    normalizeTag: shioriTagName,
    secrets: (password) => ({ username: SHIORI_USERNAME, password }),
    takesAtOnce: 1,
    listing: { path: /\/api\/bookmarks$/, rows: ['bookmarks'] },
  },
  omnivore: {
    start: fakeOmnivore,
    open: omnivore,
    normalizeTag: omnivoreTagName,
    listing: {
      path: /\/graphql$/,
      lists: (json) => /\bsort:/.test(JSON.stringify(json)),
      rows: ['data', 'search', 'edges'],
    },
  },
};

export function setupOf(name: string): ServiceSetup {
  const setup = SETUPS[name];
  assert.ok(setup);
  return setup;
}
