import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { NewItem } from '../../lib/pocket-server/stored-item.ts';
import { type Json, serving } from './serving.ts';

const tag = String.raw`it\'s`;
const article: NewItem = {
  item_id: 9001,
  given_url: 'https://news.example/p?utm=x',
  given_title: 'Tides',
  resolved_title: 'Tides, explained',
  resolved_url: 'https://news.example/p',
  excerpt: 'Why the sea moves.',
  word_count: 2207,
  lang: 'en',
  has_image: 1,
  top_image_url: 'https://img.example/top.jpg',
  time_added: 1000,
  tags: [tag],
  media: {
    authors: [{ author_id: '77', name: 'A. Writer', url: '' }],
    images: [{ src: 'https://img.example/1.jpg', width: '0', height: '0', credit: '', caption: '' }],
    domain_metadata: { name: 'News' },
  },
};
const video: NewItem = {
  item_id: 9002,
  given_url: 'https://www.youtube.com/watch?v=zz',
  given_title: 'Clip',
  has_video: 2,
  time_added: 2000,
  media: {
    videos: [
      { src: 'https://v.example/zz', width: '560', height: '315', type: '1', length: '612', vid: 'zz' },
    ],
  },
};
const unparsed: NewItem = {
  item_id: 9003,
  given_url: 'https://b.example/%5Fx',
  given_title: '50% off_x',
  time_added: 3000,
};
const archived: NewItem = {
  item_id: 9004,
  given_url: 'https://sub.news.example/old',
  given_title: 'Älter',
  status: 1,
  time_added: 500,
  time_read: 9000,
  favorite: 1,
  time_favorited: 10,
  word_count: 100,
};
const archivedLater: NewItem = {
  item_id: 9005,
  given_url: 'https://c.example/',
  given_title: 'a',
  status: 1,
  time_added: 400,
  time_read: 9500,
  favorite: 1,
  time_favorited: 5,
};
const deleted: NewItem = {
  item_id: 9006,
  given_url: 'https://gone.example/',
  status: 2,
  time_added: 600,
  time_updated: 7000,
};
const pending: NewItem = {
  item_id: 9007,
  given_url: 'https://soon.example/',
  resolved_id: '',
  time_added: 100,
  tags: ['x'],
};
const image: NewItem = { item_id: 9008, given_url: 'https://d.example/i.png', has_image: 2, time_added: 50 };
const list = [article, video, unparsed, archived, archivedLater, deleted, pending, image];

const idsOf = (body: Json): number[] =>
  (Object.values(body.list) as Json[])
    .toSorted((a, b) => a.sort_id - b.sort_id)
    .map((item) => Number(item.item_id));

describe('get', () => {
  const rows: [why: string, params: object, ids: number[]][] = [
    ['unread, newest first by default', { state: 'unread' }, [9003, 9002, 9001, 9007, 9008]],
    ['queue is unread, in any case', { state: 'QUEUE' }, [9003, 9002, 9001, 9007, 9008]],
    ['oldest first', { state: 'unread', sort: 'oldest' }, [9008, 9007, 9001, 9002, 9003]],
    ['longest is a silent newest', { state: 'unread', sort: 'longest' }, [9003, 9002, 9001, 9007, 9008]],
    ['the archive goes by when it was read', { state: 'archive' }, [9005, 9004]],
    ['with since, by when it was added', { state: 'read', since: 1 }, [9004, 9005]],
    ['favourites go by when they became that', { favorite: '1' }, [9004, 9005]],
    ['a number 1 is true', { favorite: 1, state: 'all' }, [9004, 9005]],
    ['true is true', { favorite: true }, [9004, 9005]],
    ['false filters too', { favorite: 'false', state: 'archive' }, []],
    ['a tag is normalised before it is looked up', { tag: " IT'S " }, [9001]],
    ['a tag by the name that get gives', { tag }, [9001]],
    ['an unknown tag', { tag: 'nobody has it' }, []],
    ['untagged, the unread ones', { tag: '_untagged_', state: 'unread' }, [9003, 9002, 9008]],
    ['video is also an article with one', { contentType: 'video' }, [9002]],
    ['article', { contentType: 'article', state: 'unread' }, [9001]],
    ['image', { contentType: 'image' }, [9008]],
    ['all content', { contentType: 'all', state: 'archive' }, [9005, 9004]],
    ['search in titles, any case', { search: 'EXPLAINED' }, [9001]],
    ['search in URLs', { search: 'youtube' }, [9002]],
    ['search takes % and _ literally', { search: '0% off_' }, [9003]],
    ['an empty search is none', { search: '', state: 'archive' }, [9005, 9004]],
    ['domain, with its subdomains', { domain: 'news.example', state: 'all' }, [9001, 9004]],
    ['domain, but not the end of another one', { domain: 'ews.example', state: 'all' }, []],
    ['since is strictly after', { since: 2000, state: 'unread' }, [9003]],
    ['since in milliseconds', { since: 2_000_000_000_000, state: 'unread' }, []],
    ['since with a fraction', { since: '1999.9', state: 'unread' }, [9003, 9002]],
    ['since as a date is read as its year', { since: '2000-01-01T00:00:00Z', state: 'unread' }, [9003]],
    ['by title', { state: 'archive', sort: 'title' }, [9005, 9004]],
    ['by site', { state: 'unread', sort: 'site' }, [9003, 9008, 9001, 9007, 9002]],
    [
      'a since that is no number, as none',
      { since: 'yesterday', state: 'unread' },
      [9003, 9002, 9001, 9007, 9008],
    ],
    ['a count that is no number, as none', { count: 'ten', state: 'archive' }, [9005, 9004]],
    [
      'what is empty, as none',
      { count: '', offset: '', detailType: '', total: '', state: 'archive' },
      [9005, 9004],
    ],
    ['a page', { state: 'unread', count: '2', offset: '1' }, [9002, 9001]],
  ];
  it('lists', () =>
    serving(list, async ({ post }) => {
      for (const [why, params, ids] of rows)
        assert.deepEqual(idsOf((await post('get', params)).body), ids, why);
    }));

  const refused: [why: string, params: object][] = [
    ['no such state', { state: 'later' }],
    ['an empty tag', { tag: '' }],
    ['a count of 0', { count: 0 }],
    ['a negative count', { count: -1 }],
    ['a count over 5000', { count: 5001 }],
    ['a negative offset', { offset: -1 }],
    ['no such sort', { sort: 'best' }],
    ['no such detailType', { detailType: 'some' }],
    ['no such content', { contentType: 'audio' }],
    ['a since before 1970', { since: -5 }],
    ['an offset that is no number', { offset: 'ten' }],
    ['an empty state', { state: '' }],
    ['a search that is no text', { search: 5 }],
    ['a flag that is none', { favorite: 'yes' }],
  ];
  it('refuses with 400 and code 130', () =>
    serving([], async ({ post }) => {
      for (const [why, params] of refused) {
        const { status, headers, body } = await post('get', params);
        const [[path, value] = []] = Object.entries(params);
        assert.deepEqual([status, headers.get('x-error-code')], [400, '130'], why);
        assert.ok(body.error.endsWith(JSON.stringify({ location: 'body', path, type: 'field', value })), why);
      }
    }));

  it('gives its envelope, total as a string and only when asked', () =>
    serving(list, async ({ post }) => {
      const { body } = await post('get', { state: 'unread', total: '1', count: 1 });
      const { list: _list, since, ...rest } = body;
      assert.deepEqual(rest, {
        total: '5',
        maxActions: 30,
        cachetype: 'db',
        status: 1,
        error: null,
        complete: 1,
      });
      assert.ok(Math.abs(since - Date.now() / 1000) < 60);
      assert.equal('total' in (await post('get', { state: 'unread' })).body, false);
    }));

  it('says empty only of a list with nothing in it', () =>
    serving(list, async ({ post }) => {
      const past = (await post('get', { state: 'unread', offset: 99 })).body;
      assert.deepEqual([past.status, past.list], [1, {}]);
      const empty = (await post('get', { tag: 'none' })).body;
      assert.deepEqual([empty.status, empty.list], [2, {}]);
      const search = (await post('get', { search: 'nowhere', count: 7 })).body;
      assert.deepEqual([search.status, search.list], [2, []]);
      assert.deepEqual(search.search_meta, { total_result_count: 0, count: 7, offset: 0, has_more: false });
    }));

  it('shows the deleted, as a stub, to clients that name no state', () =>
    serving(list, async ({ post }) => {
      const { body } = await post('get');
      assert.deepEqual(body.list['9006'], { item_id: '9006', status: '2' });
      assert.equal(Object.keys(body.list).length, 8);
    }));

  it('gives every scalar as a string, but for the three that Pocket sent as numbers', () =>
    serving([article], async ({ post }) => {
      const { body } = await post('get', { state: 'unread', detailType: 'COMPLETE' });
      const item_id = '9001';
      const picture = { item_id, src: 'https://img.example/1.jpg', width: '0', height: '0' };
      assert.deepEqual(body.list['9001'], {
        item_id,
        resolved_id: '9001',
        given_url: 'https://news.example/p?utm=x',
        given_title: 'Tides',
        favorite: '0',
        status: '0',
        time_added: '1000',
        time_updated: '1000',
        time_read: '0',
        time_favorited: '0',
        sort_id: 0,
        resolved_title: 'Tides, explained',
        resolved_url: 'https://news.example/p',
        excerpt: 'Why the sea moves.',
        is_article: '1',
        is_index: '0',
        has_video: '0',
        has_image: '1',
        word_count: '2207',
        lang: 'en',
        time_to_read: 10,
        listen_duration_estimate: 854,
        top_image_url: 'https://img.example/top.jpg',
        tags: { [tag]: { item_id, tag } },
        authors: { 77: { author_id: '77', name: 'A. Writer', url: '', item_id } },
        image: picture,
        images: { 1: { ...picture, image_id: '1', credit: '', caption: '' } },
        domain_metadata: { name: 'News' },
      });
    }));

  it('says 0 minutes and no tags where nothing is known', () =>
    serving([video], async ({ post }) => {
      const { body } = await post('get', { detailType: 'complete' });
      const { time_to_read, tags, videos } = body.list['9002'];
      assert.deepEqual([time_to_read, tags], [0, {}]);
      assert.deepEqual([videos['1'].length, videos['1'].video_id], ['612', '1']);
    }));

  it('gives a pending item no tags and empty resolved fields', () =>
    serving([pending], async ({ post }) => {
      const item = (await post('get')).body.list['9007'];
      assert.deepEqual([item.resolved_id, item.resolved_url, item.word_count, item.lang], ['', '', '0', '']);
      assert.equal('tags' in item, false);
    }));

  it('stops counting words at 65535', () =>
    serving([{ item_id: 1, given_url: 'https://a.example/', word_count: 99_999 }], async ({ post }) => {
      assert.equal((await post('get')).body.list['1'].word_count, '65535');
    }));

  it('settles by id what was added at the same moment', () =>
    serving(
      [1, 2, 3].map((item_id) => ({ item_id, given_url: `https://a.example/${item_id}`, time_added: 5 })),
      async ({ post }) => {
        assert.deepEqual(idsOf((await post('get', { state: 'all' })).body), [3, 2, 1]);
        assert.deepEqual(idsOf((await post('get', { state: 'all', sort: 'oldest' })).body), [1, 2, 3]);
      },
    ));

  it('gives as many items as are asked for, up to 5,000, and 30 where no count is given', () =>
    serving(
      Array.from({ length: 5045 }, (_, at) => ({ given_url: `https://a.example/${at}` })),
      async ({ post }) => {
        const rows: [why: string, params: object, items: number][] = [
          ['what Pocket documented as its page', {}, 30],
          ['more than a page', { count: '132' }, 132],
          ['the most', { count: 5000 }, 5000],
          ['a client that synchronizes names none', { since: 1 }, 5000],
          ['and may name one', { since: 1, count: 7 }, 7],
        ];
        for (const [why, params, items] of rows)
          assert.equal(idsOf((await post('get', params)).body).length, items, why);
      },
    ));

  it('gives the unread items to fetch: 25, then as many as are asked for, or 250', () =>
    serving(
      [...Array.from({ length: 300 }, (_, at) => ({ given_url: `https://a.example/${at}` })), archived],
      async ({ post }) => {
        const rows: [params: object, items: number][] = [
          [{ count: 100 }, 25],
          [{ offset: 25 }, 250],
          [{ offset: '25', count: 7, chunk: 1 }, 7],
        ];
        for (const [params, items] of rows) {
          const { total, list, passthrough } = (await post('fetch', { state: 'archive', ...params })).body;
          assert.deepEqual([total, Object.keys(list).length], ['300', items]);
          const { chunk = 0 } = params as { chunk?: number };
          assert.deepEqual(passthrough, {
            fetchChunkSize: '250',
            firstChunkSize: '25',
            chunk: String(chunk),
          });
        }
        assert.equal((await post('fetch', { offset: -1 })).status, 400);
      },
    ));

  it('has each item on exactly one page, in any order', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            time_added: fc.integer({ min: 1, max: 5 }),
            given_title: fc.constantFrom('a', 'B', ''),
          }),
          {
            maxLength: 100,
          },
        ),
        fc.constantFrom('newest', 'oldest', 'title', 'site'),
        (rows, sort) =>
          serving(
            rows.map((row, at) => ({ ...row, given_url: `https://${at % 3}.example/${at}` })),
            async ({ post }) => {
              const seen: number[] = [];
              for (let offset = 0; offset <= rows.length; offset += 30)
                seen.push(...idsOf((await post('get', { state: 'unread', sort, offset, count: 30 })).body));
              assert.equal(seen.length, rows.length);
              assert.equal(new Set(seen).size, rows.length);
            },
          ),
      ),
      { numRuns: 20 },
    ));
});
