import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startFakeSecretsManager } from '../../test/helpers/fake-secrets-manager.ts';
import { unpack } from '../../test/helpers/lambda.ts';
import { withPackage } from '../../test/helpers/template.ts';
import { atMemory, type MeasuredLambda, type RunTime, startMeasured, type Used } from '../lambda-runs.ts';

/** Added to each answer of the reading list, as a server somewhere in the internet takes. */
const ANSWER_MS = 100;
/** Runs whose mean is taken: processor time is counted in hundredths of a second. */
const WARM_RUNS = 10;
const COLD_STARTS = 5;
/** Runs of one list until it is done. */
const MAX_FIRST_RUNS = 20;

/** A list of so many items, with what its runs take in an environment that is there. */
export type MeasuredList = {
  readonly items: number;
  readonly recent: RunTime;
  readonly weekly: RunTime;
  /** The first full run, and those that it takes until the list is done. */
  readonly first: readonly (RunTime & { readonly calls: number })[];
};

/** All that a simulation needs to know of this code. */
export type Measured = {
  readonly cold: { readonly startMs: number; readonly moreMs: number };
  readonly lists: readonly MeasuredList[];
  /** A run whose token the service refuses. */
  readonly refused: RunTime;
  /** A run whose service takes connections and never answers. */
  readonly silent: RunTime;
  /** What an hourly run writes: bytes. */
  readonly logBytes: number;
  /** Calls to Secrets Manager of an hourly run of an account that the environment does not know. */
  readonly secretCalls: number;
};

type Account = Readonly<Record<string, string>>;

type Accounts = { readonly of: (account: string) => Account; readonly hosts: readonly string[] };

/** A process of the function, for accounts that have these variables. */
type AccountsLambda = MeasuredLambda & { secretCalls(): number };

async function withFunction<Result>(
  taskRoot: string,
  { of, hosts }: Accounts,
  use: (lambda: AccountsLambda) => Promise<Result>,
): Promise<Result> {
  const aws = await startFakeSecretsManager(({ body }) => {
    const name = String(body.SecretId).split('/').pop() ?? '';
    return { body: { SecretString: JSON.stringify(of(name)), VersionId: 'v1' } };
  });
  const env = { ...aws.env, ACCOUNTS: 'bench/accounts', ACCOUNTS_ALLOW_HOSTS: hosts.join(',') };
  const lambda = await startMeasured(taskRoot, env);
  try {
    return await use({ ...lambda, secretCalls: () => aws.calls.length });
  } finally {
    await lambda.close();
    await aws.close();
  }
}

const karakeep = (url: string, token: string): Account => ({
  READING_LIST: 'karakeep',
  KARAKEEP_URL: url,
  KARAKEEP_TOKEN: token,
});

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function meanTime(runs: readonly Used[]): RunTime {
  return atMemory({ wallMs: mean(runs.map((run) => run.wallMs)), cpuMs: mean(runs.map((run) => run.cpuMs)) });
}

const total = ({ waitMs, workMs }: RunTime) => waitMs + workMs;

type Result = { readonly complete: boolean; readonly kind?: string; readonly requests: number };

/** Rejects where a run came to something else than is measured. */
function resultOf({ invoked }: Used, kind?: string): Result {
  if ('error' in invoked) throw new Error(invoked.error.errorMessage);
  const result = invoked.result as Result;
  if (result.kind !== kind) throw new Error(`A run came to: ${JSON.stringify(result)}`);
  return result;
}

async function firstRuns(lambda: MeasuredLambda): Promise<MeasuredList['first']> {
  const runs: (RunTime & { calls: number })[] = [];
  for (let isDone = false; !isDone && runs.length < MAX_FIRST_RUNS; ) {
    const used = await lambda.run({ account: 'first', mode: 'full' });
    const { complete, requests } = resultOf(used);
    runs.push({ ...atMemory(used), calls: requests });
    isDone = complete;
  }
  return runs;
}

/** Each of another account with the same list, so that nothing of it is in memory. */
async function hourlyRuns(lambda: MeasuredLambda, name: string, kind?: string): Promise<Used[]> {
  const runs: Used[] = [];
  for (let at = 0; at < WARM_RUNS; at += 1) {
    const used = await lambda.run({ account: `${name}-${at}`, mode: 'recent' });
    resultOf(used, kind);
    runs.push(used);
  }
  return runs;
}

type OfList = Omit<Measured, 'lists' | 'silent' | 'cold'> & { readonly list: MeasuredList };

function measureWarm(taskRoot: string, items: number, accounts: Accounts): Promise<OfList> {
  return withFunction(taskRoot, accounts, async (lambda) => {
    await lambda.run({ account: 'warm', mode: 'recent', dryRun: true });
    const first = await firstRuns(lambda);
    const before = lambda.secretCalls();
    const recent = await hourlyRuns(lambda, 'recent');
    const secretCalls = (lambda.secretCalls() - before) / WARM_RUNS;
    const weekly = meanTime([await lambda.run({ account: 'weekly', mode: 'full' })]);
    const refused = meanTime(await hourlyRuns(lambda, 'refused', 'credentials'));
    const logBytes = mean(recent.map(({ log }) => log.length));
    return { list: { items, recent: meanTime(recent), weekly, first }, refused, logBytes, secretCalls };
  });
}

/** What a new environment takes, beside a run in one that is there. */
async function measureCold(taskRoot: string, accounts: Accounts, warm: RunTime): Promise<Measured['cold']> {
  const starts: { startMs: number; firstMs: number }[] = [];
  for (let at = 0; at < COLD_STARTS; at += 1)
    await withFunction(taskRoot, accounts, async (lambda) => {
      const used = await lambda.run({ account: 'cold', mode: 'recent' });
      resultOf(used);
      starts.push({ startMs: lambda.startMs, firstMs: total(atMemory(used)) });
    });
  return {
    startMs: mean(starts.map(({ startMs }) => startMs)),
    moreMs: Math.max(0, mean(starts.map(({ firstMs }) => firstMs)) - total(warm)),
  };
}

async function withKarakeep<Result>(
  items: number,
  use: (accounts: Accounts) => Promise<Result>,
): Promise<Result> {
  const server = fork(new URL('../karakeep-process.ts', import.meta.url), [String(items), String(ANSWER_MS)]);
  try {
    const [{ url }] = (await once(server, 'message')) as [{ url: string }];
    const of = (account: string) => karakeep(url, account.startsWith('refused') ? 'wrong' : 'right');
    return await use({ of, hosts: [new URL(url).host] });
  } finally {
    server.kill();
  }
}

async function measureSilent(taskRoot: string): Promise<RunTime> {
  const server = createServer(() => {});
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const of = () => karakeep(`http://${host}`, 'right');
  try {
    return await withFunction(taskRoot, { of, hosts: [host] }, async (lambda) => {
      const used = await lambda.run({ account: 'silent', mode: 'recent' });
      resultOf(used, 'unavailable');
      return atMemory(used);
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Measures the packaged function, with a short list and a long one, of so many items: some minutes, mostly waiting. */
export async function measure(shortItems: number, longItems: number): Promise<Measured> {
  const taskRoot = await withPackage([], async (folder) => unpack(join(folder, 'tagger.zip')));
  try {
    const waiting = Promise.all([
      measureSilent(taskRoot),
      withKarakeep(longItems, (accounts) => measureWarm(taskRoot, longItems, accounts)),
    ]);
    const { warm, cold } = await withKarakeep(shortItems, async (accounts) => {
      const ofShort = await measureWarm(taskRoot, shortItems, accounts);
      const [silent, ofLong] = await waiting;
      const warm = { ...ofShort, silent, lists: [ofShort.list, ofLong.list] };
      return { warm, cold: await measureCold(taskRoot, accounts, ofShort.list.recent) };
    });
    const { refused, silent, logBytes, secretCalls, lists } = warm;
    return { cold, refused, silent, logBytes, secretCalls, lists };
  } finally {
    rmSync(taskRoot, { recursive: true });
  }
}
