import assert from 'node:assert/strict';
import { parseFeed } from 'htmlparser2';
import { estimate } from '../../lib/core/estimate.ts';
import type { Item } from '../../lib/core/item.ts';
import { type PlanRules, planItem, planToKeep } from '../../lib/core/plan.ts';
import { type FeedRules, feeds } from '../../lib/report/feeds.ts';
import { reportFacts } from '../../lib/report/report-facts.ts';
import { anItem } from '../helpers/items.ts';

const bands = [
  { tag: 'quick', upToMinutes: 5 },
  { tag: 'medium', upToMinutes: 15 },
];
const plan: PlanRules = { bands, longestTag: 'long', retiredTags: [] };
const rules: FeedRules = { bands, service: 'karakeep', madeAt: new Date('2026-11-27T12:00:00Z') };

const saved = (id: string, minutes: number | undefined, fields: Partial<Item> = {}) =>
  anItem({ id, title: id, url: `https://a.example/${id}`, ...(minutes && { minutes }), ...fields });

async function feedsOf(items: readonly Item[], own: Partial<FeedRules> = {}) {
  const facts = reportFacts(
    items.map((item) => planItem(item, estimate(item), plan)),
    plan,
  );
  const made = await feeds(facts, { ...rules, ...own });
  return Object.fromEntries(
    made.map(({ name, text }) => {
      const feed = parseFeed(text);
      assert.ok(feed, name);
      return [name, { text, feed, titles: feed.items.map(({ title }) => title) }];
    }),
  );
}

describe('feeds', () => {
  it('has a feed of what fits into each band and into minutes of one’s own, and of what is longer', async () => {
    const items = [saved('a', 3), saved('b', 5), saved('c', 6), saved('d', 15), saved('e', 16)];
    const made = await feedsOf([...items, saved('unknown', undefined)], { minutes: 10 });
    assert.deepEqual(Object.fromEntries(Object.entries(made).map(([name, { titles }]) => [name, titles])), {
      'up-to-5.xml': ['5 min: b', '3 min: a'],
      'up-to-15.xml': ['15 min: d', '6 min: c', '5 min: b', '3 min: a'],
      'up-to-10.xml': ['6 min: c', '5 min: b', '3 min: a'],
      'over-15.xml': ['16 min: e'],
    });
    assert.deepEqual(Object.keys(await feedsOf(items, { minutes: 5 })), [
      'up-to-5.xml',
      'up-to-15.xml',
      'over-15.xml',
    ]);
  });

  it('has what an Atom reader asks for, by a parser of feeds', async () => {
    const addedAt = Date.UTC(2026, 0, 2, 3, 4, 5) / 1000;
    const { 'up-to-5.xml': made } = await feedsOf([saved('a', 3, { words: 700, addedAt })]);
    assert.ok(made);
    const { type, id, title, updated, items } = made.feed;
    assert.deepEqual([type, title, updated], ['atom', 'Up to 5 min', rules.madeAt]);
    assert.match(made.text, /<author><name>karakeep<\/name><\/author>/);
    const [entry] = items;
    assert.deepEqual(
      [entry?.title, entry?.link, entry?.description, entry?.pubDate],
      ['3 min: a', 'https://a.example/a', 'quick, 700 words', new Date(addedAt * 1000)],
    );
    for (const one of [id, entry?.id])
      assert.match(one ?? '', /^urn:uuid:[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/);
  });

  it('keeps the id of an item in every feed and run, and gives no two the same', async () => {
    const idsOf = async (service: string) => {
      const made = await feedsOf([saved('1', 2), saved('2', 3)], { service });
      return ['up-to-5.xml', 'up-to-15.xml'].map((name) => made[name]?.feed.items.map(({ id }) => id));
    };
    const [five, fifteen] = await idsOf('karakeep');
    assert.deepEqual(five, fifteen);
    assert.deepEqual(await idsOf('karakeep'), [five, fifteen]);
    assert.equal(new Set([...(five ?? []), ...((await idsOf('linkding'))[0] ?? [])]).size, 4);
  });

  it('has of the same length the oldest first, one without a date with a date that stays', async () => {
    const items = [saved('new', 3, { addedAt: 20 }), saved('old', 3, { addedAt: 10 }), saved('undated', 3)];
    const { 'up-to-5.xml': made } = await feedsOf(items);
    assert.deepEqual(made?.titles, ['3 min: undated', '3 min: old', '3 min: new']);
    assert.deepEqual(made?.feed.items[0]?.pubDate, new Date(0));
  });

  const titles: [why: string, title: string, inFeed: string][] = [
    ['markup', '</title><b>"A" & \'B\'</b>', '</title><b>"A" & \'B\'</b>'],
    ['an end of CDATA', ']]> <![CDATA[', ']]> <![CDATA['],
    ['an emoji beyond the first plane', '👩‍🚀 to Mars', '👩‍🚀 to Mars'],
    ['control characters, which XML has no way to write', 'a\u0000b\u001Bc\u0085d', 'a b c d'],
    ['line breaks', 'a\r\nb\n', 'a b'],
    ['half of an emoji', 'a \ud83d b', 'a   b'],
    ['what is no character', 'a\uFFFEb', 'a b'],
  ];
  for (const [why, title, inFeed] of titles)
    it(`has a title as it stands, with ${why}`, async () => {
      const { 'up-to-5.xml': made } = await feedsOf([saved('a', 3, { title }), saved('b', 2)]);
      assert.deepEqual(made?.titles, [`3 min: ${inFeed}`, '2 min: b']);
      assert.doesNotMatch(made?.text ?? '', /[^\n\P{Cc}]|\p{Cs}|[\uFFFE\uFFFF]/u);
    });

  it('leaves out an item whose address is not of the web, and escapes an address', async () => {
    const items = [
      saved('script', 3, { url: 'javascript:alert(1)' }),
      anItem({ id: 'none', title: 'none', minutes: 3 }),
      saved('ok', 3, { url: 'https://a.example/?b=1&c="2"' }),
    ];
    const { 'up-to-5.xml': made } = await feedsOf(items);
    assert.deepEqual(made?.titles, ['3 min: ok']);
    assert.equal(made?.feed.items[0]?.link, 'https://a.example/?b=1&c=%222%22');
  });

  it('has of 50,000 items the 500 that fit best', async () => {
    const items = Array.from({ length: 50_000 }, (_, at) =>
      saved(`${at}`, 1 + (at % 20), { addedAt: 1e9 + at }),
    );
    const made = await feedsOf(items);
    assert.deepEqual(
      Object.values(made).map(({ titles }) => titles.length),
      [500, 500, 500],
    );
    assert.equal(made['up-to-5.xml']?.titles[0], '5 min: 4');
    assert.equal(made['up-to-5.xml']?.titles.at(-1), '5 min: 9984');
  });

  it('has an item of which only the band is known by the limit of that', async () => {
    const tagged = ['quick', 'medium', 'long'].map((tag) => {
      const item = saved(tag, undefined, { tags: [{ name: tag }] });
      return planToKeep(item, plan) ?? assert.fail();
    });
    const made = await feeds(reportFacts(tagged, plan), { ...rules, minutes: 10 });
    assert.deepEqual(
      made.map(({ name, text }) => [name, parseFeed(text)?.items.map(({ title }) => title)]),
      [
        ['up-to-5.xml', ['1 to 5 min: quick']],
        ['up-to-15.xml', ['6 to 15 min: medium', '1 to 5 min: quick']],
        ['up-to-10.xml', ['1 to 5 min: quick']],
        ['over-15.xml', ['over 15 min: long']],
      ],
    );
  });

  it('has empty feeds for an empty list', async () => {
    assert.deepEqual(
      Object.values(await feedsOf([])).map(({ titles }) => titles),
      [[], [], []],
    );
  });
});
