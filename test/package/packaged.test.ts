import assert from 'node:assert/strict';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import type { Summary } from '../../lib/core/summary.ts';
import { createSecrets, POCKET_SECRETS } from '../helpers/deployed-stage.ts';
import { type Invoked, type Lambda, mostMemoryOf, startLambda, unpack } from '../helpers/lambda.ts';
import { type MiniStack, startMiniStack } from '../helpers/ministack.ts';
import { pageOf, paragraphs } from '../helpers/pages.ts';
import { pdf, pdfOf, stream, wordsAndSpace } from '../helpers/pdf.ts';
import { articles, CREDENTIALS, type PocketUnderTest, pocketWith } from '../helpers/pocket.ts';
import { resource, type Template, templateIn, withPackage } from '../helpers/template.ts';
import type { TestPocketOptions } from '../helpers/test-pocket.ts';

const event = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../events/${name}.json`, import.meta.url), 'utf8'));

function summaryOf(invoked: Invoked): Summary {
  assert.ok('result' in invoked, JSON.stringify(invoked));
  return invoked.result as Summary;
}

function errorOf(invoked: Invoked) {
  assert.ok('error' in invoked, JSON.stringify(invoked));
  return invoked.error;
}

/** Where a file of ours holds a text: the line that an error's stack should name. */
function lineOf(file: string, text: string): number {
  return (
    readFileSync(file, 'utf8')
      .split('\n')
      .findIndex((line) => line.includes(text)) + 1
  );
}

describe('the packaged zip, under AWS’s runtime client', () => {
  let taskRoot: string;
  let zipBytes: number;
  let variables: Record<string, string>;
  let ministack: MiniStack;
  let pocket: PocketUnderTest;
  let lambda: Lambda;

  before(async function () {
    // Packaging alone may take minutes on a busy machine.
    this.timeout(300_000);
    // One after the other: where one fails, `after` stops the other.
    ministack = await startMiniStack();
    ({ taskRoot, zipBytes, variables } = await withPackage([], async (folder) => {
      const template: Template = JSON.parse(readFileSync(templateIn(folder), 'utf8'));
      const { Environment } = resource(template, 'TaggerLambdaFunction', 'AWS::Lambda::Function');
      const zip = join(folder, 'tagger.zip');
      return { taskRoot: unpack(zip), zipBytes: statSync(zip).size, variables: Environment.Variables };
    }));
  });
  after(async () => {
    await ministack?.close();
    if (taskRoot) rmSync(taskRoot, { recursive: true });
  });

  it('is small enough to start fast: npm run bench:start measures how fast', () => {
    assert.ok(zipBytes > 500_000 && zipBytes <= 1_200_000, `${zipBytes} bytes`);
  });

  it('is ASCII, of which Node keeps a character in a byte: in a pattern others are written as \\u2026', () => {
    const handler = readFileSync(join(taskRoot, 'handler.cjs'), 'utf8');
    assert.deepEqual(handler.match(/.{0,40}[^\s -~]/g), null);
  });

  it('holds nothing of what the terminal alone needs; test/imports.test.ts has what it may hold', () => {
    const inside = globSync('**/*.*', { cwd: taskRoot }).flatMap((file) =>
      file.endsWith('.map') ? JSON.parse(readFileSync(join(taskRoot, file), 'utf8')).sources : [file],
    );
    const has = (name: string) => inside.some((path) => path.includes(`node_modules/${name}`));
    assert.deepEqual(['axios/', 'unpdf/', 'zod/'].filter(has), ['axios/', 'unpdf/', 'zod/']);
    const elsewhere = ['credential-provider-ini', 'credential-provider-sso', 'nested-clients'];
    assert.deepEqual(
      ['credential-provider-env', ...elsewhere].filter((name) => has(`@aws-sdk/${name}/`)),
      ['credential-provider-env'],
    );
    const terminals = ['@bomb.sh/', '@hono/', '@inquirer/', '@observablehq/', '@xmldom/', 'chalk/', 'cli-'];
    assert.deepEqual([...terminals, 'commander/', 'csv-', 'd3-', 'dotenv/', 'hono/', 'ora/'].filter(has), []);
  });

  /** The function as it is deployed, its reading list and its secrets. */
  async function start(
    given: {
      env?: Record<string, string>;
      options?: Partial<TestPocketOptions>;
      items?: Parameters<typeof pocketWith>[0];
      secrets?: Record<string, string>;
    } = {},
  ): Promise<void> {
    await ministack.reset();
    await createSecrets(ministack, given.secrets ?? POCKET_SECRETS);
    pocket = await pocketWith(given.items ?? articles(45), given.options);
    lambda = await startLambda(taskRoot, {
      ...variables,
      ...ministack.env,
      POCKET_API_URL: pocket.server.url,
      ...given.env,
    });
    assert.equal(lambda.initError, undefined);
  }
  afterEach(async () => {
    await lambda?.close();
    await pocket?.close();
  });

  const lines = (): Record<string, unknown>[] =>
    lambda
      .log()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
  const named = (message: string) => lines().filter((line) => line.message === message);

  it('tags the list on a scheduled event', async () => {
    await start();
    const summary = summaryOf(await lambda.invoke(event('scheduled')));
    assert.deepEqual([summary.mode, summary.complete, summary.tagged], ['recent', true, 45]);
    assert.ok(Object.values(pocket.tagsById()).every((tags) => tags.length === 1));
  });

  it('writes metrics on lines of their own where Lambda keeps JSON logs, as CloudWatch reads them', async () => {
    const env = { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: 'INFO', LOG_LEVEL: 'WARN' };
    await start({ env });
    summaryOf(await lambda.invoke(event('scheduled')));
    const written = lambda.log().trim().split('\n');
    const metrics = written.map((line) => JSON.parse(line));
    assert.ok(
      metrics.every(({ _aws }) => _aws?.CloudWatchMetrics.length === 1),
      written.join('\n'),
    );
    assert.ok(metrics.some(({ RunComplete }) => RunComplete === 1));
  });

  it('does what an event by hand says', async () => {
    await start();
    const summary = summaryOf(await lambda.invoke(event('dry-run')));
    assert.deepEqual([summary.mode, summary.dryRun, summary.tagged], ['full', true, 45]);
    assert.deepEqual(Object.values(pocket.tagsById()).flat(), []);
    const check = await lambda.invoke({ mode: 'check' });
    assert.ok('result' in check && (check.result as { ok: boolean }).ok);
  });

  it('refuses a bad event, with a stack of TypeScript lines and real names', async () => {
    await start();
    const error = errorOf(await lambda.invoke({ mode: 'fast' }));
    assert.equal(error.errorType, 'Failure');
    assert.match(error.errorMessage, /^Event: "mode" is "fast"; it has to be one of/);
    const line = lineOf('lib/run/event.ts', "throw new Failure('settings'");
    assert.match(error.trace[1] ?? '', new RegExp(`at readEvent \\(.*/lib/run/event\\.ts:${line}:\\d+\\)`));
    assert.match(error.trace.join('\n'), /handler \(.*\/handler\.ts:\d+:\d+\)/);
  });

  it('says which secret is missing, in the error, the log and a metric', async () => {
    await start({ secrets: { POCKET_KEY: CREDENTIALS.consumerKey } });
    const error = errorOf(await lambda.invoke({}));
    assert.equal(error.errorType, 'Failure');
    assert.match(error.errorMessage, /^Secret "POCKET_TOKEN": not found in eu-central-1; create it with/);
    assert.match(error.trace.join('\n'), /lib\/secrets\/\S+\.ts:\d+/);
    assert.equal(named('run-failed')[0]?.kind, 'credentials');
    assert.ok(lines().some((line) => line.CredentialsRefused === 1));
  });

  const broken: [why: string, env: Record<string, string>, files: string[], type: string, message: RegExp][] =
    [
      ['its file is missing', {}, [], 'Runtime.ImportModuleError', /Cannot find module 'handler'/],
      [
        'its name is wrong',
        { _HANDLER: 'handler.tagger' },
        ['handler.cjs'],
        'Runtime.HandlerNotFound',
        /handler\.tagger is undefined/,
      ],
    ];
  for (const [why, env, files, type, message] of broken) {
    it(`says at start when ${why}`, async () => {
      pocket = await pocketWith([]);
      const root = mkdtempSync(join(tmpdir(), 'readtime-broken-'));
      for (const file of files) cpSync(join(taskRoot, file), join(root, file));
      lambda = await startLambda(root, { ...variables, ...env });
      rmSync(root, { recursive: true });
      assert.equal(lambda.initError?.errorType, type);
      assert.match(lambda.initError?.errorMessage ?? '', message);
    });
  }

  it('keeps its secrets for a warm invocation, whose lines have its own request id', async () => {
    await start();
    const first = await lambda.invoke(event('scheduled'));
    const second = await lambda.invoke(event('scheduled'));
    assert.deepEqual([summaryOf(first).tagged, summaryOf(second).tagged], [45, 0]);
    const starts = named('run-started');
    assert.deepEqual(
      starts.map(({ function_request_id, cold_start }) => [function_request_id, cold_start]),
      [
        [first.requestId, true],
        [second.requestId, false],
      ],
    );
    assert.deepEqual(
      named('Read a secret').map(({ function_request_id }) => function_request_id),
      [first.requestId, first.requestId],
    );
  });

  it('stops before its deadline, and says so, which is no failure', async () => {
    await start({ options: { fault: ({ n }) => (n > 1 ? { kind: 'hang' } : undefined) } });
    const summary = summaryOf(await lambda.invoke({}, 2000));
    assert.deepEqual([summary.complete, summary.stoppedBy], [false, 'deadline']);
    assert.ok(lines().some((line) => line.RunComplete === 0));
  });

  const PAPER = pdf(Array(40).fill('One line of a paper that somebody wrote.').join('\n'));
  const BOMB = pdfOf([stream(deflateSync(wordsAndSpace(15_000_000)))], { times: 100 });

  /** A full run over pages of these paths; the first one is on top of the list. */
  async function tagPages(pages: Record<string, [type: string, body: string | Buffer]>): Promise<Summary> {
    const web: Server = createServer(({ url = '' }, response) => {
      const [type, body] = pages[url] ?? ['text/plain', ''];
      response.writeHead(200, { 'Content-Type': type }).end(body);
    });
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    const host = `127.0.0.1:${(web.address() as AddressInfo).port}`;
    try {
      const items = Object.keys(pages).map((path, at) => ({
        given_url: `http://${host}${path}`,
        time_added: 1_000 - at,
      }));
      await start({ items, env: { PAGES_ALLOW_HOSTS: host } });
      return summaryOf(await lambda.invoke({ mode: 'full' }));
    } finally {
      web.close();
    }
  }

  it('has the parsers that it loads with the first page and the first PDF', async () => {
    const { tagged, skipped } = await tagPages({
      '/article': ['text/html', pageOf(paragraphs(12))],
      '/paper.pdf': ['application/pdf', PAPER],
    });
    assert.deepEqual([tagged, skipped], [2, {}], lambda.log());
  });

  it('tags to its end, within its 256 MB, a list with a bomb on top', async () => {
    const used = mostMemoryOf(() => lambda?.pid);
    const { complete, tagged, skipped } = await tagPages({
      '/bomb.pdf': ['application/pdf', BOMB],
      '/article': ['text/html', pageOf(paragraphs(12))],
      '/paper.pdf': ['application/pdf', PAPER],
    });
    assert.deepEqual([complete, tagged, skipped], [true, 2, { 'unreadable-pdf': 1 }], lambda.log());
    const megabytes = used.end();
    assert.ok(megabytes > 60 && megabytes < 256, `${megabytes} MB`);
  });

  it('leaves the metrics of the alarms in CloudWatch’s format, on a line of their own', async () => {
    await start();
    await lambda.invoke({});
    const [metrics, ...others] = lines().filter((line) => line._aws);
    assert.deepEqual(others, []);
    assert.partialDeepStrictEqual(metrics, {
      service: 'readtime-tagger-dev',
      RunComplete: 1,
      ItemsFailed: 0,
      CredentialsRefused: 0,
    });
  });
});
