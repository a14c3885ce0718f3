import assert from 'node:assert/strict';
import type { PageEvidence } from '../../lib/core/estimate.ts';
import type { Item, TagChange } from '../../lib/core/item.ts';
import type { SkipReason } from '../../lib/core/skip-reason.ts';
import { NO_DEADLINE } from '../helpers/pocket.ts';
import { setupOf } from '../helpers/services/setups.ts';
import { type FakeUnderTest, underTest } from '../helpers/services/under-test.ts';
import { apply, everyItem, withoutRef } from './reading-list-contract.ts';

/** How a service lists rows. */
type Listing = (rows: readonly object[]) => { body: object; headers?: Record<string, string> };
type Row = [why: string, row: object, item: Item | undefined];

const JUNE = '2026-06-01T00:00:00.000Z';
const addedAt = Date.parse(JUNE) / 1000;
const EPOCH = '1970-01-01T00:00:09.000Z';
const url = 'https://example.com/a';
const bare = { id: '7', kind: 'article', tags: [], parsed: true } as const;
const html = `<p>${'one two three '.repeat(30)}</p>`;
const wall = '<p>Please log in to read on.</p>';
const chinese = `<p>${'你好世界'.repeat(50)}</p>`;
/** The calls before any other: logins, the speed of wallabag's reader, and who the reader of Linkwarden is. */
const isFirstCall = (path: string) =>
  ['/oauth/v2/token', '/api/v1/auth/login', '/api/config.json', '/api/v1/users/me'].includes(path);
/** The service, with an answer of the test's choice to every call but these. */
const answering = (name: string, answer: (n: number) => Response, setup = setupOf(name)) =>
  underTest(setup, [], {
    fault: ({ path, n }) => (isFirstCall(path) ? undefined : answer(n)),
  });
const callsOf = ({ server }: FakeUnderTest) => server.calls.filter(({ path }) => !isFirstCall(path));

const notParsed = { ...bare, parsed: false } as const;
const link = (content: object) => ({ id: '7', content: { type: 'link', ...content } });

const SERVICES: Readonly<Record<string, { listing: Listing; rows: Row[] }>> = {
  instapaper: {
    listing: (bookmarks) => ({ body: { bookmarks } }),
    rows: [
      [
        'all of it',
        {
          id: 7,
          url,
          title: 'A',
          time: 9,
          category: 1,
          progress: { percentage: 0.5 },
          tags: [{ id: 3, name: 'x' }],
        },
        { ...bare, url, title: 'A', addedAt: 9, progress: 0.5, tags: [{ id: '3', name: 'x' }] },
      ],
      ['next to nothing', { id: '7' }, bare],
      ['what is empty', { id: '7', url: '', title: null, time: 0, progress: { percentage: 0 } }, bare],
      ['a video', { id: '7', category: 2 }, { ...bare, kind: 'video' }],
      ['what is archived', { id: '7', archived: true }, undefined],
      [
        'what makes no sense',
        { id: '7', url: 5, title: 5, time: 'x', progress: 5, tags: 5, archived: 5 },
        bare,
      ],
    ],
  },
  karakeep: {
    listing: (bookmarks) => ({ body: { bookmarks, nextCursor: null } }),
    rows: [
      [
        'a link',
        {
          id: '7',
          createdAt: JUNE,
          title: 'A',
          tags: [{ id: 't', name: 'x', attachedBy: 'human' }],
          content: { type: 'link', url, htmlContent: html, crawlStatus: 'success' },
        },
        { ...bare, url, title: 'A', addedAt, words: 90, tags: [{ id: 't', name: 'x' }] },
      ],
      ['a link with the title of its page', link({ url, title: 'B' }), { ...notParsed, url, title: 'B' }],
      [
        'a file with its name',
        { id: '7', title: null, content: { type: 'asset', assetType: 'pdf', fileName: 'a.pdf' } },
        { ...notParsed, title: 'a.pdf' },
      ],
      ['a link not crawled', link({ url }), { ...notParsed, url }],
      ['a link crawled in vain', link({ crawlStatus: 'failure' }), notParsed],
      ['a link without a text', link({ crawlStatus: 'success' }), bare],
      ['a link with an empty text', link({ htmlContent: '<p></p>' }), notParsed],
      [
        'a note',
        { id: '7', content: { type: 'text', text: 'a <b> c', sourceUrl: url } },
        { ...bare, url, words: 3 },
      ],
      ['a link without spaces', link({ htmlContent: chinese }), { ...bare, words: 100, language: 'zh' }],
      [
        'a wall that was stored instead',
        link({ url, crawlStatus: 'success', htmlContent: wall }),
        { ...bare, url },
      ],
      [
        'a PDF',
        { id: '7', content: { type: 'asset', assetType: 'pdf', content: 'a b c' } },
        { ...bare, words: 3 },
      ],
      [
        'a PDF without the lines between its pages',
        {
          id: '7',
          content: {
            type: 'asset',
            assetType: 'pdf',
            content:
              'a b\r\n----------------Page (0) Break----------------\r\nc\r\n----------------Page (11) Break----------------',
          },
        },
        { ...bare, words: 3 },
      ],
      [
        'a note about such a line',
        { id: '7', content: { type: 'text', text: 'a b\n----Page (0) Break----\nc' } },
        { ...bare, words: 6 },
      ],
      [
        'a picture',
        { id: '7', content: { type: 'asset', assetType: 'image', content: 'a b' } },
        { ...bare, kind: 'image', parsed: false },
      ],
      ['next to nothing', { id: '7' }, notParsed],
      [
        'what makes no sense',
        { id: '7', createdAt: 5, title: 5, tags: 5, content: { type: 'new' } },
        notParsed,
      ],
      ['what is archived', { id: '7', archived: true }, undefined],
    ],
  },
  linkding: {
    listing: (results) => ({ body: { count: results.length, results } }),
    rows: [
      [
        'all of it',
        { id: 7, url, title: 'A', date_added: JUNE, unread: true, is_archived: false, tag_names: ['x'] },
        { ...bare, url, title: 'A', addedAt, tags: [{ name: 'x' }] },
      ],
      ['next to nothing', { id: 7, tag_names: [] }, bare],
      ['what is empty', { id: 7, url: '', title: '', date_added: '', tag_names: [] }, bare],
      ['what was read', { id: 7, unread: false, tag_names: [] }, undefined],
      ['what is archived', { id: 7, is_archived: true, tag_names: [] }, undefined],
    ],
  },
  shiori: {
    listing: (bookmarks) => ({ body: { page: 1, maxPage: 1, bookmarks } }),
    rows: [
      [
        'all of it',
        {
          id: 7,
          url,
          title: 'A',
          createdAt: '2026-06-01 00:00:00',
          modifiedAt: '2026-07-01 00:00:00',
          hasContent: true,
          tags: [{ id: 3, name: 'x', bookmark_count: 0, deleted: false }],
        },
        { ...bare, url, title: 'A', addedAt, tags: [{ name: 'x' }] },
      ],
      [
        'what 1.6 dates by its last change',
        { id: 7, modified: '1970-01-01 00:00:09', tags: [] },
        { ...bare, addedAt: 9 },
      ],
      ['a time as PostgreSQL writes it', { id: 7, createdAt: EPOCH, tags: [] }, { ...bare, addedAt: 9 }],
      ['next to nothing', { id: 7, tags: [] }, bare],
      ['what is empty', { id: 7, url: '', title: '', createdAt: '', tags: [] }, bare],
      ['what has no text', { id: 7, hasContent: false, tags: [] }, notParsed],
      ['what makes no sense', { id: 7, url: 5, title: 5, createdAt: 5, hasContent: 5, tags: [] }, bare],
    ],
  },
  omnivore: {
    listing: (nodes) => ({ body: { data: { search: { edges: nodes.map((node) => ({ node })) } } } }),
    rows: [
      [
        'all of it',
        {
          id: '7',
          title: 'A',
          originalArticleUrl: url,
          pageType: 'ARTICLE',
          savedAt: JUNE,
          state: 'SUCCEEDED',
          language: 'pt-BR',
          readingProgressPercent: 25,
          wordsCount: 400,
          labels: [{ id: 'l', name: 'x' }],
        },
        {
          ...bare,
          url,
          title: 'A',
          addedAt,
          language: 'pt-BR',
          progress: 0.25,
          words: 400,
          tags: [{ id: 'l', name: 'x' }],
        },
      ],
      ['so few words that they may be of a wall', { id: '7', wordsCount: 399, labels: [] }, bare],
      ['no words', { id: '7', wordsCount: 0, labels: [] }, bare],
      ['a language by its name', { id: '7', language: 'Portuguese', labels: [] }, bare],
      ['a video', { id: '7', pageType: 'VIDEO', labels: [] }, { ...bare, kind: 'video' }],
      ['a picture', { id: '7', pageType: 'IMAGE', labels: [] }, { ...bare, kind: 'image' }],
      ['a file', { id: '7', pageType: 'FILE', labels: [] }, bare],
      ['what it reads at the time', { id: '7', state: 'PROCESSING', labels: [] }, notParsed],
      ['what it could not read', { id: '7', state: 'FAILED', labels: [] }, notParsed],
      ['what it has not fetched', { id: '7', state: 'CONTENT_NOT_FETCHED', labels: [] }, notParsed],
      ['next to nothing', { id: '7', labels: null }, bare],
      [
        'what makes no sense',
        { id: '7', title: 5, originalArticleUrl: 5, savedAt: 5, state: 5, wordsCount: 'x', labels: [] },
        bare,
      ],
    ],
  },
  linkwarden: {
    listing: (links) => ({ body: { success: true, data: { links, nextCursor: null } } }),
    rows: [
      [
        'all of it',
        {
          id: 7,
          url,
          name: 'A',
          type: 'url',
          createdAt: JUNE,
          importDate: null,
          readable: 'archives/1/7_readability.json',
          tags: [{ id: 3, name: 'x' }],
        },
        { ...bare, url, title: 'A', addedAt, tags: [{ name: 'x' }] },
      ],
      ['next to nothing', { id: 7 }, notParsed],
      ['what is empty', { id: 7, url: null, name: '', createdAt: '', tags: null }, notParsed],
      ['what has no text', { id: 7, readable: 'unavailable' }, bare],
      [
        'what was saved elsewhere first',
        { id: 7, createdAt: JUNE, importDate: EPOCH },
        { ...notParsed, addedAt: 9 },
      ],
      ['a picture', { id: 7, type: 'image' }, { ...notParsed, kind: 'image' }],
      ['a PDF', { id: 7, type: 'pdf', readable: 'unavailable' }, bare],
      ['what makes no sense', { id: 7, url: 5, name: 5, readable: 5, tags: 5, collection: 5 }, notParsed],
    ],
  },
  raindrop: {
    listing: (items) => ({ body: { result: true, items, count: items.length } }),
    rows: [
      [
        'all of it',
        { _id: 7, link: url, title: 'A', created: JUNE, type: 'link', tags: ['x'] },
        { ...bare, url, title: 'A', addedAt, tags: [{ name: 'x' }] },
      ],
      ['next to nothing', { _id: 7 }, bare],
      ['what is empty', { _id: 7, link: '', title: '', created: '', tags: null }, bare],
      ['a video', { _id: 7, type: 'video' }, { ...bare, kind: 'video' }],
      ['a recording', { _id: 7, type: 'audio' }, { ...bare, kind: 'video' }],
      ['a picture', { _id: 7, type: 'image' }, { ...bare, kind: 'image' }],
      ['what was removed', { _id: 7, removed: true }, undefined],
    ],
  },
  readeck: {
    listing: (rows) => ({ body: rows, headers: { 'Total-Count': String(rows.length) } }),
    rows: [
      [
        'all of it',
        {
          id: '7',
          url,
          title: 'A',
          lang: 'de',
          type: 'article',
          created: JUNE,
          loaded: true,
          read_progress: 25,
          labels: ['x'],
          word_count: 400,
          reading_time: 2,
        },
        {
          ...bare,
          url,
          title: 'A',
          language: 'de',
          addedAt,
          progress: 0.25,
          words: 400,
          minutes: 2,
          tags: [{ name: 'x' }],
        },
      ],
      ['next to nothing', { id: '7' }, bare],
      [
        'what is empty',
        { id: '7', url: '', title: '', lang: '', created: '', word_count: 0, labels: null },
        bare,
      ],
      [
        'minutes alone',
        { id: '7', reading_time: 4 },
        { ...bare, minutes: 4, lengthByMinutes: { words: 800 } },
      ],
      ['so few words that it may be a wall', { id: '7', word_count: 399, reading_time: 1 }, bare],
      [
        'minutes that count no words',
        { id: '7', word_count: 0, reading_time: 4 },
        { ...bare, minutes: 4, lengthByMinutes: { words: 800 } },
      ],
      ['nothing read yet, in no minute', { id: '7', read_progress: 0, reading_time: 0 }, bare],
      ['what is not loaded', { id: '7', loaded: false, word_count: 300 }, notParsed],
      [
        'a video',
        { id: '7', type: 'video', reading_time: 2, word_count: 9 },
        { ...bare, kind: 'video', videoSeconds: 120 },
      ],
      ['a video of unknown length', { id: '7', type: 'video', word_count: 9 }, { ...bare, kind: 'video' }],
      ['a photograph', { id: '7', type: 'photo' }, { ...bare, kind: 'image' }],
      [
        'a script without spaces',
        { id: '7', lang: 'zh-CN', word_count: 3, reading_time: 1 },
        { ...bare, language: 'zh-CN' },
      ],
      [
        'a language that begins like one',
        { id: '7', lang: 'kok', word_count: 400 },
        { ...bare, language: 'kok', words: 400 },
      ],
      [
        'a language that ends like one',
        { id: '7', lang: 'bko', word_count: 400 },
        { ...bare, language: 'bko', words: 400 },
      ],
      ['what is archived', { id: '7', is_archived: true }, undefined],
    ],
  },
  readwise: {
    listing: (results) => ({ body: { results, nextPageCursor: null } }),
    rows: [
      [
        'all of it',
        {
          id: '7',
          category: 'article',
          source_url: url,
          title: 'A',
          tags: { x: { name: 'x' } },
          word_count: 300,
          reading_time: '2 mins',
          reading_progress: 0.5,
          saved_at: JUNE,
        },
        { ...bare, url, title: 'A', addedAt, progress: 0.5, words: 300, minutes: 2, tags: [{ name: 'x' }] },
      ],
      ['next to nothing', { id: '7' }, notParsed],
      ['a minute', { id: '7', word_count: 9, reading_time: '1 min' }, { ...bare, words: 9, minutes: 1 }],
      [
        'many minutes',
        { id: '7', word_count: 9, reading_time: '12 mins' },
        { ...bare, words: 9, minutes: 12 },
      ],
      ['hours', { id: '7', word_count: 9, reading_time: '1 hour 2 mins' }, { ...bare, words: 9 }],
      ['a time that goes on', { id: '7', word_count: 9, reading_time: '2 mins left' }, { ...bare, words: 9 }],
      ['a time without words', { id: '7', reading_time: '2 mins' }, notParsed],
      ['a video', { id: '7', category: 'video', word_count: 9 }, { ...bare, kind: 'video' }],
      [
        'an address without TLS',
        { id: '7', source_url: 'http://example.com/a' },
        { ...notParsed, url: 'http://example.com/a' },
      ],
      ['an address of its own', { id: '7', source_url: 'mailto:reader-x' }, notParsed],
      ['an address that holds one', { id: '7', source_url: 'x-https://a' }, notParsed],
      ['tags as older clients saw them', { id: '7', tags: ['x'] }, { ...notParsed, tags: [{ name: 'x' }] }],
      ['tags in a list', { id: '7', tags: [{ name: 'x' }] }, { ...notParsed, tags: [{ name: 'x' }] }],
      ['a note inside another', { id: '7', parent_id: '6' }, undefined],
    ],
  },
  wallabag: {
    listing: (items) => ({ body: { total: items.length, _embedded: { items } } }),
    rows: [
      [
        'all of it',
        {
          id: 7,
          url,
          title: 'A',
          language: 'de',
          created_at: JUNE,
          reading_time: 2,
          tags: [{ id: 3, label: 'x' }],
        },
        {
          ...bare,
          url,
          title: 'A',
          language: 'de',
          addedAt,
          minutes: 2,
          lengthByMinutes: { words: 400 },
          tags: [{ id: '3', name: 'x' }],
        },
      ],
      [
        'Japanese, of which it counts two characters as a word',
        { id: 7, language: 'ja', reading_time: 2 },
        {
          ...bare,
          language: 'ja',
          minutes: 2,
          lengthByMinutes: { words: 400, cjkWords: 400, cjkCharacters: 800 },
        },
      ],
      ['so few minutes that it may be a wall', { id: 7, reading_time: 1 }, bare],
      ['next to nothing', { id: 7 }, bare],
      ['what is empty', { id: 7, url: '', title: null, language: '', created_at: '', reading_time: 0 }, bare],
      ['what is not parsed', { id: 7, is_not_parsed: 1, reading_time: 2 }, notParsed],
      ['a picture', { id: 7, mimetype: 'image/png' }, { ...bare, kind: 'image' }],
      ['what is no picture', { id: 7, mimetype: 'text/html; like=image/png' }, bare],
      ['what is archived', { id: 7, is_archived: 1 }, undefined],
    ],
  },
};

for (const [name, { listing, rows }] of Object.entries(SERVICES)) {
  describe(`${name} makes an item`, () => {
    let under: FakeUnderTest;
    afterEach(() => under.close());

    for (const [why, row, item] of rows) {
      it(`of ${why}${item ? '' : ': none'}`, async () => {
        const pages = [listing([row]), listing([])];
        under = await answering(name, () => {
          const { body, headers } = pages.shift() ?? listing([]);
          return Response.json(body, { ...(headers && { headers }) });
        });
        const items = (await everyItem(under.list)).map(withoutRef);
        assert.deepEqual(items, item ? [item] : []);
      });
    }
  });
}

type Text = [
  why: string,
  item: Partial<Item>,
  answers: readonly { body?: unknown; status?: number }[],
  found: PageEvidence,
];

const unknown = (reason: SkipReason): PageEvidence => ({ known: false, reason });
const threeWords = { known: true, words: 3, cjkCharacters: 0, cjkWords: 0 } as const;
const ninetyWords = { known: true, words: 90, cjkCharacters: 0, cjkWords: 0 } as const;
const nothingYet: Text = ['nothing yet', { parsed: false }, [], unknown('not-parsed')];
const gone: Text = ['nothing of what is gone', {}, [{ status: 404, body: {} }], unknown('no-length')];

const TEXTS: Readonly<Record<string, readonly Text[]>> = {
  instapaper: [
    ['nothing of a video', { kind: 'video' }, [], unknown('no-length')],
    gone,
    ['its words', {}, [{ body: { content: { body: html, words: 9 } } }], { known: true, words: 9 }],
    ['the text where it has no words', {}, [{ body: { content: { body: html } } }], ninetyWords],
    [
      'the text of a script without spaces, whatever its words',
      {},
      [{ body: { content: { body: chinese, words: 9 } } }],
      { known: true, words: 100, cjkCharacters: 200, cjkWords: 100, language: 'zh' },
    ],
    ['nothing of an empty text', {}, [{ body: { content: { body: '<p>' } } }], unknown('no-length')],
    [
      'nothing of a login that was stored instead, whatever its words',
      {},
      [{ body: { content: { body: wall, words: 9 } } }],
      unknown('login'),
    ],
    ['nothing of no text', {}, [{ body: { content: {} } }], unknown('no-length')],
    [
      'nothing behind a paywall',
      {},
      [{ body: { content: { body: html, words: 9, paywalled: true } } }],
      unknown('paywall'),
    ],
    ['nothing past its quota', {}, [{ status: 402, body: {} }], unknown('quota')],
  ],
  karakeep: [
    nothingYet,
    gone,
    ['the text', {}, [{ body: { content: 'one two three' } }], threeWords],
    [
      'the text in parts',
      {},
      [{ body: { content: 'one two th', nextCursor: 'c' } }, { body: { content: 'ree', nextCursor: null } }],
      threeWords,
    ],
    [
      'the text of a PDF without the lines between its pages',
      {},
      [{ body: { content: 'one two\n----------------Page (0) Break----------------\nthree' } }],
      threeWords,
    ],
    ['nothing of an empty text', {}, [{ body: { content: ' ' } }], unknown('no-length')],
  ],
  linkwarden: [
    nothingYet,
    gone,
    ['the text', {}, [{ body: { content: html, textContent: 'x', length: 1 } }], ninetyWords],
    ['nothing of a login that was stored instead', {}, [{ body: { content: wall } }], unknown('login')],
    ['nothing of an empty text', {}, [{ body: { content: '' } }], unknown('no-length')],
    [
      'nothing of what is no longer shared',
      {},
      [{ status: 401, body: { response: "You don't have access to this collection." } }],
      unknown('no-length'),
    ],
  ],
  readeck: [
    nothingYet,
    gone,
    ['nothing of a video', { kind: 'video' }, [], unknown('no-length')],
    ['the text', {}, [{ body: html }], ninetyWords],
    ['nothing of a login that was stored instead', {}, [{ body: wall }], unknown('login')],
    ['nothing of an empty text', {}, [{ body: '<p>' }], unknown('no-length')],
  ],
  shiori: [
    nothingYet,
    gone,
    ['the text', {}, [{ body: { html, content: 'x' } }], ninetyWords],
    ['the text as 1.7 wraps it', {}, [{ body: { ok: true, message: { html } } }], ninetyWords],
    ['the text without HTML', {}, [{ body: { html: '', content: 'one two three' } }], threeWords],
    ['nothing of a login that was stored instead', {}, [{ body: { html: wall } }], unknown('login')],
    ['nothing of an empty text', {}, [{ body: { html: '', content: '' } }], unknown('no-length')],
  ],
  wallabag: [
    nothingYet,
    gone,
    ['the text', {}, [{ body: { content: html } }], ninetyWords],
    ['nothing of a login that was stored instead', {}, [{ body: { content: wall } }], unknown('login')],
    ['nothing of an empty text', {}, [{ body: { content: '<p></p>' } }], unknown('no-length')],
    ['nothing yet of no text', {}, [{ body: { content: null } }], unknown('not-parsed')],
    ...["can't", 'can’t', 'can&#039;t', 'can&#39;t', 'can&rsquo;t'].map(
      (cannot): Text => [
        `nothing yet of a notice with ${cannot}`,
        {},
        [{ body: { content: `<p>wallabag ${cannot} retrieve contents for this article.</p>` } }],
        unknown('not-parsed'),
      ],
    ),
  ],
};

for (const [name, texts] of Object.entries(TEXTS)) {
  describe(`${name} gives of a text`, () => {
    let under: FakeUnderTest;
    afterEach(() => under.close());
    const read = async (item: Partial<Item>, answers: Text[2]) => {
      const left = [...answers];
      under = await answering(name, () => {
        const { body, status = 200 } = left.shift() ?? { status: 500 };
        return typeof body === 'string' ? new Response(body, { status }) : Response.json(body, { status });
      });
      return under.list.readText?.({ ...bare, ...item }, NO_DEADLINE);
    };

    for (const [why, item, answers, found] of texts) {
      it(why, async () => {
        assert.deepEqual(await read(item, answers), found);
        assert.deepEqual(
          callsOf(under).map(({ method }) => method),
          answers.map(() => 'GET'),
        );
      });
    }

    const refusal = { status: 403, body: {} };
    it('fails where it may not be asked for', () =>
      assert.rejects(read({}, [refusal, refusal]), { kind: 'credentials' }));
  });
}

const QUERIES: readonly [name: string, query: string][] = [
  ['karakeep', 'archived=false&sortOrder=desc&includeContent=true&limit=50'],
  ['linkding', 'unread=yes&limit=500&offset=0'],
  ['linkwarden', 'sort=0&collectionId=1'],
  ['raindrop', 'perpage=50&page=0&sort=-created&nested=true'],
  ['shiori', 'page=1'],
  ['readeck', 'is_archived=false&read_status=unread&read_status=reading&sort=-created&limit=100&offset=0'],
  ['wallabag', 'archive=0&detail=metadata&sort=created&order=desc&perPage=100&page=1'],
];
for (const [name, query] of QUERIES) {
  it(`${name} is asked for what is unread, newest first, by the words that it knows`, async () => {
    const under = await underTest(setupOf(name), []);
    await everyItem(under.list);
    const asked = callsOf(under).at(-1)?.query.toString();
    await under.close();
    assert.equal(asked, query);
  });
}

const WITHOUT_TOTAL: Readonly<Record<string, object>> = {
  linkding: { results: [{ id: 7, tag_names: [] }] },
  raindrop: { result: true, items: [{ _id: 7 }] },
  readeck: [{ id: '7' }],
  wallabag: { _embedded: { items: [{ id: 7 }] } },
};
for (const [name, body] of Object.entries(WITHOUT_TOTAL)) {
  it(`${name} is at its end behind a short page where it does not say how many there are`, async () => {
    const answers = [Response.json(body)];
    const under = await answering(name, () => answers.shift() ?? Response.json({}, { status: 400 }));
    const items = await everyItem(under.list).finally(() => under.close());
    assert.deepEqual([items.map(withoutRef), callsOf(under).length], [[bare], 1]);
  });
}

const TWICE: Readonly<Record<string, (nextCursor: string | null) => object>> = {
  karakeep: (nextCursor) => ({ bookmarks: [{ id: '7' }], nextCursor }),
  readwise: (nextPageCursor) => ({ results: [{ id: '7' }], nextPageCursor }),
};
for (const [name, body] of Object.entries(TWICE)) {
  it(`${name} gives once what comes on two pages, and no page without an item`, async () => {
    const under = await answering(name, (n) => Response.json(body(n === 1 ? 'c' : null)));
    const ids: string[][] = [];
    for await (const { items } of under.list.listUnread(NO_DEADLINE)) ids.push(items.map(({ id }) => id));
    await under.close();
    assert.deepEqual(ids, [['7']]);
  });
}

const READ_BACK: readonly [name: string, what: string][] = [
  ['karakeep', 'a bookmark of Karakeep'],
  ['linkding', 'a bookmark of linkding'],
  ['linkwarden', 'a link of Linkwarden'],
  ['raindrop', 'a raindrop'],
  ['readeck', 'a bookmark of Readeck'],
  ['wallabag', 'an entry of wallabag'],
];
for (const [name, what] of READ_BACK) {
  it(`${name} names what could not be read of an item that is read back`, async () => {
    const under = await answering(name, () => Response.json({}));
    await assert.rejects(under.list.getItem(bare, NO_DEADLINE), {
      message: new RegExp(`^Could not read ${what}: "(id|item|response)" is not what was expected$`),
    });
    await under.close();
  });
}

const ADDRESSES: readonly [name: string, end: string, path: string][] = [
  ['karakeep', '/api/v1', '/api/v1/bookmarks'],
  ['karakeep', '/api/v1.my', '/api/v1.my/api/v1/bookmarks'],
  ['linkwarden', '/api/v1', '/api/v1/users/me'],
  ['omnivore', '/api/graphql', '/api/graphql'],
  ['omnivore', '/api', '/api/graphql'],
  ['readeck', '/api', '/api/bookmarks'],
  ['readeck', '/apiary', '/apiary/api/bookmarks'],
  ['shiori', '/api/v1', '/api/v1/auth/login'],
];
for (const [name, end, path] of ADDRESSES) {
  it(`${name} at an address that ends in ${end} is asked at ${path}`, async () => {
    const setup = setupOf(name);
    const open: typeof setup.open = (options) => setup.open({ ...options, url: `${options.url}${end}` });
    const under = await underTest({ ...setup, open }, []);
    await everyItem(under.list).catch(() => {});
    await under.close();
    assert.equal(under.server.calls[0]?.path, path);
  });
}

const OTHER_TEXTS: readonly [name: string, body: object, message: string][] = [
  ['instapaper', { content: 5 }, 'an article of Instapaper: "content"'],
  ['karakeep', { content: 5 }, 'an article of Karakeep: "content"'],
  ['linkwarden', { content: 5 }, 'an article of Linkwarden: "content"'],
  ['wallabag', [], 'an entry of wallabag: "answer"'],
  ['shiori', [], 'an article of Shiori: "answer"'],
];
for (const [name, body, what] of OTHER_TEXTS) {
  it(`${name} names what could not be read of texts, at the fifth in a row`, async () => {
    const under = await answering(name, () => Response.json(body));
    const read = async () => under.list.readText?.(bare, NO_DEADLINE);
    for (let n = 1; n < 5; n += 1) assert.deepEqual(await read(), unknown('text-unavailable'));
    await assert.rejects(read(), { message: `Could not read ${what} is not what was expected` });
    await under.close();
  });
}

type Write = [why: string, change: Partial<TagChange>, calls: unknown[], result?: string];

const WRITES: Readonly<Record<string, readonly Write[]>> = {
  instapaper: [
    [
      'what is to be added',
      { add: ['q'] },
      [['POST', '/api/2/bookmarks/7/tags', { add_tags: [{ name: 'q' }] }]],
    ],
    [
      'what is to be removed',
      { remove: [{ name: 'x', id: '3' }] },
      [['POST', '/api/2/bookmarks/7/tags', { remove_tags: [{ id: 3 }] }]],
    ],
    [
      'nothing where it cannot remove',
      { add: ['q'], remove: [{ name: 'x' }] },
      [],
      'the service gave no id of the tag to remove',
    ],
  ],
  karakeep: [
    [
      'what is to be added',
      { add: ['q'] },
      [['POST', '/api/v1/bookmarks/7/tags', { tags: [{ tagName: 'q' }] }]],
    ],
    [
      'what is to be removed, by id where there is one',
      { remove: [{ name: 'x', id: 't' }, { name: 'y' }] },
      [['DELETE', '/api/v1/bookmarks/7/tags', { tags: [{ tagId: 't' }, { tagName: 'y' }] }]],
    ],
  ],
  readeck: [
    ['what is to be added', { add: ['q'] }, [['PATCH', '/api/bookmarks/7', { add_labels: ['q'] }]]],
    [
      'what is to be removed, under the name it is kept by',
      { remove: [{ name: 'x', storedAs: 'X' }, { name: 'y' }] },
      [['PATCH', '/api/bookmarks/7', { remove_labels: ['X', 'y'] }]],
    ],
  ],
  wallabag: [
    ['what is to be added', { add: ['q', 'r'] }, [['POST', '/api/entries/7/tags.json', { tags: 'q,r' }]]],
    [
      'what is to be removed',
      {
        remove: [
          { name: 'x', id: '3' },
          { name: 'y', id: '4' },
        ],
      },
      [
        ['DELETE', '/api/entries/7/tags/3.json', undefined],
        ['DELETE', '/api/entries/7/tags/4.json', undefined],
      ],
    ],
    [
      'no more where it cannot remove',
      { remove: [{ name: 'x' }] },
      [],
      'the service gave no id of the tag to remove',
    ],
  ],
};

for (const [name, writes] of Object.entries(WRITES)) {
  describe(`${name} writes`, () => {
    for (const [why, change, calls, reason] of writes) {
      it(why, async () => {
        const under = await answering(name, () => Response.json({}));
        const results = await apply(under.list, [{ item: bare, add: [], remove: [], ...change }]);
        await under.close();
        assert.deepEqual(
          callsOf(under).map(({ method, path, json }) => [method, path, json]),
          calls,
        );
        assert.deepEqual(results, [reason ? { itemId: '7', ok: false, reason } : { itemId: '7', ok: true }]);
      });
    }
  });
}
