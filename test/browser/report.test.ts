import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { sampleList } from '../../lib/cli/sample-list.ts';
import { estimate } from '../../lib/core/estimate.ts';
import type { Item } from '../../lib/core/item.ts';
import { type PlanRules, planItem } from '../../lib/core/plan.ts';
import { reportFacts } from '../../lib/report/report-facts.ts';
import { reportPage } from '../../lib/report/report-page.ts';
import { type Browser, browser } from '../helpers/browser.ts';
import { anItem } from '../helpers/items.ts';

const rules: PlanRules = {
  bands: [
    { tag: 'a quick read', upToMinutes: 2 },
    { tag: 'a medium read', upToMinutes: 5 },
  ],
  longestTag: 'a long read',
  videoTag: 'article with video',
  retiredTags: [],
};
const NOW_S = Date.UTC(2026, 5, 15) / 1000;
const HOSTILE = `</script><img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`;
const AXE = fileURLToPath(import.meta.resolve('axe-core/axe.min.js'));

/** Many items, some of them hostile, as a year and a half would leave them. */
function manyItems(count: number): Item[] {
  return Array.from({ length: count }, (_, at) =>
    anItem({
      id: `${at}`,
      title: at === 7 ? HOSTILE : `Article number ${at}`,
      url: at === 8 ? 'javascript:document.title="owned"' : `https://example.com/${at}?"><b>`,
      ...(at % 10 !== 9 && { words: 100 + ((at * 37) % 4000) }),
      addedAt: NOW_S - at * 5000,
    }),
  );
}

/** The sample, as the adapter would have it. */
function sampleItems(): Item[] {
  return sampleList(NOW_S, 'https://sample.example/pages').map((item, at) =>
    anItem({
      id: `${at}`,
      url: item.given_url,
      ...(item.given_title && { title: item.given_title }),
      ...(item.word_count && { words: item.word_count }),
      ...(item.lang && { language: item.lang }),
      addedAt: NOW_S - at * at * 40_000,
    }),
  );
}

describe('the report in a browser', function () {
  this.timeout(60_000);
  let folder: string;
  let chromium: Browser;
  let page: Page;
  let wrong: string[];
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'report-'));
    chromium = await browser();
  });
  after(async () => {
    await chromium.close();
    rmSync(folder, { recursive: true });
  });

  async function open(items: readonly Item[]): Promise<void> {
    const decisions = items.map((item) => planItem(item, estimate(item), rules));
    const file = join(folder, 'report.html');
    const madeAt = new Date(NOW_S * 1000);
    writeFileSync(file, await reportPage(reportFacts(decisions, rules), { madeAt }));
    page = await chromium.context.newPage();
    wrong = [];
    page.on('console', (message) => wrong.push(message.text()));
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on('request', (request) => {
      if (request.url() !== pathToFileURL(file).href) wrong.push(request.url());
    });
    await page.goto(pathToFileURL(file).href);
  }
  afterEach(async () => {
    await page.close();
    assert.deepEqual(wrong, [], 'no console message, no error, no request');
  });

  const rows = () => page.locator('#rows tbody tr').count();
  const column = (nth: number) => page.locator(`#rows tbody tr > :nth-child(${nth})`).allTextContents();

  it('shows what fits into the minutes there are', async () => {
    await open(manyItems(60));
    assert.match((await page.locator('#shown').textContent()) ?? '', /^60 of 60 items\.$/);
    await page.fill('#have', '3');
    const minutes = (await column(2)).map(Number);
    assert.ok(minutes.length > 0 && minutes.every((length) => length > 0 && length <= 3), `${minutes}`);
    await page.fill('#words', 'NUMBER 1');
    assert.ok((await column(1)).every((title) => title.includes('number 1')));
  });

  it('sorts by keyboard, says so, and keeps what is not known last', async () => {
    await open(manyItems(60));
    await page.focus('#rows button[data-key="minutes"]');
    for (const [key, direction] of [
      ['Enter', 'ascending'],
      ['Space', 'descending'],
    ] as const) {
      await page.keyboard.press(key);
      assert.equal(await page.getAttribute('#rows th:has([data-key="minutes"])', 'aria-sort'), direction);
      const minutes = (await column(2)).filter(Boolean).map(Number);
      const sorted = minutes.toSorted((one, other) =>
        direction === 'ascending' ? one - other : other - one,
      );
      assert.deepEqual(minutes, sorted);
      assert.equal((await column(2)).at(-1), '');
    }
  });

  it('reaches every control by keyboard, and continues where more is shown', async () => {
    await open(manyItems(250));
    await page.focus('#more');
    await page.keyboard.press('Enter');
    assert.equal(await rows(), 200);
    assert.equal(await page.evaluate('document.activeElement.textContent'), 'Article number 100');
  });

  it('takes titles and addresses for what they are', async () => {
    await open(manyItems(20));
    assert.equal(await page.title(), 'Reading list');
    assert.ok((await column(1)).includes(HOSTILE));
    assert.equal(await page.locator('img, a[href^="javascript:"]').count(), 0);
    assert.equal(await page.locator('#rows a[target="_blank"][rel="noopener noreferrer"]').count(), 19);
  });

  it('lets no other script run', async () => {
    await open(manyItems(5));
    await page.evaluate(
      `document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.ran = 1' }))`,
    );
    assert.equal(await page.evaluate('window.ran'), undefined);
    assert.match(wrong.splice(0).join(), /Content Security Policy/);
  });

  it('filters 10,000 items at each keystroke, and draws only the first of them', async () => {
    await open(manyItems(10_000));
    const drawn = await page.evaluate(`['a', 'ar', 'art', 'articl', 'article number 9', ''].map((text) => {
      const field = document.getElementById('words');
      field.value = text;
      field.dispatchEvent(new Event('input'));
      return document.querySelectorAll('#rows tbody tr').length;
    })`);
    // A hundred rows are drawn at once; 10,000 are not.
    assert.deepEqual(drawn, [100, 100, 100, 100, 100, 100]);
  });

  const looks = [
    ['light', { width: 1000, height: 900 }],
    ['dark', { width: 1000, height: 900 }],
    ['phone', { width: 390, height: 844 }],
  ] as const;
  for (const [look, size] of looks) {
    it(`has nothing that axe finds, and fits: ${look}`, async () => {
      await open(sampleItems());
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme: look === 'dark' ? 'dark' : 'light' });
      assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true);
      // Brought in through the debugger, which the page's policy has no say in.
      await page.evaluate(readFileSync(AXE, 'utf8'));
      const found = await page.evaluate(
        'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes[0].html))',
      );
      assert.deepEqual(found, []);
    });
  }
});
