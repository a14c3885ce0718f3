import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { Failure } from '../lib/failure.ts';
import { openStore } from '../lib/pocket-server/store.ts';
import { captureOutput } from './helpers/capture-output.ts';
import { withEnvironment } from './helpers/environment.ts';
import {
  awsError,
  type FakeSecretsManager,
  type SecretsAnswer,
  startFakeSecretsManager,
} from './helpers/fake-secrets-manager.ts';
import { type Fault, faults } from './helpers/faults.ts';
import { freshHandler } from './helpers/fresh-handler.ts';
import { articles } from './helpers/pocket.ts';
import { startTestPocket, type TestPocket } from './helpers/test-pocket.ts';

/** With characters that every encoding writes in its own way. */
const KEY = '90210-k/e+y "quoted" ümläut=';
const TOKEN = "t0k3n&?<\\back\\slash>' %41 ünd=mehr";
const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'SILENT'];

/** A value as it may turn up in a text: in URLs, forms, headers, JSON, and base64 at any of its three offsets. */
function disguises(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const base64 = ['', 'x', 'xx'].map((before) =>
    Buffer.from(before + value)
      .toString('base64')
      .slice(4)
      .replace(/.{4}$/, ''),
  );
  return [
    value,
    encodeURIComponent(value),
    new URLSearchParams({ v: value }).toString().slice(2),
    json,
    JSON.stringify(json).slice(1, -1),
    inspect(value).slice(1, -1),
    Buffer.from(value).toString('base64').replace(/=+$/, ''),
    Buffer.from(value).toString('base64url'),
    Buffer.from(value).toString('hex'),
    ...base64,
  ];
}

const hidden = [KEY, TOKEN].flatMap(disguises);

function assertHidesSecrets(text: string): void {
  for (const form of hidden) assert.ok(!text.includes(form), `shows ${form} in: ${text}`);
}

/** Everything that can be got out of what came back: its text, and all its properties, hidden ones too. */
function everythingIn(outcome: unknown): string {
  const error =
    outcome instanceof Error ? `${outcome.message}\n${outcome.stack}\n${inspect(outcome.cause)}` : '';
  return `${error}\n${String(outcome)}\n${JSON.stringify(outcome)}\n${inspect(outcome, { depth: 10, showHidden: true })}`;
}

type Scene = {
  readonly why: string;
  readonly env: Record<string, string>;
  readonly event?: object;
  readonly ms?: number;
};

const echo = `${KEY} ${TOKEN} ${encodeURIComponent(KEY)} ${Buffer.from(TOKEN).toString('base64')}`;
const value = (text: string): SecretsAnswer => ({ body: { SecretString: text, VersionId: 'v1' } });

/** What Secrets Manager may say of the key, repeating the values wherever there is room. */
const awsAnswers: Record<string, SecretsAnswer> = {
  NotFound: awsError('ResourceNotFoundException', echo),
  Denied: awsError('AccessDeniedException', echo),
  Undecryptable: awsError('DecryptionFailure', echo),
  KmsDenied: awsError('AccessDeniedException', `Access to KMS is not allowed ${echo}`),
  Deleted: awsError('InvalidRequestException', `marked for deletion ${echo}`),
  BadName: awsError('ValidationException', echo),
  Expired: awsError('ExpiredTokenException', echo),
  Throttled: awsError('ThrottlingException', echo),
  Broken: awsError('InternalServiceError', echo, 500),
  Strange: awsError(`${echo}Exception`, echo),
  NoJson: { body: echo },
  Reset: 'reset',
  Empty: value(' '),
  Binary: {
    body: { SecretBinary: Buffer.concat([Buffer.from([0xff]), Buffer.from(echo)]).toString('base64') },
  },
  Placeholder: value(JSON.stringify({ 'readtime-tagger': 'placeholder', generated: KEY })),
  'NoObject#key': value(echo),
  'HalfJson#key': value(`{"${KEY}": ${TOKEN}`),
  'NoKey#key': value(JSON.stringify({ [KEY]: TOKEN })),
  'NotText#key': value(JSON.stringify({ key: { [KEY]: TOKEN } })),
  Refused: value(`${KEY}, but not the right one`),
};

const echoing = (status: number): Fault => ({
  kind: 'answer',
  answer: {
    status,
    headers: { 'X-Error': encodeURIComponent(echo), 'X-Error-Code': '152' },
    body: { error: echo },
  },
});

/** Every way in which the reading list fails, also repeating the values. */
const listFaults: Record<string, Fault> = {
  ...Object.fromEntries(Object.entries(faults).map(([name, fault]) => [name, (fault as () => Fault)()])),
  rateLimitedForAnHour: faults.rateLimited(3600),
  htmlWithValues: { kind: 'answer', answer: { status: 502, headers: {}, body: `<html>${echo}</html>` } },
  errorInside200WithValues: faults.errorInside200(echo),
  ...Object.fromEntries(
    [200, 400, 401, 403, 404, 500].map((status) => [`echoing${status}`, echoing(status)]),
  ),
  reset: { kind: 'reset' },
  hang: { kind: 'hang' },
  truncate: { kind: 'truncate' },
  noList: { kind: 'change', change: () => ({ [KEY]: TOKEN }) },
  listOfValues: { kind: 'change', change: () => ({ list: { [KEY]: { item_id: TOKEN, tags: echo } } }) },
  resultsOfValues: {
    kind: 'change',
    change: (body) => ({ ...(body as object), action_results: [echo, KEY] }),
  },
  forget: { kind: 'forget' },
};

describe('no credential is shown', function () {
  this.timeout(600_000);
  const servers: TestPocket[] = [];
  let aws: FakeSecretsManager;
  let written = '';
  const outcomes = new Map<string, unknown[]>();

  async function serve(fault?: Fault): Promise<string> {
    const store = openStore(':memory:');
    store.insert(articles(2));
    const credentials = { consumerKey: KEY, accessToken: TOKEN };
    const server = await startTestPocket({ store, credentials, ...(fault && { fault: () => fault }) });
    servers.push(server);
    return server.url;
  }

  async function scenes(): Promise<Scene[]> {
    const good = await serve();
    const fromEnv = { SECRETS_FROM: 'env', POCKET_KEY: KEY, POCKET_TOKEN: TOKEN };
    const fromAws = { ...aws.env, POCKET_API_URL: good, POCKET_TOKEN_SECRET: 'Token' };
    const ofAws = Object.keys(awsAnswers).flatMap((name) => [
      { why: `Secrets Manager: ${name}`, env: { ...fromAws, POCKET_KEY_SECRET: name } },
      {
        why: `Secrets Manager, in a check: ${name}`,
        env: { ...fromAws, POCKET_KEY_SECRET: name },
        event: { mode: 'check' },
      },
    ]);
    const ofList = Object.entries(listFaults).map(async ([name, fault]) => ({
      why: `reading list: ${name}`,
      env: { ...fromEnv, POCKET_API_URL: await serve(fault) },
      ms: name === 'hang' ? 2000 : 300_000,
    }));
    return [
      ...ofAws,
      ...(await Promise.all(ofList)),
      { why: 'a good run', env: { ...fromEnv, POCKET_API_URL: good } },
      { why: 'a good check', env: { ...fromEnv, POCKET_API_URL: good }, event: { mode: 'check' } },
      { why: 'nobody listens', env: { ...fromEnv, POCKET_API_URL: 'http://127.0.0.1:9/v3' } },
      {
        why: 'values in the address',
        env: {
          ...fromEnv,
          POCKET_API_URL: `http://u:${encodeURIComponent(KEY)}@127.0.0.1:9/v3?t=${encodeURIComponent(TOKEN)}`,
        },
      },
      { why: 'an event nobody knows', env: fromEnv, event: { mode: 'fast' } },
    ];
  }

  /** All at the same time: a run has read its settings before it waits for anything. */
  before(async () => {
    aws = await startFakeSecretsManager(({ action, body }) => {
      if (action === 'DescribeSecret') return { body: {} };
      if (body.VersionStage === 'AWSPREVIOUS') return awsError('ResourceNotFoundException', echo);
      const asked = Object.entries(awsAnswers).find(([name]) => name.split('#')[0] === body.SecretId);
      return asked?.[1] ?? value(TOKEN);
    });
    const all = await scenes();
    const runs = LEVELS.flatMap((level) => all.map((scene) => ({ level, scene })));
    const handlers = await Promise.all(runs.map(freshHandler));
    const output = await withEnvironment(aws.env, () =>
      captureOutput(() =>
        Promise.all(
          runs.map(async ({ level, scene: { why, env, event = {}, ms = 300_000 } }, at) => {
            for (const name of ['SECRETS_FROM', 'POCKET_KEY_SECRET', 'POCKET_TOKEN_SECRET'])
              delete process.env[name];
            Object.assign(process.env, env, { LOG_LEVEL: level });
            const context = { getRemainingTimeInMillis: () => ms };
            const outcome = await handlers[at]
              ?.handler(event, context as never)
              .catch((error: unknown) => error);
            outcomes.set(why, [...(outcomes.get(why) ?? []), outcome]);
          }),
        ),
      ),
    );
    written = output.written;
  });
  after(async () => {
    await Promise.all([aws.close(), ...servers.map((server) => server.close())]);
  });

  it('in standard output and standard error', () => {
    assert.match(written, /Read a secret/);
    assertHidesSecrets(written);
  });

  const names = [
    ...Object.keys(awsAnswers).flatMap((name) => [
      `Secrets Manager: ${name}`,
      `Secrets Manager, in a check: ${name}`,
    ]),
    ...Object.keys(listFaults).map((name) => `reading list: ${name}`),
    ...['a good run', 'a good check', 'nobody listens', 'values in the address', 'an event nobody knows'],
  ];
  for (const why of names) {
    it(`in what comes of: ${why}`, () => {
      const found = outcomes.get(why) ?? [];
      assert.equal(found.length, LEVELS.length);
      for (const outcome of found) {
        assert.ok(outcome instanceof Failure || !(outcome instanceof Error), inspect(outcome));
        assertHidesSecrets(everythingIn(outcome));
      }
    });
  }

  it('by this test’s own measure, which knows a value in every disguise', () => {
    for (const form of hidden) assert.throws(() => assertHidesSecrets(`a line with ${form} in it`));
    assert.throws(() =>
      assertHidesSecrets(everythingIn(new Error('no', { cause: { config: { data: KEY } } }))),
    );
  });
});
