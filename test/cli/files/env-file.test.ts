// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is what people write
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parseEnvFile } from '../../../lib/cli/files/env-file.ts';
import { SERVICES } from '../../../lib/reading-lists/services.ts';
import { withEnvironment } from '../../helpers/environment.ts';
import { type Terminal, terminal } from '../../helpers/readtime.ts';

const { WALLABAG } = parseEnvFile(`WALLABAG={"client_id":"1_a","password":"p#w"}`, '.env');

describe('An entry of .env', () => {
  const read: [line: string, name: string, value: string, why: string][] = [
    ['KARAKEEP_TOKEN=ab$cd$ef', 'KARAKEEP_TOKEN', 'ab$cd$ef', 'nothing is put in for a dollar sign'],
    ["KARAKEEP_TOKEN='a${b}c'", 'KARAKEEP_TOKEN', 'a${b}c', 'single quotes: as it stands'],
    ['KARAKEEP_TOKEN=ab#cd', 'KARAKEEP_TOKEN', 'ab#cd', 'a comment begins after a space'],
    ['KARAKEEP_TOKEN=abc # mine', 'KARAKEEP_TOKEN', 'abc', 'a comment'],
    ['KARAKEEP_TOKEN= # later', 'KARAKEEP_TOKEN', '', 'a comment alone'],
    ['KARAKEEP_TOKEN="a #b" # mine', 'KARAKEEP_TOKEN', 'a #b', 'quotes keep it'],
    ['export KARAKEEP_TOKEN=abc', 'KARAKEEP_TOKEN', 'abc', 'for a shell'],
    ['KARAKEEP_TOKEN: abc', 'KARAKEEP_TOKEN', 'abc', 'as YAML has it'],
    ['  KARAKEEP_TOKEN = abc  ', 'KARAKEEP_TOKEN', 'abc', 'spaces around'],
    ["VIDEO_TAG=it's a video", 'VIDEO_TAG', "it's a video", 'a quote inside'],
    ['VIDEO_TAG=`it\'s "a" video`', 'VIDEO_TAG', 'it\'s "a" video', 'backticks'],
    ['BANDS=quick:3, long #1', 'BANDS', 'quick:3, long', 'a comment after a list'],
    ['WALLABAG=\'{\n"client_id":"1"\n}\'', 'WALLABAG', '{\n"client_id":"1"\n}', 'quotes over lines'],
    ['DATA=${PWD}/data', 'DATA', '${PWD}/data', "another program's"],
    ['# c\r\n\r\nKARAKEEP_TOKEN=abc\r\n', 'KARAKEEP_TOKEN', 'abc', 'line ends of Windows'],
    ['# c\rKARAKEEP_TOKEN=abc\r', 'KARAKEEP_TOKEN', 'abc', 'line ends of old Macs'],
    ['KARAKEEP_TOKEN=a==', 'KARAKEEP_TOKEN', 'a==', 'Base64'],
  ];
  for (const [line, name, value, why] of read)
    it(`is read: ${JSON.stringify(line)} (${why})`, () =>
      assert.deepEqual(parseEnvFile(line, '.env'), { [name]: value }));

  const refused: [text: string, message: RegExp, why: string][] = [
    ['\nset KARAKEEP_TOKEN=t0ken', /^\.env, line 2: is not an entry; write KARAKEEP_TOKEN=value$/, 'cmd'],
    ['$env:KARAKEEP_TOKEN = "t0ken"', /line 1: is not an entry; write KARAKEEP_TOKEN=value$/, 'PowerShell'],
    ['KARAKEEP_TOKEN t0ken', /line 1: is not an entry; write KARAKEEP_TOKEN=value$/, 'a space'],
    ['- KARAKEEP_TOKEN=t0ken', /line 1: is not an entry/, 'a list of YAML'],
    ['t0ken', /line 1: is not an entry; write NAME=value$/, 'the token alone'],
    ['\n\nKARAKEEP_TOKEN="t0ken\n', /line 3: KARAKEEP_TOKEN begins with " and does not end/, 'half a quote'],
    ["KARAKEEP_TOKEN='t0'ken", /KARAKEEP_TOKEN begins with ' and does not end/, 'text after the quote'],
    ['KARAKEEP_TOKEN=“t0ken”', /KARAKEEP_TOKEN is in typographic quotes/, 'from a word processor'],
    ['KARAKEEP_TOKEN=t0${ken}', /refers to another variable with \$, .* single quotes/, 'a reference'],
    ['HOST=a\nKARAKEEP_URL=http://$HOST', /KARAKEEP_URL refers to another variable/, 'one that is set'],
    ['KARAKEEP_TOKEN=t0\\$ken', /KARAKEEP_TOKEN holds \\\$, which stays/, 'escaped for serverless'],
    ['WALLABAG="{\\"a\\":\\"t0ken\\"}"', /WALLABAG holds \\", .* single quotes/, 'JSON escaped'],
    ['WALLABAG={"password":"t0 #ken"}', /WALLABAG is cut off at a " #"/, 'JSON with a comment in it'],
    ['MINE=t0${ken}\nKARAKEEP_TOKEN_SECRET=MINE', /MINE refers to another/, 'a secret of this name'],
  ];
  for (const [text, message, why] of refused)
    it(`is refused by its line, without its value: ${JSON.stringify(text)} (${why})`, () =>
      assert.throws(
        () => parseEnvFile(text, '.env'),
        (error: Error) => message.test(error.message) && !/t0|ken"/.test(error.message),
      ));

  it('of wallabag is read with the number sign in its password', () =>
    assert.equal(JSON.parse(WALLABAG ?? '').password, 'p#w'));
});

describe('The file .env', () => {
  let at: Terminal;
  let file: string;
  beforeEach(() => {
    at = terminal();
    file = join(at.folder, '.env');
    rmSync(file);
  });
  afterEach(() => at.close());
  const LIST = 'READING_LIST=karakeep\nKARAKEEP_URL=http://127.0.0.1:9\nKARAKEEP_TOKEN=t0ken\n';
  const start = () => at.readtime(['start', '--dry-run'], { npm_lifecycle_event: 'start' });

  it('is read with a byte order mark', async () => {
    writeFileSync(file, `\uFEFF${LIST}`);
    assert.match((await at.readtime(['check', '--quiet'])).stderr, /GET http:\/\/127\.0\.0\.1:9\/api\/v1/);
  });

  const refused: [what: string, make: () => void, message: RegExp][] = [
    ['UTF-16', () => writeFileSync(file, `\uFEFF${LIST}`, 'utf16le'), /\.env: is not UTF-8 but UTF-16; save/],
    ['Latin-1', () => writeFileSync(file, `${LIST}VIDEO_TAG=Büste`, 'latin1'), /\.env: is not UTF-8; save/],
    ['a folder', () => mkdirSync(file), /\.env: is a folder, not a file/],
    ['a link to itself', () => symlinkSync('.env', file), /\.env: cannot be read \(ELOOP\)/],
    ['a link to nothing', () => symlinkSync('gone', file), /\.env: is a link to a file that is not there/],
    ['.env.txt', () => writeFileSync(`${file}.txt`, LIST), /\.env\.txt: .* rename it to \.env$/m],
    ['half a quote', () => writeFileSync(file, 'READING_LIST="x'), /\.env, line 1: READING_LIST begins/],
    ['no name', () => writeFileSync(file, LIST.slice(22)), /READING_LIST: is not set, but KARAKEEP_URL is/],
    ['a secret alone', () => writeFileSync(file, 'WALLABAG={}'), /READING_LIST: .* READING_LIST=wallabag/],
    ['Pocket without address', () => writeFileSync(file, 'POCKET_KEY=k'), /POCKET_API_URL: is not set/],
    ['lower case', () => writeFileSync(file, 'reading_list=karakeep'), /did you mean READING_LIST\?$/m],
  ];
  for (const [what, make, message] of refused)
    it(`is refused by name, and npm start serves no sample instead: ${what}`, async () => {
      make();
      const { status, stdout, stderr } = await start();
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /t0ken|\n\s+at /);
      assert.deepEqual([status, stdout.includes('Would tag')], [1, false]);
    });

  it('that names no list is told of, where npm start tags the sample', async () => {
    writeFileSync(file, 'WORDS_PER_MINUTE=210\n');
    const { stdout } = await start();
    assert.match(stdout, /^No reading list is named in .*\.env, so the sample is tagged\.\n/);
  });

  const whose: [text: string, isOurs: boolean, why: string][] = [
    ['POSTGRES_PASSWORD=p\nLOG_LEVEL=debug\nCODE=1\n', false, "Docker Compose's, with names that many have"],
    ["SECRET_KEY=x\nGREETING='one\nREADING'\n", false, "Django's"],
    ['this is: no .env\n(of ours)\n', false, 'what we could not read is no trouble of ours'],
    ['POSTGRES_PASSWORD=p\nBANDS=short:5, long\n', true, 'both in one file'],
    ['PORT=1\n# READING_LIST=karakeep\n', true, '.env.example, begun'],
    ['POSTGRES_PASSWORD=p\nWORD_PER_MINUTE=200\n', true, 'misspelt, which is told'],
    ['export SECRET_KARAKEEP_TOKEN=t\n', true, 'a secret alone'],
    ['# nothing yet\n', true, 'empty'],
  ];
  for (const [text, isOurs, why] of whose)
    it(`in the current folder is ${isOurs ? 'ours' : "another program's, and passed over"}: ${why}`, async () => {
      writeFileSync(file, text);
      const state = join(at.folder, 'state', 'readtime');
      mkdirSync(state, { recursive: true });
      writeFileSync(join(state, '.env'), LIST);
      const { stderr, stdout } = await at.readtime(['init'], { XDG_STATE_HOME: join(at.folder, 'state') });
      const path = join(isOurs ? at.folder : state, '.env');
      assert.ok((stdout + stderr).includes(`into ${path},`), stderr);
    });

  it('of another program is told of where there is none of ours, and stays as it is', async () => {
    const text = 'POSTGRES_PASSWORD=p';
    writeFileSync(file, text);
    const { stderr } = await at.readtime(['plan']);
    // Where the checkout has one, that is read.
    assert.match(
      stderr,
      /^readtime: no reading list is named(; \/.*\.env is another program's|, also not in \/)/,
    );
    assert.equal(readFileSync(file, 'utf8'), text);
  });

  it('is missed by name, with the lists that can be named', async () => {
    const { status, stderr } = await at.readtime(['check']);
    assert.equal(status, 1);
    // Where the checkout has one, that is read.
    assert.match(stderr, /^readtime: no reading list is named(; there is no \.env in \/|, also not in \/)/);
    for (const name of Object.keys(SERVICES)) assert.match(stderr, new RegExp(`\\b${name}\\b`));
  });

  it('is read by serverless.yml as at a terminal, and by nothing else', async () => {
    const yml = parse(readFileSync('serverless.yml', 'utf8'), { logLevel: 'silent' });
    assert.equal(yml.useDotenv, undefined);
    writeFileSync(file, 'READING_LIST=karakeep\nKARAKEEP_TOKEN=ab$cd#ef\n');
    const readEnvironment: () => Promise<NodeJS.ProcessEnv> = createRequire(import.meta.url)(
      '../../../infra/environment.cjs',
    );
    const cwd = process.cwd();
    process.chdir(at.folder);
    try {
      const { KARAKEEP_TOKEN } = await withEnvironment({}, readEnvironment);
      assert.equal(KARAKEEP_TOKEN, 'ab$cd#ef');
    } finally {
      process.chdir(cwd);
    }
  });
});
