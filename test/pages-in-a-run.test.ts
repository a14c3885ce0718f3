import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import sinon from 'sinon';
import type { PageEvidence } from '../lib/core/estimate.ts';
import type { NewItem } from '../lib/pocket-server/stored-item.ts';
import type { WebPageOptions } from '../lib/run/decide-item.ts';
import { type TagUnreadOptions, tagUnread } from '../lib/run/tag-unread.ts';
import { readSettings } from '../lib/settings.ts';
import {
  environmentFor,
  NO_DEADLINE,
  NO_DEADLINES,
  type PocketUnderTest,
  pocketWith,
} from './helpers/pocket.ts';
import { runIn } from './helpers/run.ts';

const { rules } = readSettings({ POCKET_API_URL: 'http://127.0.0.1/v3' });
const HOUR_S = 3600;
const NOW = Math.floor(Date.now() / 1000);

let under: PocketUnderTest;
const start = async (items: readonly NewItem[], pages?: ReadonlyMap<string, string>) => {
  under = await pocketWith(items, pages && { pages });
};
const unparsed = (fields: Partial<NewItem> = {}): NewItem => ({
  given_url: 'https://example.com/1',
  ...fields,
});

/** A run whose pages are all as given. */
async function tagWith(
  evidence: PageEvidence,
  pages: Partial<WebPageOptions> = {},
  more: Partial<TagUnreadOptions> = {},
) {
  const read = sinon.fake.resolves(evidence);
  const { tally } = await tagUnread({
    list: under.list,
    rules,
    mode: 'full',
    deadlines: NO_DEADLINES,
    pages: { read, ...pages },
    ...more,
  });
  return { tally, read };
}

describe('a run that reads pages', () => {
  afterEach(() => under.close());
  const quick = { known: true, words: 300 } as const;

  it('takes the length from the page where the service knows none', async () => {
    await start([unparsed()]);
    const { tally, read } = await tagWith(quick);
    assert.deepEqual([tally.tagged, read.args.map(([url]) => url)], [1, ['https://example.com/1']]);
    assert.deepEqual(under.tagsById(), { 1: ['a quick read'] });
  });

  const unread: [why: string, item: NewItem][] = [
    ['an item that the service knows the length of', unparsed({ word_count: 900 })],
    ['an image', unparsed({ has_image: 2 })],
    ['an item that has a band from an earlier run', unparsed({ tags: ['a long read'] })],
  ];
  for (const [why, item] of unread) {
    it(`reads no page for ${why}`, async () => {
      await start([item]);
      assert.equal((await tagWith(quick)).read.callCount, 0);
    });
  }

  it('counts an item that keeps its band as right', async () => {
    await start([unparsed({ tags: ['a long read'] })]);
    const { tally } = await tagWith(quick);
    assert.deepEqual([tally.unchanged, tally.skipped], [1, {}]);
    assert.deepEqual(under.tagsById(), { 1: ['a long read'] });
  });

  it('reads the page again with refetch', async () => {
    await start([unparsed({ tags: ['a long read'] })]);
    await tagWith(quick, {}, { refetch: true });
    assert.deepEqual(under.tagsById(), { 1: ['a quick read'] });
  });

  it('reads the page of an item with two bands, which cannot both be right', async () => {
    await start([unparsed({ tags: ['a long read', 'a quick read'] })]);
    await tagWith(quick);
    assert.deepEqual(under.tagsById(), { 1: ['a quick read'] });
  });

  it('leaves a page that gives nothing without a mark, and counts why', async () => {
    await start([unparsed()]);
    const { tally } = await tagWith({ known: false, reason: 'paywall' });
    assert.deepEqual(tally.skipped, { paywall: 1 });
    assert.deepEqual(under.tagsById(), { 1: [] });
  });

  it('leaves an item alone whose page is not sure enough, and counts it', async () => {
    await start([unparsed()]);
    const { tally } = await tagWith({ ...quick, confidence: 0.1, otherwise: () => ({ words: 2000 }) });
    assert.deepEqual([tally.tagged, tally.skipped], [0, { unsure: 1 }]);
    assert.deepEqual(under.tagsById(), { 1: [] });
  });

  it('takes no tag away where a page that is read again has become unsure', async () => {
    await start([unparsed({ tags: ['a long read'] })]);
    const { tally } = await tagWith({ ...quick, confidence: 0.1 }, {}, { refetch: true });
    assert.deepEqual([tally.untagged, tally.skipped], [0, { unsure: 1 }]);
    assert.deepEqual(under.tagsById(), { 1: ['a long read'] });
  });

  it('reads pages of recently added items only, in a recent run', async () => {
    const old = unparsed({ given_url: 'https://example.com/old', time_added: NOW - 10 * HOUR_S });
    await start([unparsed({ time_added: NOW - HOUR_S }), old]);
    const { tally, read } = await tagWith(quick, { addedAfter: NOW - 5 * HOUR_S });
    assert.deepEqual([read.callCount, tally.skipped], [1, { 'not-recent': 1 }]);
  });

  it('does not say that it looked at what there was no time for', async () => {
    await start([unparsed()]);
    const timeIsUp = new AbortController();
    const read = async (): Promise<PageEvidence> => {
      timeIsUp.abort(new DOMException('', 'TimeoutError'));
      return { known: false, reason: 'out-of-time' };
    };
    const { tally, stoppedBy } = await tagUnread({
      list: under.list,
      rules,
      mode: 'full',
      deadlines: { reading: { signal: timeIsUp.signal, remainingMs: () => 0 }, writing: NO_DEADLINE },
      pages: { read },
    });
    assert.deepEqual([tally.listed, tally.skipped, stoppedBy], [0, {}, 'deadline']);
  });
});

describe('pages from settings to tags', () => {
  afterEach(() => under.close());

  const article = readFileSync('lib/cli/sample-pages/garten.html', 'utf8');
  const pages = new Map([['article.html', article]]);

  async function runWith(env: Record<string, string>, item: Partial<NewItem> = {}, event: unknown = {}) {
    await start([], pages);
    const { origin, host } = new URL(under.server.url);
    under.store.insert([{ given_url: `${origin}/pages/article.html`, time_added: NOW - HOUR_S, ...item }]);
    const allowed = { FETCH_PAGES: 'true', PAGES_ALLOW_HOSTS: host };
    return runIn({ ...environmentFor(under.server), ...allowed, ...env }, event);
  }

  it('fetches the page and reads it at the speed of its language', async () => {
    const summary = await runWith({});
    assert.deepEqual([summary.tagged, summary.backlog['a quick read']], [1, { items: 1, minutes: 2 }]);
  });

  it('leaves alone what is less sure than MIN_CONFIDENCE, and nothing where that is 0', async () => {
    assert.deepEqual((await runWith({ MIN_CONFIDENCE: '1' })).skipped, { unsure: 1 });
    await under.close();
    assert.equal((await runWith({ MIN_CONFIDENCE: '0' })).tagged, 1);
  });

  it('is not a way into this machine', async () => {
    const summary = await runWith({ PAGES_ALLOW_HOSTS: '' });
    assert.equal(summary.tagged, 0);
    assert.equal(Object.values(summary.skipped).length, 1);
  });

  it('fetches nothing where FETCH_PAGES is false', async () => {
    assert.deepEqual((await runWith({ FETCH_PAGES: 'false' })).skipped, { 'not-parsed': 1 });
  });

  it('leaves what was added more than 7 days ago to the full run', async () => {
    const item = { time_added: NOW - 8 * 24 * HOUR_S };
    assert.deepEqual((await runWith({}, item)).skipped, { 'not-recent': 1 });
    await under.close();
    assert.equal((await runWith({ PAGES_RECENT_DAYS: '9' }, item)).tagged, 1);
    await under.close();
    assert.equal((await runWith({}, item, { mode: 'full' })).tagged, 1);
  });

  it('reads a page again where the event says so', async () => {
    assert.equal((await runWith({}, { tags: ['a long read'] }, { refetch: true })).byBand['a quick read'], 1);
  });
});
