import assert from 'node:assert/strict';
import type { TagChange } from '../../../lib/core/item.ts';
import type { HttpResponse } from '../../../lib/http/request.ts';
import { readResults, readRows } from '../../../lib/reading-lists/pocket/rows.ts';
import { anItem } from '../../helpers/items.ts';

const answer = (body: unknown): HttpResponse => ({ status: 200, header: () => undefined, body });
/** The item of one row. */
const itemOf = (row: object) =>
  readRows(answer({ list: { '7': row } }), { state: 'unread', offset: 5 }).rows[0]?.item;

describe('a page of Pocket', () => {
  it('is complete if the row has every field', () => {
    const row = {
      item_id: '8',
      resolved_id: '9',
      status: '0',
      given_url: 'https://t.example/1',
      given_title: 'Given',
      resolved_url: 'https://a.example/1',
      resolved_title: 'Resolved',
      time_added: '1700000000',
      word_count: 900,
      lang: 'en',
      time_to_read: 4,
      tags: { mine: { item_id: '8', tag: 'mine' }, __proto: {} },
    };
    assert.deepEqual(itemOf(row), {
      id: '8',
      kind: 'article',
      tags: [{ name: 'mine' }, { name: '__proto' }],
      parsed: true,
      url: 'https://a.example/1',
      title: 'Resolved',
      words: 900,
      minutes: 4,
      language: 'en',
      addedAt: 1_700_000_000,
      ref: { state: 'unread', offset: 5 },
    });
  });

  it('has minutes alone stand for 220 words each, and no others', () => {
    assert.deepEqual(itemOf({ word_count: '0', time_to_read: 4 })?.lengthByMinutes, { words: 880 });
    assert.equal(itemOf({ word_count: '900', time_to_read: 4 })?.lengthByMinutes, undefined);
  });

  it('needs no more than an id', () => {
    assert.deepEqual(itemOf({}), {
      id: '7',
      kind: 'article',
      tags: [],
      parsed: false,
      ref: { state: 'unread', offset: 5 },
    });
  });

  it('has the address and the title that were given where none was resolved', () => {
    const { url, title } =
      itemOf({ given_url: 'https://t.example/1', given_title: 'Given', resolved_url: '' }) ?? {};
    assert.deepEqual([url, title], ['https://t.example/1', 'Given']);
  });

  for (const [why, tags] of [
    ['a list, as era A writes nothing', []],
    ['a list of names', ['mine']],
    ['a text', 'mine'],
    ['null', null],
    ['a number', 1],
  ] as const)
    it(`treats tags as absent if they are ${why}`, () => assert.deepEqual(itemOf({ tags })?.tags, []));

  for (const [why, value, words] of [
    ['a number as text', '12', 12],
    ['zero, which is unknown', '0', undefined],
    ['less than zero', '-3', undefined],
    ['no number', 'many', undefined],
    ['nothing', '', undefined],
  ] as const)
    it(`takes words from ${why}`, () => assert.equal(itemOf({ word_count: value })?.words, words));

  for (const [id, parsed] of [
    ['1', true],
    ['0', false],
    ['', false],
  ] as const)
    it(`is ${parsed ? '' : 'not '}parsed where resolved_id is "${id}"`, () =>
      assert.equal(itemOf({ resolved_id: id })?.parsed, parsed));

  for (const [status, isUnread] of [
    ['0', true],
    ['1', false],
    ['2', false],
    ['3', false],
  ] as const)
    it(`${isUnread ? 'has' : 'passes over'} what has the status ${status}`, () =>
      assert.equal(itemOf({ status }) !== undefined, isUnread));

  const videos: [why: string, row: object, kind: string | undefined, seconds: number | undefined][] = [
    ['with its length', { has_video: '2', videos: { '1': { length: '61' } } }, 'video', 61],
    ['of no length', { has_video: '2', videos: { '1': { length: '0' } } }, 'video', undefined],
    ['without any', { has_video: '2' }, 'video', undefined],
    [
      'in an article, which is none',
      { has_video: '1', videos: { '1': { length: '61' } } },
      'article',
      undefined,
    ],
    ['before an image', { has_video: '2', has_image: '2' }, 'video', undefined],
    ['and not an image', { has_image: '2' }, 'image', undefined],
  ];
  for (const [why, row, kind, seconds] of videos)
    it(`recognises a video ${why}`, () => {
      const item = itemOf(row);
      assert.deepEqual([item?.kind, item?.videoSeconds], [kind, seconds]);
    });

  const pictures: [why: string, row: object, isAbout: boolean][] = [
    ['an article', { is_article: '1', has_video: '1', top_image_url: 'https://i.ytimg.com/a.jpg' }, true],
    ['of which nobody says what it is', { top_image_url: 'https://i.ytimg.com/a.jpg' }, true],
    ['without a video', { has_video: '0', top_image_url: 'https://ytimg.com/a.jpg' }, true],
    ['with one, and no article', { has_video: '1', top_image_url: 'https://i.ytimg.com/a.jpg' }, false],
    ['with a picture of a namesake', { top_image_url: 'https://notytimg.com/a.jpg' }, false],
    ['with a picture of somebody else', { top_image_url: 'https://a.example/ytimg.com' }, false],
    ['with no address of a picture', { top_image_url: 'a picture' }, false],
    ['without a picture', {}, false],
  ];
  for (const [why, row, isAbout] of pictures)
    it(`${isAbout ? 'is' : 'is not'} about a video: ${why}`, () =>
      assert.equal(itemOf(row)?.aboutVideo ?? false, isAbout));

  it('has its rows in the order of sort_id, whatever their keys, and the total', () => {
    const list = { '1': { sort_id: 2 }, '2': { sort_id: 1 }, '10': { sort_id: 0 } };
    const { rows, total } = readRows(answer({ list, total: '45' }), { state: 'unread', offset: 0 });
    assert.deepEqual([rows.map((row) => row?.id), total], [['10', '2', '1'], 45]);
    assert.deepEqual(readRows(answer({ list: [] }), { state: 'unread', offset: 0 }), { rows: [] });
  });

  for (const [body, field] of [
    [{ list: 'none' }, 'list'],
    [{}, 'list'],
    ['text', 'answer'],
  ] as const)
    it(`is refused by the name of the field: ${JSON.stringify(body)}`, () => {
      assert.throws(() => readRows(answer(body), { state: 'unread', offset: 0 }), {
        kind: 'unexpected-response',
        message: `Could not read the answer of get: "${field}" is not what Pocket v3 sends`,
      });
    });
});

describe('what Pocket says of actions', () => {
  const change = (id: string): TagChange => ({ item: anItem({ id }), add: ['x'], remove: [] });
  const sent = [
    { change: change('1'), actions: 1 },
    { change: change('2'), actions: 2 },
  ];
  const NOT_SAID = 'the service did not say whether it was done';
  const rows: [why: string, body: object, reasons: (string | undefined)[]][] = [
    ['true is done', { action_results: [true, true, true] }, [undefined, undefined]],
    ['an object is done', { action_results: [{}, true, {}] }, [undefined, undefined]],
    [
      'false is refused, of any of its actions',
      { action_results: [true, true, false] },
      [undefined, 'refused'],
    ],
    [
      'the code that stands beside it is told',
      { action_results: [false, true, false], action_errors: [{ code: 1 }, null, { code: 422 }] },
      ['refused with code 1', 'refused with code 422'],
    ],
    [
      'a code that is none is not told',
      { action_results: [false, true, true], action_errors: [{ code: 'x' }] },
      ['refused', undefined],
    ],
    [
      'a code beside what is done is nothing',
      { action_results: [true, true, true], action_errors: [{ code: 1 }] },
      [undefined, undefined],
    ],
    [
      'errors that are no list are none',
      { action_results: [false, true, true], action_errors: 'x' },
      ['refused', undefined],
    ],
    ['a missing slot is unknown', { action_results: [true, true] }, [undefined, NOT_SAID]],
    ['null is unknown', { action_results: [null, true, true] }, [NOT_SAID, undefined]],
    ['a text is unknown', { action_results: ['true', true, true] }, [NOT_SAID, undefined]],
    ['no slot at all', { action_results: [] }, [NOT_SAID, NOT_SAID]],
  ];
  for (const [why, body, reasons] of rows)
    it(why, () => {
      assert.deepEqual(
        readResults(answer(body), sent),
        reasons.map((reason, at) => {
          const itemId = String(at + 1);
          return reason === undefined ? { itemId, ok: true } : { itemId, ok: false, reason };
        }),
      );
    });

  it('"Not Found" is of an item that was deleted meanwhile', () => {
    const message = 'Error - Not Found: SavedItem does not exist';
    const error = { message, type: 'Internal Server Error', code: 198 };
    const body = { action_results: [false, true, true], action_errors: [error, null, null] };
    assert.deepEqual(readResults(answer(body), sent), [
      { itemId: '1', ok: false, reason: 'no longer there', gone: true },
      { itemId: '2', ok: true },
    ]);
  });

  it('is refused by the name of the field', () => {
    assert.throws(() => readResults(answer({}), sent), {
      message: 'Could not read the answer of send: "action_results" is not what Pocket v3 sends',
      outcomeUnknown: true,
    });
  });
});
