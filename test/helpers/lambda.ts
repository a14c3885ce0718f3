import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';

/** The outcome of an invocation: its result, or the error as Lambda shows it. */
export type Invoked =
  | { readonly requestId: string; readonly result: unknown }
  | { readonly requestId: string; readonly error: LambdaError };

type LambdaError = {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
};

export type Lambda = {
  /** From the start of the process to its first request for an event: milliseconds. */
  readonly startMs: number;
  /** Why it never requested an event, if it did not. */
  readonly initError?: LambdaError;
  invoke(event: unknown, deadlineMs?: number): Promise<Invoked>;
  /** All that was written to standard output and standard error. */
  log(): string;
  readonly pid: number;
  /** What the process has used so far; Linux only. */
  used(): { readonly peakMemoryMb: number; readonly cpuMs: number };
  close(): Promise<void>;
};

/** Unpacks a zip into a folder of its own, outside this project, so that nothing is found that is not in it. */
export function unpack(zip: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'readtime-task-'));
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(zip)))) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  return folder;
}

/** AWS's own runtime client in a folder where its native file is one that `rapid-client.cjs` stands in for. */
function runtimeClient(): string {
  const folder = mkdtempSync(join(tmpdir(), 'readtime-ric-'));
  cpSync(fileURLToPath(import.meta.resolve('aws-lambda-ric')), join(folder, 'index.mjs'));
  writeFileSync(join(folder, 'rapid-client.node'), '');
  return folder;
}

/** Far longer than a cold start takes on a busy machine. */
const START_TIMEOUT_MS = 180_000;

type Waiting = { readonly settle: (invoked: Invoked) => void; readonly requestId: string };

/**
 * Runs `handler.handler` of a folder as Lambda does: AWS's runtime client against a Runtime API. A process that ends, or
 * does not request an event in time, has an `initError` with what it wrote.
 */
export async function startLambda(
  taskRoot: string,
  env: Readonly<Record<string, string>>,
  memoryMb = 256,
): Promise<Lambda> {
  const queue: { body: string; deadlineMs: number; waiting: Waiting }[] = [];
  const running = new Map<string, Waiting>();
  let idle: ServerResponse | undefined;
  let ready: (error?: LambdaError) => void = () => {};
  const begun = new Promise<LambdaError | undefined>((resolve) => {
    ready = resolve;
  });

  function handOut(): void {
    const next = idle && queue.shift();
    if (!idle || !next) return;
    running.set(next.waiting.requestId, next.waiting);
    idle.writeHead(200, {
      'Content-Type': 'application/json',
      'Lambda-Runtime-Aws-Request-Id': next.waiting.requestId,
      'Lambda-Runtime-Deadline-Ms': String(Date.now() + next.deadlineMs),
      'Lambda-Runtime-Invoked-Function-Arn': 'arn:aws:lambda:eu-central-1:123456789012:function:tagger',
      'Lambda-Runtime-Trace-Id': 'Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700',
    });
    idle.end(next.body);
    idle = undefined;
  }

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, requestId = '', what] = /invocation\/([^/]+)\/(response|error)$/.exec(incoming.url ?? '') ?? [];
    if (incoming.url?.endsWith('/invocation/next')) {
      idle = response;
      ready();
      handOut();
      return;
    }
    const body = JSON.parse(await text(incoming));
    response.writeHead(202).end('{"status":"OK"}');
    if (incoming.url?.endsWith('/init/error')) ready(body);
    const waiting = running.get(requestId);
    running.delete(requestId);
    waiting?.settle(what === 'error' ? { requestId, error: body } : { requestId, result: body });
  }

  const server = createServer((incoming, response) => void answer(incoming, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const client = runtimeClient();
  const standIn = fileURLToPath(import.meta.resolve('./rapid-client.cjs'));
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['--require', standIn, join(client, 'index.mjs')], {
    cwd: taskRoot,
    env: {
      PATH: process.env.PATH,
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${(server.address() as AddressInfo).port}`,
      _HANDLER: 'handler.handler',
      LAMBDA_TASK_ROOT: taskRoot,
      AWS_LAMBDA_FUNCTION_NAME: 'tagger',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/tagger',
      AWS_LAMBDA_LOG_STREAM_NAME: 'stream',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let written = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk) => {
      written += chunk;
    });
  let hasExited = false;
  const endedError = (): LambdaError => ({ errorType: 'Exited', errorMessage: written, trace: [] });
  const exited = once(child, 'close')
    .catch((error) => {
      written += String(error);
    })
    .then(() => {
      hasExited = true;
      ready(endedError());
      const waiting = [...running.values(), ...queue.map((next) => next.waiting)];
      for (const { settle, requestId } of waiting) settle({ requestId, error: endedError() });
    });
  const lateness = setTimeout(() => {
    ready({ errorType: 'NotReady', errorMessage: `after ${START_TIMEOUT_MS} ms: ${written}`, trace: [] });
  }, START_TIMEOUT_MS);
  const initError = await begun;
  clearTimeout(lateness);
  const startMs = performance.now() - startedAt;
  let invocations = 0;
  return {
    startMs,
    pid: child.pid ?? 0,
    ...(initError && { initError }),
    invoke: (event, deadlineMs = 60_000) =>
      new Promise((settle) => {
        invocations += 1;
        const waiting = { settle, requestId: `request-${invocations}` };
        if (hasExited) settle({ requestId: waiting.requestId, error: endedError() });
        else queue.push({ body: JSON.stringify(event), deadlineMs, waiting });
        handOut();
      }),
    log: () => written,
    used: () => usedBy(child.pid ?? 0),
    close: async () => {
      child.kill('SIGKILL');
      await exited;
      server.closeAllConnections();
      server.close();
      rmSync(client, { recursive: true });
    },
  };
}

/** Linux counts processor time in hundredths of a second. */
const TICK_MS = 10;

function usedBy(pid: number) {
  const peakKb = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  // Behind the name, in brackets: state and ten numbers, then user and system time.
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').slice(11) ?? [];
  return { peakMemoryMb: Number(peakKb) / 1024, cpuMs: (Number(user) + Number(system)) * TICK_MS };
}

/**
 * The most memory that a process and its children have had at once: megabytes, the files that they share counted once.
 * Linux only.
 */
export function mostMemoryOf(pid: () => number | undefined): { end(): number } {
  let mostKb = 0;
  const timer = setInterval(() => {
    const id = pid();
    if (id === undefined) return;
    const children = read(`/proc/${id}/task/${id}/children`).split(' ').filter(Boolean);
    const used = [String(id), ...children].map((one) => read(`/proc/${one}/status`));
    const kb = (name: string, status: string) =>
      Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0);
    const own = used.reduce((sum, status) => sum + kb('RssAnon', status), 0);
    mostKb = Math.max(mostKb, own + Math.max(...used.map((status) => kb('RssFile', status))));
  }, 5);
  return {
    end() {
      clearInterval(timer);
      return mostKb / 1024;
    },
  };
}

/** Empty for a process that has ended. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
