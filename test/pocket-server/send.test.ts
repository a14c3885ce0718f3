import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseTags } from '../../lib/pocket-server/stored-item.ts';
import { storedPocketTagName } from '../../lib/reading-lists/tag-names.ts';
import { type Served, serving } from './serving.ts';

const items = [
  {
    item_id: 1,
    given_url: 'https://a.example/',
    given_title: 'One',
    word_count: 500,
    tags: ['mine'],
    time_added: 100,
  },
  { item_id: 2, given_url: 'https://b.example/', tags: ['mine', 'old'], time_added: 200 },
];

const send = async ({ post }: Served, ...actions: unknown[]) => (await post('send', { actions })).body;
const item = ({ store }: Served, id = 1) => {
  const found = store.find({ item_id: String(id) });
  assert.ok(found);
  return found;
};

describe('send', () => {
  const changed = (...tags: string[]) => ({ tags, time_updated: 900 });
  const rows: [action: object, expected: object][] = [
    [{ action: 'tags_add', tags: 'a quick read' }, changed('a quick read', 'mine')],
    [{ action: 'tags_add', tags: 'B,a' }, changed('a', 'b', 'mine')],
    [{ action: 'tags_add', tags: ['B', 'a,c'] }, changed('a,c', 'b', 'mine')],
    [{ action: 'tags_add', tags: 'mine' }, changed('mine')],
    [{ action: 'tags_remove', tags: 'mine,other' }, changed()],
    [{ action: 'tags_remove', tags: ['mine'] }, changed()],
    [{ action: 'tags_remove', tags: 'MINE' }, changed('mine')],
    [{ action: 'tags_replace', tags: 'x,y' }, changed('x', 'y')],
    [{ action: 'tags_replace', tags: '' }, changed()],
    [{ action: 'tags_replace', tags: [] }, changed()],
    [{ action: 'tags_clear' }, changed()],
    [{ action: 'archive' }, { ...changed('mine'), status: 1, time_read: 900 }],
    [{ action: 'favorite' }, { favorite: 1, time_favorited: 900 }],
    [{ action: 'unfavorite' }, { favorite: 0, time_favorited: 0 }],
    [{ action: 'delete' }, { ...changed(), status: 2 }],
    [{ action: 'tag_rename', old_tag: 'mine', new_tag: 'ours' }, changed('ours')],
    [{ action: 'tag_delete', tag: 'mine' }, changed()],
  ];
  for (const [action, expected] of rows)
    it(`carries out ${JSON.stringify(action)}`, () =>
      serving(items, async (served) => {
        const body = await send(served, { time: '900', item_id: '1', ...action });
        assert.deepEqual(body, { status: 1, action_results: [true], action_errors: [null] });
        const { ...fields } = item(served);
        assert.deepEqual({ ...fields, ...expected }, fields);
      }));

  it('finds an item by its URL', () =>
    serving(items, async (served) => {
      await send(served, { action: 'tags_add', url: 'https://a.example/', tags: 'by url' });
      assert.deepEqual(item(served).tags, ['by url', 'mine']);
    }));

  it('answers an add and a readd with the item', () =>
    serving(items, async (served) => {
      const { action_results } = await send(
        served,
        { action: 'add', url: 'https://c.example/', tags: 'x', time: 700 },
        { action: 'readd', item_id: 1 },
      );
      assert.deepEqual(
        action_results.map((one: { item_id: string }) => one.item_id),
        ['3', '1'],
      );
      const { tags, time_added, resolved_id } = item(served, 3);
      assert.deepEqual({ tags, time_added, resolved_id }, { tags: ['x'], time_added: 700, resolved_id: '0' });
    }));

  it('finds a tag with quotes and backslashes by the name that get gives', () =>
    serving(items, async (served) => {
      const added = [{ action: 'tags_add', item_id: 2, tags: ["It's", String.raw`a\b "c"`] }];
      for (const take of ['tags_remove', 'tag_delete', 'tag_rename']) {
        await send(served, ...added);
        const { list } = (await served.post('get', { state: 'unread' })).body;
        const names = Object.keys(list['2'].tags).filter((name) => !['mine', 'old'].includes(name));
        assert.deepEqual(names, [String.raw`a\\b \"c\"`, String.raw`it\'s`]);
        for (const name of names) {
          const found = (await served.post('get', { tag: name })).body;
          assert.deepEqual(Object.keys(found.list), ['2']);
        }
        await send(
          served,
          ...names.map((tag) => ({ action: take, item_id: 2, tags: tag, tag, old_tag: tag, new_tag: 'old' })),
        );
        assert.deepEqual(item(served, 2).tags, ['mine', 'old'], take);
      }
    }));

  it('merges a renamed tag into one that is there', () =>
    serving(items, async (served) => {
      await send(served, { action: 'tag_rename', old_tag: 'old', new_tag: 'mine' });
      assert.deepEqual(item(served, 2).tags, ['mine']);
    }));

  it('fails an unknown action, an add by id and an unknown item in their own slots only', () =>
    serving(items, async (served) => {
      const body = await send(
        served,
        { action: 'tags_rename', old_tag: 'a', new_tag: 'b' },
        { action: 'constructor', item_id: 1 },
        { action: 'add', item_id: 1 },
        { action: 'archive', item_id: '99' },
        { action: 'tags_add', item_id: 99, tags: 'x' },
        { action: 'archive', item_id: 1 },
      );
      assert.equal(body.status, 1);
      assert.deepEqual(body.action_results, [false, false, false, false, true, true]);
      const invalid = { message: "Invalid Action: 'tags_rename'", type: 'Bad request', code: 130 };
      assert.deepEqual(body.action_errors[0], invalid);
      assert.deepEqual(
        [body.action_errors[3].code, body.action_errors[3].type],
        [198, 'Internal Server Error'],
      );
      assert.equal(item(served).status, 1);
    }));

  const refused: [why: string, action: unknown, field: string][] = [
    ['no action', { item_id: 1 }, 'actions'],
    ['no item', { action: 'archive' }, 'item_id'],
    ['no item, but null', { action: 'archive', item_id: null, url: null }, 'item_id'],
    ['an id that is no number', { action: 'archive', item_id: 'abc' }, 'item_id'],
    ['an empty id', { action: 'archive', item_id: '', url: 'https://a.example/' }, 'item_id'],
    ['an id longer than numbers are exact', { action: 'archive', item_id: '1'.repeat(16) }, 'item_id'],
    ['a URL that is none', { action: 'add', url: 'nowhere' }, 'url'],
    ['a URL that is none beside an id', { action: 'archive', item_id: 1, url: '' }, 'url'],
    ['no tags', { action: 'tags_add', item_id: 1 }, 'tags'],
    ['empty tags', { action: 'tags_add', item_id: 1, tags: '' }, 'tags'],
    ['a list of no tags', { action: 'tags_remove', item_id: 1, tags: [] }, 'tags'],
    ['an empty tag among others', { action: 'tags_add', item_id: 1, tags: 'a,,b' }, 'tags'],
    ['an empty tag in an array', { action: 'tags_replace', item_id: 1, tags: ['a', ''] }, 'tags'],
    ['tags that are no text', { action: 'tags_add', item_id: 1, tags: [1] }, 'tags'],
    ['a URL of a script', { action: 'add', url: 'javascript:alert(1)' }, 'url'],
    ['an empty title', { action: 'add', url: 'https://c.example/', title: '' }, 'title'],
    ['a time that is no number', { action: 'archive', item_id: 1, time: 'now' }, 'time'],
    ['an empty time', { action: 'archive', item_id: 1, time: '' }, 'time'],
    ['a rename to nothing', { action: 'tag_rename', old_tag: 'mine' }, 'new_tag'],
    ['no tag to delete', { action: 'tag_delete' }, 'tag'],
    ['an action that is no object', 'archive', 'actions'],
    ['nothing', null, 'actions'],
  ];
  for (const [why, action, field] of refused)
    it(`carries nothing out when one action has ${why}`, () =>
      serving(items, async (served) => {
        const { status, headers, body } = await served.post('send', {
          actions: [{ action: 'archive', item_id: 1 }, action],
        });
        assert.deepEqual([status, headers.get('x-error-code')], [400, '130']);
        assert.equal(JSON.parse(body.error.slice(body.error.indexOf('{'))).path, field);
        assert.equal(item(served).status, 0);
      }));

  it('fails a blank tag, a name that is not there and what is not kept here in their own slots only', () =>
    serving(items, async (served) => {
      const blank = 'Tag name must have at least 1 non-whitespace character.';
      const rows: [action: object, message: string][] = [
        [{ action: 'tags_add', item_id: 1, tags: ['a', ' '] }, blank],
        [{ action: 'tags_replace', item_id: 1, tags: ' ' }, blank],
        [{ action: 'add', url: 'https://c.example/', tags: ' ' }, blank],
        [{ action: 'tag_rename', old_tag: 'mine', new_tag: ' ' }, blank],
        [
          { action: 'tag_rename', old_tag: 'nobody has it', new_tag: 'x' },
          'Error - Not Found: Tag not found',
        ],
        [{ action: 'readd', item_id: 99 }, 'Error - Not Found: SavedItem does not exist'],
        [{ action: 'tags_clear', item_id: 99 }, 'Error - Not Found: SavedItem does not exist'],
        [
          { action: 'tags_add', url: 'https://nowhere.example/', tags: 'x' },
          'Error - Not Found: SavedItem does not exist',
        ],
        [
          { action: 'add_annotation', item_id: 1, annotation: { version: '2' } },
          'Error - Not Found: this server keeps no annotations',
        ],
      ];
      const body = await send(served, ...rows.map(([action]) => action));
      assert.deepEqual(new Set(body.action_results), new Set([false]));
      assert.deepEqual(
        body.action_errors.map(({ message }: { message: string }) => message),
        rows.map(([, message]) => message),
      );
      assert.deepEqual([item(served).tags, served.store.count()], [['mine'], 2]);
    }));

  it('renames a tag, and finds the new name only as it is stored, as Pocket did', () =>
    serving(items, async (served) => {
      const renamed = await send(served, { action: 'tag_rename', old_tag: 'old', new_tag: 'New' });
      assert.deepEqual([renamed.action_results, item(served, 2).tags], [[false], ['mine', 'new']]);
    }));

  it('adds what is readded by a URL that is not there, and takes the text null for no title', () =>
    serving(items, async (served) => {
      const url = 'https://c.example/';
      const { action_results } = await send(
        served,
        { action: 'readd', url },
        { action: 'add', url: 'https://d.example/', title: 'null' },
      );
      assert.deepEqual(
        action_results.map((one: { given_url: string }) => one.given_url),
        [url, 'https://d.example/'],
      );
      assert.equal(item(served, 4).given_title, '');
    }));

  it('takes actions as JSON, also URL-encoded once too often', () =>
    serving(items, async (served) => {
      const actions = JSON.stringify([{ action: 'tags_add', item_id: 1, tags: 'x' }]);
      for (const text of [actions, encodeURIComponent(actions)])
        assert.deepEqual((await served.post('send', { actions: text })).body.action_results, [true]);
      const broken = await served.post('send', { actions: '[{' });
      assert.deepEqual([broken.status, broken.headers.get('x-error-code')], [500, '198']);
      for (const none of [{}, { actions: [] }, { actions: '' }, { actions: '{}' }])
        assert.equal((await served.post('send', none)).status, 400);
    }));

  it('keeps milliseconds as they come, as Pocket did', () =>
    serving(items, async (served) => {
      await send(served, { action: 'archive', item_id: 1, time: 1_800_000_000_000 });
      assert.equal(item(served).time_read, 1_800_000_000_000);
    }));

  it('does the same whether tags are added once or twice', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc
            .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
            .filter((tag) => parseTags(tag) !== undefined),
          { minLength: 1 },
        ),
        (tags) =>
          serving(items, async (served) => {
            const action = { action: 'tags_add', item_id: 1, tags, time: 900 };
            assert.deepEqual((await send(served, action)).action_results, [true]);
            const once = item(served);
            await send(served, action, action);
            assert.deepEqual(item(served), once);
            assert.deepEqual(new Set(once.tags), new Set(['mine', ...(parseTags(tags) ?? [])]));
          }),
      ),
      { numRuns: 25 },
    ));
});

describe('a tag as Pocket stores it', () => {
  const rows: [given: string, stored: string, why: string][] = [
    ['  A Quick Read ', 'a quick read', 'trimmed, lower case'],
    ["it's", String.raw`it\'s`, 'addslashes: quote'],
    ['say "x"', String.raw`say \"x\"`, 'addslashes: double quote'],
    [String.raw`a\b`, String.raw`a\\b`, 'addslashes: backslash'],
    ['a\0b', String.raw`a\0b`, 'addslashes: NUL'],
    ['a\uFFFDb', 'a?b', 'replacement character'],
    ['x'.repeat(26), 'x'.repeat(25), 'cut after 25'],
    ['\u{1F600}'.repeat(26), '\u{1F600}'.repeat(25), '25 code points, not UTF-16 units'],
    ["'".repeat(25), String.raw`\'`.repeat(25), 'the cut comes before the slashes'],
  ];
  for (const [given, stored, why] of rows)
    it(`is ${JSON.stringify(stored)}: ${why}`, () => assert.equal(storedPocketTagName(given), stored));
});

describe('add', () => {
  it('saves a URL as not parsed, every parsed field null', () =>
    serving([], async (served) => {
      const { body } = await served.post('add', {
        url: 'https://new.example/',
        title: 'New',
        tags: 'B,a',
        time: 50,
      });
      assert.equal(body.status, 1);
      const { item_id, resolved_id, given_url, normal_url, ...parsed } = body.item;
      const url = 'https://new.example/';
      assert.deepEqual([item_id, resolved_id, given_url, normal_url], ['1', '0', url, url]);
      assert.deepEqual(new Set(Object.values(parsed)), new Set([null]));
      const { tags, time_added, given_title } = item(served);
      assert.deepEqual(
        { tags, time_added, given_title },
        { tags: ['a', 'b'], time_added: 50, given_title: 'New' },
      );
    }));

  it('keeps the id of a URL that is there, un-archives it and brings it to the top', () =>
    serving([{ ...items[0], given_url: 'https://a.example/', status: 1, time_read: 5 }], async (served) => {
      const { body } = await served.post('add', { url: 'https://a.example/', time: 800 });
      assert.deepEqual([body.item.item_id, body.item.word_count, body.item.images], ['1', '500', []]);
      assert.equal(body.item.date_published, '0000-00-00 00:00:00');
      const { status, time_added, time_read, tags } = item(served);
      assert.deepEqual(
        { status, time_added, time_read, tags },
        { status: 0, time_added: 800, time_read: 0, tags: ['mine'] },
      );
    }));

  const saved: [url: string, kept: string, why: string][] = [
    ['example.com/a', 'http://example.com/a', 'without a scheme'],
    ['example.com:8080', 'http://example.com:8080', 'a port is no scheme'],
    ['HTTPS://münchen.example/ü', 'HTTPS://münchen.example/ü', 'other letters'],
    ['ftp://a.example/f', 'ftp://a.example/f', 'ftp'],
    ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080/', 'an address'],
    ['http://[::1]/', 'http://[::1]/', 'an address of version 6'],
  ];
  for (const [url, kept, why] of saved)
    it(`saves ${url}: ${why}`, () =>
      serving([], async (served) => {
        assert.equal((await served.post('add', { url })).status, 200);
        assert.equal(item(served).given_url, kept);
      }));

  for (const [why, params] of [
    ['no URL', {}],
    ['a URL that is none', { url: 'news' }],
    ['this machine by name', { url: 'http://localhost/x' }],
    ['a script', { url: 'javascript:alert(1)' }],
    ['an address of mail', { url: 'mailto:a@b.example' }],
    ['a file', { url: 'file:///etc/passwd' }],
    ['spaces', { url: 'https://a.example/a b' }],
    ['a URL of 2,100 characters', { url: `https://a.example/${'x'.repeat(2082)}` }],
    ['an empty title', { url: 'https://a.example/', title: '' }],
    ['an empty tag', { url: 'https://a.example/', tags: 'a,' }],
    ['no tags but the parameter', { url: 'https://a.example/', tags: '' }],
    ['a blank tag', { url: 'https://a.example/', tags: ' ' }],
  ] as const)
    it(`refuses ${why}`, () =>
      serving([], async ({ post, store }) => {
        const { status, headers } = await post('add', params);
        assert.deepEqual([status, headers.get('x-error-code'), store.count()], [400, '130', 0]);
      }));
});
