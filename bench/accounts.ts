/**
 * npm run bench:accounts [TIMES]: how long a warm invocation takes for the account that ran last, for another one that
 * ran before in this process, and for one that never did, each with a service of its own. Ends with status 1 where
 * another one that is known takes more than 1.2 times as long.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Context } from 'aws-lambda';
import { handler } from '../handler.ts';
import { median } from './start-at-terminal.ts';

const MAX_TIMES = 1.2;
const TIMES = Number(process.argv[2] ?? 500);
/** Fewer than a process keeps anything of. */
const KNOWN = 50;
const ITEMS = 100;
/** Until Node has compiled what runs often. */
const WARM_UP = 6;

const services = fork(
  new URL('account-services-process.ts', import.meta.url),
  [KNOWN + TIMES, ITEMS].map(String),
);
const [env] = (await once(services, 'message')) as [Record<string, string>];
Object.assign(process.env, env, {
  FETCH_PAGES: 'false',
  LOG_LEVEL: 'SILENT',
  POWERTOOLS_METRICS_DISABLED: 'true',
});
const context = { getRemainingTimeInMillis: () => 300_000 } as Context;

async function timeOf(account: number): Promise<number> {
  const begunAt = performance.now();
  const result = await handler({ account: `acct-${account}` }, context);
  const ms = performance.now() - begunAt;
  if (!('unchanged' in result && result.unchanged === ITEMS)) throw new Error(JSON.stringify(result));
  return ms;
}

for (let at = 0; at < WARM_UP * KNOWN; at += 1) await timeOf(at % KNOWN);
const times: { same: number; other: number; first: number }[] = [];
// One after the other, so that whatever else this machine does meets all three.
for (let at = 0; at < TIMES; at += 1) {
  await timeOf(at % KNOWN);
  const same = await timeOf(at % KNOWN);
  const other = await timeOf((at + 17) % KNOWN);
  const first = await timeOf(KNOWN + at);
  times.push({ same, other, first });
}
services.kill();

const of = (which: 'same' | 'other' | 'first') => median(times.map((ms) => ms[which]));
const sameMs = of('same');
const ratio = of('other') / sameMs;
const lines: [who: string, ms: number, note: string][] = [
  ['the account that ran last', sameMs, ''],
  ['another that ran here before', of('other'), `${ratio.toFixed(2)} times, at most ${MAX_TIMES}`],
  ['one that never ran here', of('first'), `${(of('first') / sameMs).toFixed(2)} times`],
];
console.log(
  `Medians of ${TIMES} warm invocations on Node ${process.version}, each a list of ${ITEMS} items that needs no change:`,
);
for (const [who, ms, note] of lines)
  console.log(`  ${who.padEnd(30)} ${ms.toFixed(2).padStart(6)} ms   ${note}`.trimEnd());
process.exitCode = ratio <= MAX_TIMES ? 0 : 1;
