import { setTimeout as sleep } from 'node:timers/promises';
import { type Invoked, startLambda } from '../test/helpers/lambda.ts';

/** That of a stage by default: `memoryMb` of serverless.yml. */
export const MEMORY_MB = 256;
/** Lambda gives a whole processor at this much memory, and less in proportion; while it starts, a whole one. */
const WHOLE_CPU_MB = 1769;
/** How much longer than on a whole processor the work of a run takes. */
export const CPU_TIMES = WHOLE_CPU_MB / MEMORY_MB;
/** What is written at the end of a run comes by a pipe, a little after its result. */
const LOG_DELAY_MS = 50;

/** What one run used. */
export type Used = {
  /** As on a whole processor: milliseconds. */
  readonly wallMs: number;
  readonly cpuMs: number;
  /** The most that the process has had so far. */
  readonly memoryMb: number;
  readonly log: string;
  readonly invoked: Invoked;
};

/** A process of the packaged function. */
export type MeasuredLambda = {
  /** From the process to its first request for an event: milliseconds. */
  readonly startMs: number;
  run(event: unknown): Promise<Used>;
  close(): Promise<void>;
};

/** Starts the packaged function in a process of its own. Linux only. */
export async function startMeasured(
  taskRoot: string,
  env: Readonly<Record<string, string>>,
): Promise<MeasuredLambda> {
  const lambda = await startLambda(taskRoot, { NODE_OPTIONS: '--enable-source-maps', ...env }, MEMORY_MB);
  if (lambda.initError) throw new Error(lambda.initError.errorMessage);
  return {
    startMs: lambda.startMs,
    async run(event) {
      const [before, logged, begunAt] = [lambda.used(), lambda.log().length, performance.now()];
      const invoked = await lambda.invoke(event, 300_000);
      const wallMs = performance.now() - begunAt;
      const { cpuMs, peakMemoryMb } = lambda.used();
      await sleep(LOG_DELAY_MS);
      return {
        wallMs,
        cpuMs: cpuMs - before.cpuMs,
        memoryMb: peakMemoryMb,
        log: lambda.log().slice(logged),
        invoked,
      };
    },
    close: () => lambda.close(),
  };
}

/** A run at the function's memory: the time it waits for others, and the time it works: milliseconds. */
export type RunTime = { readonly waitMs: number; readonly workMs: number };

/** What a run would take on the part of a processor that the function gets. */
export function atMemory({ wallMs, cpuMs }: Pick<Used, 'wallMs' | 'cpuMs'>): RunTime {
  return { waitMs: Math.max(0, wallMs - cpuMs), workMs: cpuMs * CPU_TIMES };
}
