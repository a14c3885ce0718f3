import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { crc32 } from 'node:zlib';

export type Picture = {
  readonly path: string;
  /** What stands above it; `undefined` if nothing does. */
  readonly command: string | undefined;
};

export const COLUMNS = 92;
const QUESTION = '(y/N)';

/** The pictures of the README and docs/, each with the last command above it in its section. */
export function shownPictures(): Picture[] {
  const docs = readdirSync('docs').filter((name) => name.endsWith('.md'));
  return ['README.md', ...docs.map((name) => `docs/${name}`)].flatMap((file) =>
    readFileSync(file, 'utf8')
      .split(/^(?=## )/m)
      .flatMap((section) => picturesOf(section, dirname(file))),
  );
}

function picturesOf(section: string, folder: string): Picture[] {
  let command: string | undefined;
  const found: Picture[] = [];
  for (const [, commands, target] of section.matchAll(/^```sh\n([\s\S]*?)^```|!\[[^\]]*\]\(([^)]+\.png)\)/gm))
    if (target !== undefined) found.push({ path: join(folder, target), command });
    else
      command = commands
        ?.trimEnd()
        .split('\n')
        .at(-1)
        ?.replace(/\s+#.*$/, '');
  return found;
}

/** The command above a picture of this name. */
export function commandAbove(name: string): string {
  const { command } = shownPictures().find(({ path }) => basename(path) === name) ?? {};
  if (command === undefined) throw new Error(`No command is above ${name} in the README or docs/.`);
  return command;
}

export type Folder = {
  readonly path: string;
  /** Types a line at a terminal, up to a question, which is answered with no; returns what it shows. */
  type(line: string): Promise<string>;
  /** Types a line that goes on until it is stopped, and waits until it says something. */
  leave(line: string, says: string): Promise<() => Promise<unknown>>;
  remove(): void;
};

/** A folder with `./readtime` in it and no settings. */
export function folder(env: Readonly<Record<string, string>> = {}): Folder {
  const path = mkdtempSync(join(tmpdir(), 'pictures-'));
  symlinkSync(resolve('readtime'), join(path, 'readtime'));
  writeFileSync(join(path, '.env'), '');
  const start = (line: string) =>
    spawn('script', ['-qec', `stty cols ${COLUMNS}; ${line}`, '/dev/null'], {
      cwd: path,
      env: { PATH: process.env.PATH, TERM: 'xterm-256color', ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
  const until = async ({ stdout }: ReturnType<typeof start>, says: string) => {
    let shown = '';
    for await (const chunk of stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
      shown += chunk;
      if (shown.includes(says)) break;
    }
    stdout.resume();
    return shown;
  };
  return {
    path,
    async type(line) {
      const child = start(line);
      const ended = new Promise((resolve) => child.once('close', resolve));
      const shown = await until(child, QUESTION);
      if (shown.includes(QUESTION)) child.stdin.end('n\r');
      await ended;
      return shown;
    },
    async leave(line, says) {
      const child = start(line);
      const ended = new Promise((resolve) => child.once('close', resolve));
      await until(child, says);
      return () => {
        child.stdin.end('\u0003');
        return ended;
      };
    },
    remove: () => rmSync(path, { recursive: true }),
  };
}

/** Up to a code that goes to a column, or clears the line. */
const WRITTEN_OVER = new RegExp(String.raw`^.*${'\u001B'}\[\d*[GK]`);

/** What a terminal has shown, as text: of what was written over, the last; without the port, which is another each time. */
export function terminalText(shown: string): string {
  return shown
    .split('\n')
    .map((line) => stripVTControlCharacters(line.replace(WRITTEN_OVER, '')).trimEnd())
    .join('\n')
    .replaceAll(/(?<=127\.0\.0\.1:)\d+/g, 'PORT')
    .replace(/(?<=\(y\/N\))[\s\S]*$/, '');
}

/** The text of a report that does not depend on the day on which it is made: plots and the table of growth go by months. */
export function reportText(page: string): string {
  return page
    .replaceAll(/<(head|script|svg|details)\b[\s\S]*?<\/\1>/g, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\d\d [A-Z][a-z]{2} \d{4}/g, 'DAY')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

const BYTES_OF_SIGNATURE = 8;
const BYTES_OF_END = 12;

/** A PNG that keeps a text, as its specification has it: `iTXt`, with a keyword. */
export function withText(png: Buffer, keyword: string, text: string): Buffer {
  const data = Buffer.from(`iTXt${keyword}\0\0\0\0\0${text}`);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length - 4);
  checksum.writeUInt32BE(crc32(data));
  const end = png.length - BYTES_OF_END;
  return Buffer.concat([png.subarray(0, end), length, data, checksum, png.subarray(end)]);
}

/** The texts that a PNG keeps, by keyword. */
export function textsIn(png: Buffer): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (let at = BYTES_OF_SIGNATURE; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const chunk = png.toString('utf8', at + 4, at + 8 + length);
    if (chunk.startsWith('iTXt')) {
      const [keyword = '', , , , , text = ''] = chunk.slice(4).split('\0');
      texts[keyword] = text;
    }
    at += length + BYTES_OF_END;
  }
  return texts;
}
