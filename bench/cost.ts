/**
 * npm run bench:cost: what a month in AWS costs at 100, 1,000 and 10,000 unread items, from memory and time measured
 * on the packaged function, and from the prices below. The table of docs/cost.md.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { plainTable } from '../lib/cli/view/format.ts';
import { startFakeSecretsManager } from '../test/helpers/fake-secrets-manager.ts';
import { startLambda, unpack } from '../test/helpers/lambda.ts';
import { withPackage } from '../test/helpers/template.ts';

/** Added to each answer of the reading list. */
const ANSWER_MS = 50;
const MEMORY_MB = 256;
/** Lambda gives a whole processor at this much memory, and less in proportion; while it starts, a whole one. */
const WHOLE_CPU_MB = 1769;
const RUNS = { recent: 730, full: 4.35 };

/** USD, us-east-1, arm64, without any free tier. Sources and dates are in docs/cost.md. */
const PRICES = {
  gigabyteSecond: 0.000_013_333_4,
  invocation: 0.2 / 1e6,
  schedule: 1 / 1e6,
  secretMonth: 0.4,
  secretCall: 0.05 / 1e4,
  metricMonth: 0.3,
  alarmMonth: 0.1,
  dashboardMonth: 3,
  keyMonth: 1,
  logGigabyte: 0.5,
};
/** Six of each run, backlog's two, three bands, two reasons; all written in every hour, which is the most. */
const FIXED = {
  secrets: 2 * PRICES.secretMonth,
  metrics: 13 * PRICES.metricMonth,
  alarms: 5 * PRICES.alarmMonth,
  dashboard: PRICES.dashboardMonth,
  key: PRICES.keyMonth,
};

type Used = { startMs: number; wallMs: number; cpuMs: number; memoryMb: number; logBytes: number };

/** A run in a new process, as an hourly one is: Lambda does not keep a process for an hour. */
async function measure(taskRoot: string, env: Record<string, string>, mode: string): Promise<Used> {
  const lambda = await startLambda(taskRoot, { NODE_OPTIONS: '--enable-source-maps', ...env }, MEMORY_MB);
  try {
    const before = lambda.used();
    const begunAt = performance.now();
    const invoked = await lambda.invoke({ mode }, 300_000);
    const wallMs = performance.now() - begunAt;
    const { cpuMs, peakMemoryMb } = lambda.used();
    if ('error' in invoked) throw new Error(invoked.error.errorMessage);
    const logBytes = lambda.log().length;
    return { startMs: lambda.startMs, wallMs, cpuMs: cpuMs - before.cpuMs, memoryMb: peakMemoryMb, logBytes };
  } finally {
    await lambda.close();
  }
}

/** What Lambda would bill: the start, the waiting, and the work on a part of a processor. */
function billedMs({ startMs, wallMs, cpuMs }: Used): number {
  return startMs + Math.max(0, wallMs - cpuMs) + cpuMs * (WHOLE_CPU_MB / MEMORY_MB);
}

function variableUsd(used: Used, runs: number): number {
  const compute = (billedMs(used) / 1000) * (MEMORY_MB / 1024) * PRICES.gigabyteSecond;
  const calls = PRICES.invocation + PRICES.schedule + 2 * PRICES.secretCall;
  return runs * (compute + calls + (used.logBytes / 1e9) * PRICES.logGigabyte);
}

const aws = await startFakeSecretsManager(() => ({
  body: { SecretString: 'bench', VersionId: 'v1' },
}));
const taskRoot = await withPackage([], async (folder) => unpack(join(folder, 'tagger.zip')));
const rows: string[][] = [];
for (const items of [100, 1000, 10_000]) {
  const server = fork(new URL('pocket-process.ts', import.meta.url), [String(items), String(ANSWER_MS)]);
  const [{ url }] = (await once(server, 'message')) as [{ url: string }];
  const env = { ...aws.env, POCKET_API_URL: url, FETCH_PAGES: 'false' };
  const measured: Used[] = [];
  try {
    for (const mode of ['full', 'recent', 'full']) measured.push(await measure(taskRoot, env, mode));
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
  const month = [variableUsd(recent, RUNS.recent), variableUsd(full, RUNS.full)] as const;
  row('the first, which tags all', first, variableUsd(first, 1));
  row('hourly', recent, month[0]);
  row('weekly', full, month[1]);
  rows.push([items.toLocaleString('en'), 'a month', '', '', '', (month[0] + month[1]).toFixed(2)]);
}
rmSync(taskRoot, { recursive: true });
await aws.close();

const fixed = Object.entries(FIXED).map(([name, usd]) => `${name} ${usd.toFixed(2)}`);
const table = plainTable(
  {
    head: ['unread', 'run', 'billed ms', 'memory MB', 'log kB', 'USD a month'],
    align: ['right', 'left', 'right', 'right', 'right', 'right'],
  },
  rows,
);
const sum = Object.values(FIXED).reduce((all, usd) => all + usd, 0);
console.log(`${table}\n\nWhatever the list: ${fixed.join(', ')}; together ${sum.toFixed(2)} USD a month.`);
