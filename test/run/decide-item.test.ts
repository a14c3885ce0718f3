import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { PageEvidence } from '../../lib/core/estimate.ts';
import type { Item } from '../../lib/core/item.ts';
import type { Decision } from '../../lib/core/plan.ts';
import type { KeptLength, ReadFrom } from '../../lib/lengths/lengths.ts';
import { type DecideContext, decideItem } from '../../lib/run/decide-item.ts';
import { readSettings } from '../../lib/settings.ts';
import { anItem, tagsNamed } from '../helpers/items.ts';
import { NO_DEADLINES } from '../helpers/pocket.ts';

const { rules } = readSettings({ POCKET_API_URL: 'http://127.0.0.1/v3' });
const lengthOf = (words: number): PageEvidence => ({ known: true, words });
const QUICK = lengthOf(300);
const LONG = lengthOf(3000);
const WALL: PageEvidence = { known: false, reason: 'paywall' };
const NONE: PageEvidence = { known: false, reason: 'no-length' };
const UNSURE: PageEvidence = { known: true, words: 300, confidence: 0.1 };

const unread = anItem({ url: 'https://example.com/1', parsed: false });
const tagged = { ...unread, tags: tagsNamed('a long read') };

/** The band, or the reason for none, and which of text and page was asked. */
async function decided(
  item: Item,
  { kept, text, page, refetch = false, ...context }: Partial<DecideContext> & Wire = {},
) {
  const asked: ReadFrom[] = [];
  const set = sinon.fake();
  const readText = async () => {
    asked.push('text');
    return text as PageEvidence;
  };
  const read = async () => {
    asked.push('page');
    return page as PageEvidence;
  };
  const get = (): KeptLength | undefined => kept && { evidence: kept, from: 'page', readAt: 0 };
  const decision = await decideItem(
    {
      mode: 'full',
      rules,
      list: text ? { readText } : {},
      refetch,
      ...(page && { pages: { read } }),
      lengths: { get, set },
      deadlines: NO_DEADLINES,
      ...context,
    },
    item,
  );
  return { result: resultOf(decision), asked, set: set.args.map(([, ...what]) => what) };
}
type Wire = { kept?: PageEvidence; text?: PageEvidence; page?: PageEvidence; refetch?: boolean };

const resultOf = (decision: Decision) =>
  decision.kind === 'skip' ? decision.reason : [decision.kind, decision.tag];

describe('the decision about an item', () => {
  const rows: [why: string, item: Item, wire: Wire, result: unknown, asked: ReadFrom[]][] = [
    [
      'what the listing says counts first',
      { ...unread, words: 3000 },
      { kept: QUICK, page: QUICK },
      ['change', 'a long read'],
      [],
    ],
    [
      'a length that is kept is not read again',
      unread,
      { kept: QUICK, page: LONG },
      ['change', 'a quick read'],
      [],
    ],
    [
      'a length that is kept counts before a tag: the bands may be others now',
      tagged,
      { kept: QUICK, page: LONG },
      ['change', 'a quick read'],
      [],
    ],
    ['it counts where pages are not read', unread, { kept: QUICK }, ['change', 'a quick read'], []],
    ['a tag counts where nothing is kept', tagged, { text: QUICK, page: QUICK }, ['keep', 'a long read'], []],
    ['a tag counts where pages are not read either', tagged, {}, ['keep', 'a long read'], []],
    ['a tag counts before a wall of later', tagged, { kept: WALL, page: QUICK }, ['keep', 'a long read'], []],
    ['a tag counts before what is kept and unsure', tagged, { kept: UNSURE }, ['keep', 'a long read'], []],
    ['a wall that is kept is not tried again', unread, { kept: WALL, page: LONG }, 'paywall', []],
    ['a wall counts where pages are not read', unread, { kept: WALL }, 'paywall', []],
    [
      'a service may have the text meanwhile',
      unread,
      { kept: WALL, text: LONG, page: QUICK },
      ['change', 'a long read'],
      ['text'],
    ],
    ['a service may still have none', unread, { kept: WALL, text: NONE, page: QUICK }, 'paywall', ['text']],
    ['what is kept and unsure is not read again', unread, { kept: UNSURE, page: LONG }, 'unsure', []],
    [
      'with --refetch all is read again',
      tagged,
      { kept: LONG, page: QUICK, refetch: true },
      ['change', 'a quick read'],
      ['page'],
    ],
    [
      'with --refetch a text is read again also where pages are not',
      tagged,
      { kept: LONG, text: QUICK, refetch: true },
      ['change', 'a quick read'],
      ['text'],
    ],
    [
      'with --refetch a length of a page stays where pages are not read',
      unread,
      { kept: LONG, text: NONE, refetch: true },
      ['change', 'a long read'],
      ['text'],
    ],
    [
      'with --refetch a tag stays where pages are not read',
      tagged,
      { text: NONE, refetch: true },
      ['keep', 'a long read'],
      ['text'],
    ],
    [
      'with --refetch all stays where nothing is read',
      unread,
      { kept: LONG, refetch: true },
      ['change', 'a long read'],
      [],
    ],
    [
      'with --refetch a wall stays a wall where pages are not read',
      unread,
      { kept: WALL, text: NONE, refetch: true },
      'paywall',
      ['text'],
    ],
    ['a text counts before a page', unread, { text: LONG, page: QUICK }, ['change', 'a long read'], ['text']],
    [
      'a page counts where the text is none',
      unread,
      { text: WALL, page: QUICK },
      ['change', 'a quick read'],
      ['text', 'page'],
    ],
    ['an image is no text, whatever is kept', { ...unread, kind: 'image' }, { kept: QUICK }, 'image', []],
  ];
  for (const [why, item, wire, result, asked] of rows) {
    it(why, async () => {
      const found = await decided(item, wire);
      assert.deepEqual([found.result, found.asked], [result, asked]);
    });
  }

  const settings: [why: string, context: Partial<DecideContext>, result: unknown][] = [
    ['another speed', { speed: { wordsPerMinute: 50 } }, ['change', 'a long read']],
    ['other bands', { rules: { ...rules, bands: [{ tag: 'tiny', upToMinutes: 3 }] } }, ['change', 'tiny']],
  ];
  for (const [why, context, result] of settings) {
    it(`follows ${why} by what is kept, without reading`, async () => {
      const item = { ...unread, tags: tagsNamed('a medium read') };
      const { result: found, asked } = await decided(item, { kept: lengthOf(600), page: QUICK, ...context });
      assert.deepEqual([found, asked], [result, []]);
    });
  }

  it('counts the time that is left by what is kept', async () => {
    const half = { ...tagged, progress: 0.5 };
    const { result, asked } = await decided(half, {
      kept: lengthOf(900),
      page: LONG,
      speed: { timeLeft: true },
    });
    assert.deepEqual([result, asked], [['change', 'a quick read'], []]);
  });

  it('keeps a threshold of sureness that may be lowered later', async () => {
    assert.deepEqual((await decided(unread, { page: UNSURE })).set, [[UNSURE, 'page']]);
    const { result } = await decided(unread, { kept: UNSURE, page: LONG, speed: { minConfidence: 0 } });
    assert.deepEqual(result, ['change', 'a quick read']);
  });

  const keeping: [why: string, wire: Wire, set: unknown[]][] = [
    ['the page that was read', { page: QUICK }, [[QUICK, 'page']]],
    ['the text that was read', { text: QUICK, page: LONG }, [[QUICK, 'text']]],
    ['why a page gives no length', { text: WALL, page: WALL }, [[WALL, 'page']]],
    ['nothing of a text without a length: the page may have one', { text: WALL }, []],
    ['nothing of what was kept before', { kept: QUICK, page: LONG }, []],
    ['what was read again', { kept: QUICK, page: LONG, refetch: true }, [[LONG, 'page']]],
  ];
  for (const [why, wire, set] of keeping) {
    it(`keeps ${why}`, async () => {
      assert.deepEqual((await decided(unread, wire)).set, set);
    });
  }

  it('asks for nothing that is kept where the listing has the length', async () => {
    const get = sinon.fake();
    await decided({ ...unread, words: 10 }, { page: QUICK, lengths: { get, set: sinon.fake() } });
    assert.equal(get.callCount, 0);
  });
});
