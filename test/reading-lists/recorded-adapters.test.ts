import assert from 'node:assert/strict';
import type { PageEvidence } from '../../lib/core/estimate.ts';
import type { Item, TagResult } from '../../lib/core/item.ts';
import { deadlineIn } from '../../lib/deadline.ts';
import { Failure } from '../../lib/failure.ts';
import { NO_DEADLINE } from '../helpers/pocket.ts';
import { type FakeItem, type FakeOptions, fakeItems } from '../helpers/services/fake-service.ts';
import { fakeKarakeep } from '../helpers/services/karakeep.ts';
import {
  type Exchange,
  idsOfTags,
  karakeepItems,
  linkdingItems,
  readRecording,
} from '../helpers/services/recordings.ts';
import { setupOf } from '../helpers/services/setups.ts';
import { type FakeUnderTest, underTest } from '../helpers/services/under-test.ts';
import { adding, everyItem, firstItem, resultsOf } from './reading-list-contract.ts';

/** What the adapter makes of a recorded item; of a field that is `undefined` nothing. */
type Row = readonly [why: string, id: string, expected: Readonly<{ [field in keyof Item]?: unknown }>];

const at = (time: string) => Date.parse(time) / 1000;

const KARAKEEP_ROWS: readonly Row[] = [
  [
    'a link with tags by hand and by AI',
    'd0cllo1m1drynwxefy1jj05w',
    {
      url: 'http://pages/short.html',
      title: 'A short page',
      addedAt: at('2026-11-26T23:54:50Z'),
      tags: [
        { id: 'zl4th730brlj0zx98ahkkzd5', name: 'by hand' },
        { id: 'pfpfz7nm0t825cz4a6mwq2fu', name: 'by ai' },
      ],
      parsed: true,
      words: 9,
    },
  ],
  [
    'a title of the reader’s own, before that of the page',
    'tp0rervdud7j75o5vs96nw02',
    { url: 'http://pages/long.html', title: 'My own title', words: 9 },
  ],
  ['the title of the page', 'r419edqonmjx93brso4d0i7b', { title: '短い話', words: 9 }],
  [
    'a link not crawled yet',
    'oscyfe5tzzib882targku24a',
    { url: 'http://pages/pending.html', title: undefined, parsed: false, words: undefined },
  ],
  [
    'a link whose crawl failed',
    'ij9qey1tsrbksyv0nwhpncz8',
    { url: 'http://closed/refused', parsed: false, words: undefined },
  ],
  [
    'a link without a text',
    'my4uwaj7nxwmo7g1xa5yusaq',
    { title: 'An empty page', parsed: true, words: undefined },
  ],
  ['a text', 'z0kjvcykqp2m6e5btle4gcrn', { url: 'http://pages/source', title: 'A text', words: 9 }],
  ['a text of one letter', 'ehcxpu2oifn73z7jc8m4t6bn', { title: undefined, url: undefined, words: 1 }],
  ['an image', 'nqs8e8u44wm2tm90a212xkjr', { kind: 'image', title: 'p.png', words: undefined }],
  ['a PDF, without the line between its pages', 'ivmrfxu7l5caykuytrlng7i0', { title: 'own.pdf', words: 9 }],
  ['a PDF that cannot be read', 'tzc00r3zj6me992xtzw767xf', { parsed: false, words: undefined }],
];

const LINKDING_ROWS: readonly Row[] = [
  [
    'a bookmark with tags',
    '2',
    {
      url: 'https://example.test/page-1',
      title: 'Page 1',
      addedAt: at('2026-03-01T08:00:00Z'),
      tags: [{ name: '#todo' }, { name: 'Read-Later' }],
      words: undefined,
    },
  ],
  ['a bookmark without a title', '1', { url: 'https://example.test/page-0', title: undefined, tags: [] }],
  ['other scripts', '5', { tags: [{ name: 'naïve-café' }, { name: '日本語' }] }],
];

const UNEXPECTED = 'unexpected-response';

/** What becomes of a call that is answered by this status: `list`, one `item`, a `write`, a `text`. */
const ERRORS: Readonly<Record<number, { list: string; item: string; write: string; text: string }>> = {
  400: { list: UNEXPECTED, item: UNEXPECTED, write: 'not written', text: 'text-unavailable' },
  401: { list: 'credentials', item: 'credentials', write: 'credentials', text: 'credentials' },
  403: { list: 'credentials', item: 'credentials', write: 'credentials', text: 'credentials' },
  404: { list: 'settings', item: UNEXPECTED, write: 'gone', text: 'no-length' },
  405: { list: UNEXPECTED, item: UNEXPECTED, write: 'not written', text: 'text-unavailable' },
  415: { list: UNEXPECTED, item: UNEXPECTED, write: 'not written', text: 'text-unavailable' },
  429: { list: 'wait', item: 'wait', write: 'wait', text: 'wait' },
  500: { list: 'unavailable', item: 'unavailable', write: 'not written', text: 'text-unavailable' },
};
/** Shorter than the wait that the limit of Karakeep asks for. */
const DEADLINE_MS = 30_000;

/** What became of a call, in a word. */
async function outcome(call: () => Promise<unknown> | undefined): Promise<string> {
  try {
    const [done] = [await call()].flat() as (PageEvidence & TagResult)[];
    if (done?.known === false) return done.reason;
    if (done?.ok === false) return done.gone ? 'gone' : 'not written';
    return 'done';
  } catch (error) {
    assert.ok(error instanceof Failure, String(error));
    return error.retryAfterMs === undefined ? error.kind : 'wait';
  }
}

type Recorded = {
  readonly service: string;
  readonly recording: string;
  itemsOf(exchanges: Exchange[]): FakeItem[];
  readonly rows: readonly Row[];
  readonly unread: number;
  /** Names that a write asked for, and those that were kept. */
  names(exchange: Exchange, ids: ReadonlyMap<string, string>): { asked: string[]; kept: string[] };
};

const SERVICES: readonly Recorded[] = [
  {
    service: 'karakeep',
    recording: 'karakeep-0.33.2',
    itemsOf: karakeepItems,
    rows: KARAKEEP_ROWS,
    unread: 12,
    names: ({ request, response }, ids) => {
      const { tags } = request.json as { tags: { tagName?: string; tagId?: string }[] };
      const byId = tags.flatMap(({ tagId }) => tagId ?? []);
      const attached = (response.body as { attached: string[] }).attached.filter((id) => !byId.includes(id));
      const kept = [...ids].flatMap(([name, id]) => (attached.includes(id) ? name : []));
      return { asked: tags.flatMap(({ tagName }) => tagName ?? []), kept };
    },
  },
  {
    service: 'linkding',
    recording: 'linkding-1.46.2',
    itemsOf: linkdingItems,
    rows: LINKDING_ROWS,
    unread: 10,
    names: ({ request, response }) => {
      const { tag_names: asked } = request.json as { tag_names: string[] };
      const { tag_names } = response.body as { tag_names: string[] };
      // A tag that the server adds by address is not ours; a comma is in no name of ours, as a test of bands shows.
      const kept = tag_names.map((name) => name.toLowerCase()).filter((name) => name !== 'auto-tag');
      return { asked: asked.flatMap((name) => name.split(',')), kept };
    },
  },
];

for (const { service, recording, itemsOf, rows, unread, names } of SERVICES) {
  describe(`the adapter of ${service}, by what the real one answered,`, () => {
    const exchanges = readRecording(recording);
    if (!exchanges) {
      it.skip('does right: the recording is not there');
      return;
    }
    const ids = idsOfTags(exchanges);
    const setup = setupOf(service);
    const isKarakeep = service === 'karakeep';
    const start = (items: FakeItem[], options: FakeOptions = {}) =>
      underTest(
        isKarakeep
          ? { ...setup, start: (all, more) => fakeKarakeep(all, { ...more, tagId: (name) => ids.get(name) }) }
          : setup,
        items,
        options,
      );
    let under: FakeUnderTest;
    afterEach(() => under?.close());

    for (const [why, id, expected] of rows) {
      it(`lists ${why}`, async () => {
        under = await start(itemsOf(exchanges));
        const item = (await everyItem(under.list)).find((one) => one.id === id);
        const fields = Object.keys(expected) as (keyof Item)[];
        assert.deepEqual(Object.fromEntries(fields.map((field) => [field, item?.[field]])), expected);
      });
    }

    it('lists each that is unread, and on untag those that are archived', async () => {
      under = await start(itemsOf(exchanges));
      assert.equal((await everyItem(under.list)).length, unread);
      const all: string[] = [];
      for await (const { items } of under.list.listAll(NO_DEADLINE)) all.push(...items.map(({ id }) => id));
      assert.deepEqual(all.toSorted(), under.items.map(({ id }) => id).toSorted());
    });

    it('keeps each tag under the name that it takes for ours', async () => {
      const writes = exchanges.filter(({ request, response }) => {
        const isRight = response.status === 200 && Array.isArray(Object.values(request.json ?? {})[0]);
        return isRight && ['POST', 'PATCH'].includes(request.method);
      });
      assert.ok(writes.length > 8);
      for (const exchange of writes) {
        const { asked, kept } = names(exchange, ids);
        const ours = new Set(asked.map((name) => setup.normalizeTag(name)).filter((name) => name !== ''));
        assert.deepEqual(kept.toSorted(), [...ours].toSorted(), exchange.name);
      }
    });

    if (isKarakeep)
      it('reads the text of each, and finds none where it is not there, or lost', async () => {
        under = await start(itemsOf(exchanges));
        const found: Record<string, string | number> = {};
        for (const item of await everyItem(under.list)) {
          const stored = under.items.find(({ id }) => id === item.id);
          if (stored) stored.isLost = item.title === 'My own title';
          const text = await under.list.readText?.(item, NO_DEADLINE);
          found[item.id] = text?.known ? text.words : (text?.reason ?? '');
        }
        assert.deepEqual(found, {
          d0cllo1m1drynwxefy1jj05w: 111,
          z0kjvcykqp2m6e5btle4gcrn: 9,
          ehcxpu2oifn73z7jc8m4t6bn: 1,
          ivmrfxu7l5caykuytrlng7i0: 9,
          my4uwaj7nxwmo7g1xa5yusaq: 'no-length',
          tp0rervdud7j75o5vs96nw02: 'text-unavailable',
          // Their texts were not recorded.
          // The page said no more than that it was gone.
          ab5oen7gm2y7r8recwt6orry: 'not-an-article',
          r419edqonmjx93brso4d0i7b: 'no-length',
          // Asked for only once they are crawled.
          ij9qey1tsrbksyv0nwhpncz8: 'not-parsed',
          nqs8e8u44wm2tm90a212xkjr: 'not-parsed',
          oscyfe5tzzib882targku24a: 'not-parsed',
          tzc00r3zj6me992xtzw767xf: 'not-parsed',
        });
      });

    const errors = new Map(
      exchanges
        .filter(({ response }) => response.status >= 400)
        .map(({ name, response }) => [JSON.stringify([response.status, response.body]), { name, response }]),
    );
    for (const { name, response } of errors.values()) {
      const { status, headers, body } = response;
      it(`does what ${status} means: ${name}`, async () => {
        const text = typeof body === 'string' ? body : JSON.stringify(body);
        under = await start(fakeItems(1));
        const { list, server } = under;
        const item = await firstItem(list);
        const within = () => deadlineIn(DEADLINE_MS);
        server.fault = ({ method }) =>
          isWriting && method === 'GET' && status !== 404
            ? undefined
            : new Response(text, { status, headers });
        let isWriting = false;
        const found = {
          list: await outcome(() => everyItem(list, within())),
          item: await outcome(() => list.getItem(item, within())),
          ...(list.readText && { text: await outcome(() => list.readText?.(item, within())) }),
        };
        isWriting = true;
        const write = await outcome(() => resultsOf(list.applyTags([adding(item)], within())));
        const { text: readText, ...expected } = ERRORS[status] ?? {};
        assert.deepEqual({ ...found, write }, { ...expected, ...(list.readText && { text: readText }) });
      });
    }
  });
}
