/** Draws what the README shows into docs/pictures: the terminal and the report, from the commands themselves. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { estimate } from '../lib/core/estimate.ts';
import type { Item } from '../lib/core/item.ts';
import { type PlanRules, planItem } from '../lib/core/plan.ts';
import { reportFacts } from '../lib/report/report-facts.ts';
import { reportPage } from '../lib/report/report-page.ts';
import { browser } from '../test/helpers/browser.ts';

const PICTURES = resolve('docs/pictures');
const READTIME = `'${process.execPath}' '${resolve('lib/cli/readtime.ts')}'`;
const COLUMNS = 92;
const TYPED = 'plan --sample';
/** The colours of the report at night. */
const THEME = {
  background: '#15171a',
  foreground: '#e8eaed',
  cyan: '#4fc4b5',
  brightBlue: '#7aa7ee',
  yellow: '#e0904f',
  magenta: '#b794dc',
};
const RULES: PlanRules = {
  bands: [
    { tag: 'a quick read', upToMinutes: 2 },
    { tag: 'a medium read', upToMinutes: 5 },
  ],
  longestTag: 'a long read',
  retiredTags: [],
};
const XTERM = fileURLToPath(import.meta.resolve('@xterm/xterm/lib/xterm.js'));

mkdirSync(PICTURES, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), 'pictures-'));
const chromium = await browser();
const page = await chromium.context.newPage();
await drawTerminal(page);
await drawReport(page);
await chromium.close();
rmSync(folder, { recursive: true });

/** What a terminal shows up to the question, drawn by xterm.js. */
async function drawTerminal(page: Page): Promise<void> {
  const shown = `$ ./readtime ${TYPED}\r\n${await untilAsked()}`;
  await page.setViewportSize({ width: 1200, height: 1200 });
  await page.setContent(`<!doctype html><style>${readFileSync(resolve(XTERM, '../../css/xterm.css'), 'utf8')}
    body { margin: 0; background: ${THEME.background} } #frame { display: inline-block; padding: 16px 20px }</style>
    <div id="frame"><div id="terminal"></div></div>`);
  await page.addScriptTag({ path: XTERM });
  await page.evaluate(
    `new Promise((drawn) => {
      const terminal = new Terminal({
        cols: ${COLUMNS}, rows: 60, scrollback: 0, fontSize: 15, fontFamily: 'DejaVu Sans Mono, monospace',
        theme: ${JSON.stringify(THEME)},
      });
      terminal.open(document.getElementById('terminal'));
      terminal.write(${JSON.stringify(shown)}, () => {
        terminal.resize(${COLUMNS}, terminal.buffer.active.cursorY + 1);
        setTimeout(drawn, 200);
      });
    })`,
  );
  await page.locator('#frame').screenshot({ path: join(PICTURES, 'terminal.png') });
}

async function untilAsked(): Promise<string> {
  const typed = `stty cols ${COLUMNS}; ${READTIME} ${TYPED}`;
  const child = spawn('script', ['-qec', typed, '/dev/null'], {
    cwd: folder,
    env: { PATH: process.env.PATH, TERM: 'xterm-256color' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let shown = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    shown += chunk;
    if (shown.includes('(y/N)')) break;
  }
  child.stdin.end('n\r');
  return shown;
}

/** The page of the sample list in its looks, and those of lists that a reader may come to have. */
async function drawReport(page: Page): Promise<void> {
  const typed = `${READTIME} report --sample --out report.html`;
  execFileSync('sh', ['-c', typed], { cwd: folder, stdio: 'inherit' });
  const sample = join(folder, 'report.html');
  await draw(page, sample, { name: 'light', width: 1160, height: 1180 });
  await draw(page, sample, { name: 'dark', width: 1160, height: 1180 });
  await draw(page, sample, { name: 'phone', width: 360, height: 800 }, async () => {
    await page.evaluate("document.getElementById('list').scrollIntoView()");
    await page.click('[data-minutes="15"]');
  });
  const [years, empty] = [await written('years', fourteenYears()), await written('empty', [])];
  await draw(page, years, { name: 'years', width: 1160, height: 1180 });
  await draw(page, empty, { name: 'empty', width: 1160, height: 170 });
}

async function draw(
  page: Page,
  file: string,
  { name, ...size }: { name: string; width: number; height: number },
  use = async () => {},
): Promise<void> {
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: name === 'dark' ? 'dark' : 'light' });
  await page.goto(pathToFileURL(file).href);
  await use();
  await page.screenshot({ path: join(PICTURES, `report-${name}.png`) });
}

async function written(name: string, items: readonly Item[]): Promise<string> {
  const file = join(folder, `${name}.html`);
  const decisions = items.map((item) => planItem(item, estimate(item), RULES));
  writeFileSync(file, await reportPage(reportFacts(decisions, RULES), { madeAt: new Date() }));
  return file;
}

/** 50,000 items, more of them in later years, most of them short, one in nine without a length. */
function fourteenYears(): Item[] {
  const nowS = Date.now() / 1000;
  const share = (at: number, step: number) => ((at * step) % 9973) / 9973;
  return Array.from({ length: 50_000 }, (_, at) => ({
    id: `${at}`,
    title: `Saved as number ${(50_000 - at).toLocaleString('en')}`,
    url: `https://example.com/${at}`,
    kind: 'article',
    tags: [],
    parsed: true,
    addedAt: nowS - 14 * 365 * 86_400 * (at / 50_000) ** 1.5,
    ...(at % 9 !== 8 && { minutes: Math.ceil(1 + 3 * share(at, 7) + 50 * share(at, 1013) ** 5) }),
  }));
}
