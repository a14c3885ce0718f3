import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { planningSpeed } from './planning.ts';

/** How Lambda starts Node in a function of 256 MB: a twentieth for each half of the young generation, nine tenths for the old. */
const LAMBDA_MEMORY_MB = 256;
const LAMBDA_FLAGS = [
  `--max-semi-space-size=${Math.floor(LAMBDA_MEMORY_MB / 20)}`,
  `--max-old-space-size=${Math.floor((LAMBDA_MEMORY_MB * 9) / 10)}`,
];

type Measured = { requests: number; tagged: number; listed: number; durationMs: number; peakBytes: number };

const { values } = parseArgs({
  options: { 'delay-ms': { type: 'string', default: '50' }, quick: { type: 'boolean', default: false } },
});
const delayMs = Number(values['delay-ms']);
const many = values.quick ? 10_000 : 100_000;

const table = new Table({
  head: ['measured', 'ours', 'beside it', 'ratio', 'target'],
  style: { head: [], border: [] },
});
const small = await measure('ours', 1000);
const plain = await measure('plain', 1000);
const large = await measure('ours', many);
table.push(requestsRow(small), requestsRow(large), speedRow(), memoryRow(), planningRow());
console.log(
  `The embedded Pocket server, ${delayMs} ms added to each answer; Node ${process.version} as Lambda starts it with ${LAMBDA_MEMORY_MB} MB\n${table}`,
);

async function measure(which: 'ours' | 'plain', items: number): Promise<Measured> {
  const [server, { url }] = await started<{ url: string }>('pocket-process.ts', [
    String(items),
    String(delayMs),
  ]);
  const [, measured] = await started<Measured>('tagger-process.ts', [which, url], LAMBDA_FLAGS);
  server.send('count');
  const [counted] = (await once(server, 'message')) as [{ calls: number; tagged: number }];
  server.kill();
  if (counted.calls !== measured.requests || counted.tagged !== items || measured.tagged !== items) {
    throw new Error(`${which}: says ${JSON.stringify(measured)}, the server says ${JSON.stringify(counted)}`);
  }
  return measured;
}

/** A process, and its first message. */
async function started<Message>(
  file: string,
  args: string[],
  execArgv: string[] = [],
): Promise<[ChildProcess, Message]> {
  const child = fork(new URL(file, import.meta.url), args, { execArgv });
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => {
      throw new Error(`${file} ended without a message`);
    }),
  ])) as [Message];
  return [child, message];
}

function requestsRow({ requests, listed, tagged }: Measured): string[] {
  const bound = Math.ceil(listed / 30) + Math.ceil(tagged / 30) + 2;
  const name = `requests, ${count(listed)} listed, ${count(tagged)} changed`;
  return [name, count(requests), `${count(bound)} allowed`, (requests / bound).toFixed(2), 'at most 1'];
}

function speedRow(): string[] {
  const ratio = plain.durationMs / small.durationMs;
  return [
    '1,000 items, beside one request an item',
    seconds(small),
    seconds(plain),
    `${ratio.toFixed(1)} times as fast`,
    'at least 20',
  ];
}

function memoryRow(): string[] {
  const ratio = large.peakBytes / small.peakBytes;
  return [
    `peak memory, ${count(many)} items beside 1,000`,
    megabytes(large),
    megabytes(small),
    ratio.toFixed(2),
    'at most 1.25',
  ];
}

function planningRow(): string[] {
  const speed = planningSpeed();
  return [
    'planning alone, items a second',
    count(Math.round(speed)),
    '500,000',
    (speed / 500_000).toFixed(1),
    'at least 1',
  ];
}

function count(number: number): string {
  return number.toLocaleString('en');
}

function seconds({ durationMs }: Measured): string {
  return `${(durationMs / 1000).toFixed(2)} s`;
}

function megabytes({ peakBytes }: Measured): string {
  return `${(peakBytes / 1024 / 1024).toFixed(0)} MB`;
}
