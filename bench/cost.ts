/**
 * npm run bench:cost: what a month in AWS costs at 100, 1,000 and 10,000 unread items, from memory and time measured
 * on the packaged function, from what is in the packaged template, and from the prices below. The tables of docs/cost.md.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { plainTable } from '../lib/cli/view/format.ts';
import { startFakeSecretsManager } from '../test/helpers/fake-secrets-manager.ts';
import { startLambda, unpack } from '../test/helpers/lambda.ts';
import { templateFor, withPackage } from '../test/helpers/template.ts';
import { fixedCosts, ONE_SECRET, PRICES } from './fixed-costs.ts';

/** Added to each answer of the reading list. */
const ANSWER_MS = 50;
const MEMORY_MB = 256;
/** Lambda gives a whole processor at this much memory, and less in proportion; while it starts, a whole one. */
const WHOLE_CPU_MB = 1769;
const RUNS = { recent: 730, full: 4.35 };

/** The recommended way, and what a stage may have instead or besides. */
const VARIANTS: [name: string, args: string[]][] = [
  ['one JSON secret', ONE_SECRET],
  ['two plaintext secrets', []],
  ['one JSON secret, dashboard: true', [...ONE_SECRET, '--param=dashboard=true']],
  ['one JSON secret, alarmKey: true', [...ONE_SECRET, '--param=alarmKey=true']],
];

type Used = {
  startMs: number;
  wallMs: number;
  cpuMs: number;
  memoryMb: number;
  logBytes: number;
  metrics: readonly string[];
};

/** A run in a new process, as an hourly one is: Lambda does not keep a process for an hour. */
async function measure(env: Record<string, string>, mode: string): Promise<Used> {
  const lambda = await startLambda(taskRoot, { NODE_OPTIONS: '--enable-source-maps', ...env }, MEMORY_MB);
  try {
    const before = lambda.used();
    const begunAt = performance.now();
    const invoked = await lambda.invoke({ mode }, 300_000);
    const wallMs = performance.now() - begunAt;
    const { cpuMs, peakMemoryMb } = lambda.used();
    if ('error' in invoked) throw new Error(invoked.error.errorMessage);
    const log = lambda.log();
    return {
      startMs: lambda.startMs,
      wallMs,
      cpuMs: cpuMs - before.cpuMs,
      memoryMb: peakMemoryMb,
      logBytes: log.length,
      metrics: metricsIn(log),
    };
  } finally {
    await lambda.close();
  }
}

/** Each name with each set of dimensions is a metric that CloudWatch bills. */
function metricsIn(log: string): readonly string[] {
  type Directive = { Dimensions: string[][]; Metrics: { Name: string }[] };
  const directives = log
    .split('\n')
    .filter((line) => line.startsWith('{"_aws"'))
    .flatMap((line): Directive[] => JSON.parse(line)._aws.CloudWatchMetrics);
  return directives.flatMap(({ Dimensions, Metrics }) =>
    Metrics.map(({ Name }) => `${Name} by ${Dimensions.flat().join()}`),
  );
}

/** What Lambda would bill: the start, the waiting, and the work on a part of a processor. */
function billedMs({ startMs, wallMs, cpuMs }: Used): number {
  return startMs + Math.max(0, wallMs - cpuMs) + cpuMs * (WHOLE_CPU_MB / MEMORY_MB);
}

function variableUsd(used: Used, runs: number): number {
  const compute = (billedMs(used) / 1000) * (MEMORY_MB / 1024) * PRICES.gigabyteSecond;
  const calls = PRICES.invocation + PRICES.schedule + PRICES.secretCall;
  return runs * (compute + calls + (used.logBytes / 1e9) * PRICES.logGigabyte);
}

const aws = await startFakeSecretsManager(() => ({
  body: { SecretString: '{"key":"bench","token":"bench"}', VersionId: 'v1' },
}));
const secretNames = { POCKET_KEY_SECRET: 'POCKET#key', POCKET_TOKEN_SECRET: 'POCKET#token' };
const taskRoot = await withPackage([], async (folder) => unpack(join(folder, 'tagger.zip')));
const metrics = new Set<string>();
let runningUsd = 0;
const rows: string[][] = [];
for (const items of [100, 1000, 10_000]) {
  const server = fork(new URL('pocket-process.ts', import.meta.url), [String(items), String(ANSWER_MS)]);
  const [{ url }] = (await once(server, 'message')) as [{ url: string }];
  const env = { ...aws.env, ...secretNames, POCKET_API_URL: url, FETCH_PAGES: 'false' };
  const measured: Used[] = [];
  try {
    for (const mode of ['full', 'recent', 'full']) measured.push(await measure(env, mode));
  } finally {
    server.kill();
  }
  const [first, recent, full] = measured;
  if (!first || !recent || !full) throw new Error('Three runs were measured.');
  const row = (name: string, used: Used, usd: number) =>
    rows.push([
      items.toLocaleString('en'),
      name,
      Math.round(billedMs(used)).toLocaleString('en'),
      used.memoryMb.toFixed(0),
      (used.logBytes / 1000).toFixed(1),
      usd.toFixed(4),
    ]);
  for (const used of measured) for (const metric of used.metrics) metrics.add(metric);
  const month = [variableUsd(recent, RUNS.recent), variableUsd(full, RUNS.full)] as const;
  row('the first', first, variableUsd(first, 1));
  row('hourly', recent, month[0]);
  row('weekly', full, month[1]);
  runningUsd = Math.max(runningUsd, month[0] + month[1]);
  rows.push([items.toLocaleString('en'), 'a month', '', '', '', (month[0] + month[1]).toFixed(2)]);
}
rmSync(taskRoot, { recursive: true });
await aws.close();

console.log(
  plainTable(
    {
      head: ['unread', 'run', 'billed ms', 'memory MB', 'log kB', 'USD a month'],
      align: ['right', 'left', 'right', 'right', 'right', 'right'],
    },
    rows,
  ),
);
/** Of running the function, only the calls to Secrets Manager are not free. */
const secretCallsUsd = (RUNS.recent + RUNS.full) * PRICES.secretCall;
for (const [name, args] of VARIANTS) {
  const fixed = fixedCosts(await templateFor(...args), metrics.size);
  const usd = fixed.reduce((sum, each) => sum + each.usd, runningUsd);
  const withAllowances = fixed.reduce((sum, each) => sum + each.usdWithAllowances, secretCallsUsd);
  console.log(`\n${name}: ${usd.toFixed(2)} USD a month, ${withAllowances.toFixed(2)} with AWS's allowances`);
  console.log(
    plainTable(
      { head: ['', 'how many', 'USD', 'with allowances'], align: ['left', 'right', 'right', 'right'] },
      fixed.map((each) => [
        each.what,
        String(each.count),
        each.usd.toFixed(2),
        each.usdWithAllowances.toFixed(2),
      ]),
    ),
  );
}
