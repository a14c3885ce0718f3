import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { awsEnvironment } from './fake-secrets-manager.ts';
import { freePort } from './free-port.ts';

export type Moto = {
  /** Environment that directs the SDK to this server. */
  readonly env: Readonly<Record<string, string>>;
  /** Deletes everything that was stored. */
  reset(): Promise<void>;
  close(): Promise<void>;
};

const START_TIMEOUT_MS = 180_000;
const INSTALL_TIMEOUT_MS = 180_000;

/**
 * A stand-in for AWS on a port of its own; installed with pip where it is missing. Where it ends, or does not answer
 * in time, it is stopped, and the error says what it wrote.
 */
export async function startMoto(file = 'moto_server'): Promise<Moto> {
  installWhereMissing(file);
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const server = spawn(file, ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let written = '';
  server.stderr.setEncoding('utf8').on('data', (chunk) => {
    written = (written + chunk).slice(-4000);
  });
  const exited = once(server, 'close').then(() => 'it ended', String);
  const reset = async (signal?: AbortSignal) => {
    await fetch(`${endpoint}/moto-api/reset`, { method: 'POST', ...(signal && { signal }) });
  };
  const giveUp = new AbortController();
  const problem = await Promise.race([
    exited,
    sleep(START_TIMEOUT_MS, `it did not answer within ${START_TIMEOUT_MS} ms`, { signal: giveUp.signal }),
    answers(reset, giveUp.signal),
  ]);
  giveUp.abort();
  const close = async () => {
    server.kill('SIGKILL');
    await exited;
  };
  if (problem !== undefined) {
    await close();
    throw new Error(`Cannot start ${file}: ${problem}\n${written}`);
  }
  return { env: awsEnvironment(endpoint), reset: () => reset(), close };
}

/** Resolves when it answers. Python takes a second or two to load it. */
async function answers(
  reset: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<undefined> {
  while (!signal.aborted) {
    try {
      await reset(signal);
      return;
    } catch {
      await sleep(200);
    }
  }
}

function installWhereMissing(file: string): void {
  try {
    execFileSync(file, ['--help'], { stdio: 'ignore', timeout: INSTALL_TIMEOUT_MS });
  } catch {
    execFileSync('pip', ['install', '--quiet', 'moto[server]>=5,<6'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: INSTALL_TIMEOUT_MS,
    });
  }
}
