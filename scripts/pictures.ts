/** Draws the pictures of the README and docs/ into docs/pictures, each by the command that stands above it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { browser } from '../test/helpers/browser.ts';
import {
  COLUMNS,
  commandAbove,
  type Folder,
  folder,
  reportText,
  terminalText,
  withText,
} from '../test/helpers/pictures.ts';

const PICTURES = resolve('docs/pictures');
const REPORT = { width: 1160, height: 1180 };
/** The colours of the report at night. */
const THEME = {
  background: '#15171a',
  foreground: '#e8eaed',
  cyan: '#4fc4b5',
  brightBlue: '#7aa7ee',
  yellow: '#e0904f',
  magenta: '#b794dc',
};
const XTERM = fileURLToPath(import.meta.resolve('@xterm/xterm/lib/xterm.js'));

const chromium = await browser();
const page = await chromium.context.newPage();
const sample = folder();
await drawTerminal(page, sample, 'terminal.png');
await drawReport(page, sample, 'report-light.png', REPORT);
await drawReport(page, sample, 'report-dark.png', REPORT);
await drawReport(page, sample, 'report-phone.png', { width: 360, height: 800 }, async () => {
  await page.evaluate("document.getElementById('list').scrollIntoView()");
  await page.click('[data-minutes="15"]');
});
sample.remove();
await drawOwnList(page, 'report-years.png', fourteenYears(), REPORT);
await drawOwnList(page, 'report-empty.png', [], { width: 1160, height: 170 });
await chromium.close();

/** What a terminal shows up to the question, drawn by xterm.js. */
async function drawTerminal(page: Page, { type }: Folder, name: string): Promise<void> {
  const shown = await type(commandAbove(name));
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
      terminal.write(${JSON.stringify(`$ ${commandAbove(name)}\r\n${shown}`)}, () => {
        terminal.resize(${COLUMNS}, terminal.buffer.active.cursorY + 1);
        setTimeout(drawn, 200);
      });
    })`,
  );
  keep(name, await page.locator('#frame').screenshot(), terminalText(shown));
}

/** The page that the command writes, as somebody sees it who has used it so. */
async function drawReport(
  page: Page,
  { path, type }: Folder,
  name: string,
  size: { width: number; height: number },
  use = async () => {},
): Promise<void> {
  await type(commandAbove(name));
  const [, file = ''] = /--out (\S+)/.exec(commandAbove(name)) ?? [];
  const report = join(path, file);
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: name.includes('dark') ? 'dark' : 'light' });
  await page.goto(pathToFileURL(report).href);
  await use();
  keep(name, await page.screenshot(), reportText(readFileSync(report, 'utf8')));
}

/** The report of a list in a Pocket of one's own. */
async function drawOwnList(
  page: Page,
  name: string,
  items: readonly object[],
  size: { width: number; height: number },
): Promise<void> {
  const own = folder({ FETCH_PAGES: 'false', PORT: '0' });
  writeFileSync(join(own.path, 'list.json'), JSON.stringify({ list: items }));
  if (items.length > 0) await own.type('./readtime pocket import list.json');
  const stop = await own.leave('./readtime pocket serve', 'Ctrl-C stops it');
  await drawReport(page, own, name, size);
  await stop();
  own.remove();
}

/** A picture carries its command and the text that it shows, by which a test sees whether it is still right. */
function keep(name: string, png: Buffer, text: string): void {
  writeFileSync(
    join(PICTURES, basename(name)),
    withText(withText(png, 'Command', commandAbove(name)), 'Text', text),
  );
}

/** 50,000 items as Pocket gave them, more of them in later years, most of them short, one in nine without a length. */
function fourteenYears(): object[] {
  const nowS = Math.floor(Date.now() / 1000);
  const share = (at: number, step: number) => ((at * step) % 9973) / 9973;
  return Array.from({ length: 50_000 }, (_, at) => {
    const minutes = Math.ceil(1 + 3 * share(at, 7) + 50 * share(at, 1013) ** 5);
    const isKnown = at % 9 !== 8;
    return {
      given_url: `https://example.com/${at}`,
      given_title: `Saved as number ${(50_000 - at).toLocaleString('en')}`,
      time_added: Math.floor(nowS - 14 * 365 * 86_400 * (at / 50_000) ** 1.5),
      resolved_id: isKnown ? `${at + 1}` : '0',
      is_article: 1,
      ...(isKnown && { word_count: 220 * minutes, time_to_read: minutes, lang: 'en' }),
    };
  });
}
