/** Draws what the README shows into docs/pictures: the terminal and the report, from the commands themselves. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { browser } from '../test/helpers/browser.ts';

const PICTURES = resolve('docs/pictures');
const READTIME = `'${process.execPath}' '${resolve('lib/cli/readtime.ts')}'`;
const COLUMNS = 92;
const TYPED = 'plan --sample --limit 12';
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
  const shown = `$ npx readtime ${TYPED}\r\n${await untilAsked()}`;
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

/** The page of the sample list, in the three looks it has. */
async function drawReport(page: Page): Promise<void> {
  const typed = `${READTIME} report --sample --out report.html`;
  execFileSync('sh', ['-c', typed], { cwd: folder, stdio: 'inherit' });
  await page.goto(pathToFileURL(join(folder, 'report.html')).href);
  for (const [look, width, height] of [
    ['light', 1160, 1180],
    ['dark', 1160, 1180],
    ['phone', 390, 844],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: look === 'dark' ? 'dark' : 'light' });
    await page.screenshot({ path: join(PICTURES, `report-${look}.png`) });
  }
}
