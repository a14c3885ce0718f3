import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { buildBinaries } from '../../scripts/build/binary.ts';
import { pdf } from '../helpers/pdf.ts';
import { articles, environmentFor, type PocketUnderTest, pocketWith } from '../helpers/pocket.ts';

const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:';
/** What the test breaks: where the database of the sample is opened. */
const BROKEN = "db.exec('PRAGMA journal_mode";

/** Where the header of a program says for which machine it is, and what it says. */
type Header = { readonly at: (program: Buffer) => number; readonly machine: number };
const elf = (machine: number): Header => ({ at: () => 18, machine });
const HEADERS: readonly (readonly [name: string, header: Header])[] = [
  ['readtime-linux-x64', elf(62)],
  ['readtime-linux-arm64', elf(183)],
  ['readtime-win-x64.exe', { at: (program) => program.readUInt32LE(0x3c) + 4, machine: 0x8664 }],
];

describe('the single executables', function () {
  // Node for the other platforms is fetched once, 90 MB, and each file written twice.
  this.timeout(300_000);
  let bin: string;
  let empty: string;
  before(async function () {
    this.timeout(900_000);
    // A space, which a URL writes in another way.
    bin = mkdtempSync(join(tmpdir(), 'readtime in one file-'));
    await buildBinaries(bin, ['linux-x64', 'linux-arm64', 'win-x64']);
  });
  after(() => {
    if (bin) rmSync(bin, { recursive: true });
  });
  beforeEach(() => {
    empty = mkdtempSync(join(tmpdir(), 'readtime-empty-'));
  });
  afterEach(() => rmSync(empty, { recursive: true }));

  for (const [name, { at, machine }] of HEADERS)
    it(`${name} is for its machine, and has the command in it`, () => {
      const program = readFileSync(join(bin, name));
      assert.equal(program.readUInt16LE(at(program)), machine);
      assert.ok(program.includes(`${FUSE}1`), 'Node looks for what is in it');
      const isWindows = name.endsWith('.exe');
      assert.ok(program.includes(Buffer.from('NODE_SEA_BLOB', isWindows ? 'utf16le' : 'latin1')));
      for (const asset of ['readtime.cjs', 'main.js', 'pdf-process.js']) assert.ok(program.includes(asset));
    });

  it('has no signature on Windows, since that of Node no longer holds', () => {
    const program = readFileSync(join(bin, 'readtime-win-x64.exe'));
    const certificates = program.readUInt32LE(0x3c) + 24 + 144;
    assert.deepEqual(program.subarray(certificates, certificates + 8), Buffer.alloc(8));
  });

  it('come with the licences of Node and of what is bundled', () => {
    const licences = readFileSync(join(bin, 'LICENSES.txt'), 'utf8');
    for (const name of ['MIT License', 'Node.js is licensed', 'libuv', 'commander', 'Mozilla'])
      assert.ok(licences.includes(name), name);
  });

  /** Runs the one for this machine in an empty folder, as its own home, without any other program to be found. */
  async function readtime(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const child = spawn(join(bin, 'readtime-linux-x64'), args, {
      cwd: empty,
      env: { PATH: '', HOME: empty, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const status = new Promise<number | null>((resolve) => child.once('close', resolve));
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { status: await status, stdout, stderr };
  }

  it('reads files of --env-file itself, an option that Node has, too', async () => {
    const { status, stderr } = await readtime(['check', '--env-file', 'anna.env']);
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^readtime: anna\.env: there is no such file; '.+' init --env-file anna\.env writes one\n$/,
    );
  });

  it('plans, tags and draws the sample, and keeps what it writes in the home', async () => {
    const planned = await readtime(['plan', '--sample']);
    assert.deepEqual([planned.status, planned.stderr], [0, '']);
    assert.match(planned.stdout, /^Would tag 39 of 45 unread items/m);
    assert.match(planned.stdout, /^The last chain ferry +344 /m, 'a page of the sample');
    assert.match(planned.stdout, /`'\S.*\/readtime-linux-x64' plan --yes/, 'as it was called');
    const tagged = await readtime(['tag', '--sample']);
    assert.deepEqual([tagged.status, tagged.stderr], [0, '']);
    assert.match(tagged.stdout, /^Tagged 39 of 45/m);
    const reported = await readtime(['report', '--sample', '--out', 'list.html']);
    assert.deepEqual([reported.status, reported.stderr], [0, '']);
    const page = readFileSync(join(empty, 'list.html'), 'utf8');
    assert.equal(page.match(/<svg[^>]+class="plot wide"/g)?.length, 3);
    assert.match(page, /Content-Security-Policy[\s\S]+<style>[\s\S]+<script>/);
    assert.deepEqual(readdirSync(empty).sort(), ['.cache', '.local', 'list.html']);
  });

  it('answers at once what needs no command', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    assert.deepEqual(await readtime(['--version']), { status: 0, stdout: `${version}\n`, stderr: '' });
    assert.match((await readtime(['--help'])).stdout, /^Usage: readtime/);
    assert.match((await readtime(['complete', '--', 'pl'])).stdout, /^plan\t/);
  });

  it('says what is wrong with an option, and that a stage needs the project', async () => {
    const misspelt = await readtime(['plan', '--smaple']);
    assert.equal(misspelt.status, 2);
    assert.match(misspelt.stderr, /unknown option '--smaple'\n\(Did you mean --sample\?\)/);
    const deploy = await readtime(['deploy']);
    assert.equal(deploy.status, 1);
    assert.match(deploy.stderr, /needs the whole project; clone /);
  });

  it('reads .env of the folder that it is called in', async () => {
    writeFileSync(join(empty, '.env'), 'READING_LIST=karakep\n');
    const { status, stderr } = await readtime(['plan']);
    assert.equal(status, 1);
    assert.match(stderr, /READING_LIST/);
  });

  it('names lines of the source where an error comes that nobody expected', async () => {
    const source = readFileSync('lib/pocket-server/store.ts', 'utf8').split('\n');
    const line = 1 + source.findIndex((text) => text.includes(BROKEN));
    assert.ok(line > 0);
    const broken = join(empty, 'broken.cjs');
    writeFileSync(
      broken,
      `require('node:sqlite').DatabaseSync.prototype.exec = () => { throw new TypeError('broken'); };`,
    );
    const { status, stderr } = await readtime(['plan', '--sample'], { NODE_OPTIONS: `--require ${broken}` });
    assert.equal(status, 1);
    assert.match(stderr, /^TypeError: broken\n/);
    assert.ok(
      stderr.includes(`(${join(bin, 'readtime-linux-x64')}/lib/pocket-server/store.ts:${line}:`),
      stderr,
    );
  });

  describe('with a PDF on a reading list', () => {
    const [PAGES, LINES] = [2, 40];
    const LINE = 'Nine words of a paper that is not long\n';
    let under: PocketUnderTest;
    let pages: Server;
    beforeEach(async () => {
      const paper = pdf(...Array<string>(PAGES).fill(LINE.repeat(LINES)));
      pages = createServer((_, response) => {
        response.writeHead(200, { 'content-type': 'application/pdf' }).end(paper);
      });
      await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
      under = await pocketWith(articles(1));
    });
    afterEach(async () => {
      await under.close();
      await new Promise((resolve) => pages.close(resolve));
    });

    it('starts itself to read it', async () => {
      const host = `127.0.0.1:${(pages.address() as AddressInfo).port}`;
      const url = `http://${host}/paper.pdf`;
      under.store.insert([{ given_url: url }]);
      const { status, stdout, stderr } = await readtime(['explain', url, '--json'], {
        ...environmentFor(under.server),
        READING_LIST: 'pocket',
        FETCH_PAGES: 'true',
        PAGES_ALLOW_HOSTS: host,
      });
      assert.deepEqual([status, stderr], [0, '']);
      assert.equal(JSON.parse(stdout).used.words, PAGES * LINES * 9);
    });
  });
});
