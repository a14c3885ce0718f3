import assert from 'node:assert/strict';
import { deadlineIn } from '../../lib/deadline.ts';
import { restart } from '../helpers/faults.ts';
import { fakeItems, isLogin } from '../helpers/services/fake-service.ts';
import { SETUPS } from '../helpers/services/setups.ts';
import { type FakeUnderTest, underTest } from '../helpers/services/under-test.ts';
import { isListing, wrongListing } from '../helpers/services/wrong-listings.ts';
import { everyItem, keepsReadingListContract, type Start, tagAll } from './reading-list-contract.ts';

for (const [name, setup] of Object.entries(SETUPS)) {
  const itemsFor = ({ unread, tags = ['mine'], ready = true }: Start) => {
    // The newest of all is archived, so that nobody who forgets the filter gets away with it.
    const [archived, ...items] = fakeItems(unread + 1, { tags: [...tags].map(setup.normalizeTag), ready });
    return archived ? [{ ...archived, archived: true }, ...items] : items;
  };

  describe(`${name} keeps the promises of a reading list`, () => {
    keepsReadingListContract(async (start) => {
      const service = await underTest(setup, itemsFor(start));
      const { items, server } = service;
      const item = (id: string) => items.find((one) => one.id === id);
      return {
        ...service,
        writes: () => server.calls.filter(({ isWrite }) => isWrite).length,
        keepsNothing: () => {
          server.fault = ({ isWrite }) => (isWrite ? { kind: 'forget' } : undefined);
        },
        mayOnlyRead: () => {
          server.mayWrite = false;
        },
        restarts: (calls) => {
          server.fault = restart(calls);
        },
        listsWrongly: (how) => {
          const fault = wrongListing(setup.listing, how);
          server.fault = (call) => (isListing(setup.listing, call) ? fault() : undefined);
        },
        usesTotal: setup.listing.total !== undefined && !setup.ignoresTotal,
        takesAtOnce: setup.takesAtOnce ?? 2,
        maxInFlight: server.maxInFlight,
        tagsOf: (id) => item(id)?.tags ?? [],
        readerTags: (id, tag) => void item(id)?.tags.push(setup.normalizeTag(tag)),
        readerArchives: (id) => Object.assign(item(id) ?? {}, { archived: true }),
        deletes: (id) =>
          void items.splice(
            items.findIndex((one) => one.id === id),
            1,
          ),
        becomesReady: () => {
          for (const one of items) one.ready = true;
        },
        normalizeTag: setup.normalizeTag,
        leavesTrash: ['raindrop', 'shiori'].includes(name),
      };
    });
  });

  describe(`${name} in trouble`, () => {
    let under: FakeUnderTest;
    afterEach(() => under.close());
    const failing = (answer: () => Response, from = 1) => ({
      fault: ({ n, path }: { n: number; path: string }) =>
        n >= from && !isLogin(path) ? answer() : undefined,
    });

    it('says so when no secret is accepted', async () => {
      under = await underTest(setup, fakeItems(1));
      under.server.tokens.clear();
      await assert.rejects(everyItem(under.list), { kind: 'credentials' });
    });

    it('says which setting is wrong where there is nothing at the address', async () => {
      const answer = () => new Response('Not found', { status: 404 });
      under = await underTest(setup, fakeItems(1), failing(answer));
      await assert.rejects(everyItem(under.list), { kind: 'settings', message: /is [A-Z]+_URL right/ });
    });

    it('does not take an answer of another shape for a list, and names the field', async () => {
      const answer = () => Response.json({ bookmarks: 5, results: 5, items: 5, _embedded: 5 });
      under = await underTest(setup, fakeItems(1), failing(answer));
      await assert.rejects(everyItem(under.list), {
        kind: 'unexpected-response',
        message: /^Could not read \w.*: ".+" is not what was expected$/,
      });
    });

    const html = () => new Response('<html>Log in</html>', { headers: { 'Content-Type': 'text/html' } });

    it('does not take a page of HTML for a list, and names the setting', async () => {
      under = await underTest(setup, fakeItems(1), failing(html));
      await assert.rejects(everyItem(under.list), {
        kind: 'unavailable',
        message: /: answered something that is not JSON; is [A-Z]+_URL right\?$/,
      });
    });

    it('does not take a page of HTML for a change that was made', async () => {
      under = await underTest(setup, fakeItems(1));
      const items = await everyItem(under.list);
      under.server.fault = failing(html).fault;
      await assert.rejects(tagAll(under.list, items), { kind: 'unavailable' });
    });

    it('tries again after a passing fault', async () => {
      let failures = 2;
      const fault = ({ path }: { path: string }) =>
        !isLogin(path) && failures-- > 0 ? new Response('', { status: 503 }) : undefined;
      under = await underTest(setup, fakeItems(2), { fault });
      assert.equal((await everyItem(under.list)).length, 2);
    });

    it('does not begin a wait that the deadline does not allow', async () => {
      const answer = () => new Response('', { status: 429, headers: { 'Retry-After': '3600' } });
      under = await underTest(setup, fakeItems(1), failing(answer));
      const pages = under.list.listUnread(deadlineIn(60_000))[Symbol.asyncIterator]();
      await assert.rejects(pages.next(), { kind: 'unavailable', retryAfterMs: 3_600_000 });
    });

    it('is not stopped by an item whose optional fields make no sense', async () => {
      under = await underTest(setup, fakeItems(3));
      Object.assign(under.items[1] ?? {}, { title: 5, addedAt: Number.NaN, language: {}, progress: 'half' });
      assert.equal((await everyItem(under.list)).length, 3);
    });

    it('leaves out a row without an id', async () => {
      under = await underTest(setup, fakeItems(3));
      Object.assign(under.items[1] ?? {}, { id: {} });
      assert.equal((await everyItem(under.list)).length, 2);
    });

    it('rejects a list in which no row has an id, and names the field', async () => {
      under = await underTest(setup, fakeItems(2));
      for (const item of under.items) Object.assign(item, { id: {} });
      await assert.rejects(everyItem(under.list), {
        kind: 'unexpected-response',
        message: /^Could not read \w.*: ".*\d\.(node\.)?_?id" is not what was expected$/,
      });
    });

    it('stops a write when the service is in trouble', async () => {
      under = await underTest(setup, fakeItems(30));
      const items = await everyItem(under.list);
      await under.server.close();
      await assert.rejects(tagAll(under.list, items), { kind: 'unavailable' });
    });
  });
}
