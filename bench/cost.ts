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
import { unpack } from '../test/helpers/lambda.ts';
import { templateFor, withPackage } from '../test/helpers/template.ts';
import { fixedCosts, ONE_SECRET, PRICES, RUNS } from './fixed-costs.ts';
import { atMemory, MEMORY_MB, startMeasured, type Used } from './lambda-runs.ts';

/** Added to each answer of the reading list. */
const ANSWER_MS = 50;

/** The recommended way, and what a stage may have instead or besides. */
const VARIANTS: [name: string, args: string[]][] = [
  ['one JSON secret', ONE_SECRET],
  ['two plaintext secrets', []],
  ['one JSON secret, dashboard: true', [...ONE_SECRET, '--param=dashboard=true']],
  ['one JSON secret, alarmKey: true', [...ONE_SECRET, '--param=alarmKey=true']],
];

type Measured = {
  readonly used: Used;
  readonly billedMs: number;
  readonly metrics: readonly string[];
};

/** A run in a new process, as an hourly one is: Lambda does not keep a process for an hour. */
async function measure(env: Record<string, string>, mode: string): Promise<Measured> {
  const lambda = await startMeasured(taskRoot, env);
  try {
    const used = await lambda.run({ mode });
    if ('error' in used.invoked) throw new Error(used.invoked.error.errorMessage);
    const { waitMs, workMs } = atMemory(used);
    return { used, billedMs: lambda.startMs + waitMs + workMs, metrics: metricsIn(used.log) };
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

function variableUsd({ billedMs, used }: Measured, runs: number): number {
  const compute = (billedMs / 1000) * (MEMORY_MB / 1024) * PRICES.gigabyteSecond;
  const calls = PRICES.invocation + PRICES.schedule + PRICES.secretCall;
  return runs * (compute + calls + (used.log.length / 1e9) * PRICES.logGigabyte);
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
  const measured: Measured[] = [];
  try {
    for (const mode of ['full', 'recent', 'full']) measured.push(await measure(env, mode));
  } finally {
    server.kill();
  }
  const [first, recent, full] = measured;
  if (!first || !recent || !full) throw new Error('Three runs were measured.');
  const row = (name: string, { used, billedMs }: Measured, usd: number) =>
    rows.push([
      items.toLocaleString('en'),
      name,
      Math.round(billedMs).toLocaleString('en'),
      used.memoryMb.toFixed(0),
      (used.log.length / 1000).toFixed(1),
      usd.toFixed(4),
    ]);
  for (const { metrics: written } of measured) for (const metric of written) metrics.add(metric);
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
