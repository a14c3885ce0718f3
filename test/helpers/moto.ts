import { execFileSync, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { awsEnvironment } from './fake-secrets-manager.ts';

export type Moto = {
  /** What the SDK takes from the environment to come here. */
  readonly env: Readonly<Record<string, string>>;
  /** Forgets everything that was stored. */
  reset(): Promise<void>;
  close(): Promise<void>;
};

/** A stand-in for AWS on a port of its own; installed with pip where it is missing. */
export async function startMoto(): Promise<Moto> {
  installWhereMissing();
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const server = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const exited = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const reset = async () => {
    await fetch(`${endpoint}/moto-api/reset`, { method: 'POST' });
  };
  // Python takes a second or two to load it.
  for (let tries = 1; ; tries += 1) {
    try {
      await reset();
      break;
    } catch (error) {
      if (tries === 100 || server.exitCode !== null) throw error;
      await sleep(200);
    }
  }
  return {
    env: awsEnvironment(endpoint),
    reset,
    close: async () => {
      server.kill();
      await exited;
    },
  };
}

function installWhereMissing(): void {
  try {
    execFileSync('moto_server', ['--help'], { stdio: 'ignore' });
  } catch {
    execFileSync('pip', ['install', '--quiet', 'moto[server]>=5,<6'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
