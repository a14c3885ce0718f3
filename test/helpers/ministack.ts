import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { awsEnvironment } from './fake-secrets-manager.ts';
import { freePort } from './free-port.ts';
import { pythonProgram } from './python-program.ts';

export type MiniStack = {
  /** Environment that directs commands and the SDK to it, as root of its account. */
  readonly env: Readonly<Record<string, string>>;
  /** The same for a client of the SDK: `new LambdaClient(ministack.client)`. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** What it wrote at last, for the message of a test that fails. */
  log(): string;
  /** Deletes everything that was stored. */
  reset(): Promise<void>;
  /** Ends it and every function that it runs. */
  close(): Promise<void>;
};

const VERSION = '1.5.33';
const REGION = 'eu-central-1'; // as in awsEnvironment
const ROOT = { accessKeyId: 'AKIAROOTOFTHISTEST00', secretAccessKey: 'secret-of-the-root-of-this-test' };
const START_TIMEOUT_MS = 180_000;
const MAX_LOG_CHARACTERS = 20_000;

/**
 * MiniStack, an emulator of AWS, on a loopback port of its own. It makes every resource of the stack, runs the function
 * as a process of Node, and, as AWS does, asks IAM whether a call is allowed. `env` is for MiniStack itself.
 */
export async function startMiniStack(env: Readonly<Record<string, string>> = {}): Promise<MiniStack> {
  const file = pythonProgram('ministack', VERSION);
  const folder = mkdtempSync(join(tmpdir(), 'readtime-ministack-'));
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  // A group of its own, which ends with MiniStack, and with this process however it ends: then `cat` does, too.
  const server = spawn('sh', ['-c', '("$0"; kill -9 0) & cat; kill -9 0', file], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      PATH: `${nodeThatFindsCjs(folder)}:${process.env.PATH}`,
      HOME: folder,
      TMPDIR: folder,
      GATEWAY_PORT: String(port),
      BIND_HOST: '127.0.0.1',
      MINISTACK_REGION: REGION,
      MINISTACK_ACCOUNT_ID: '123456789012',
      AWS_ACCESS_KEY_ID: ROOT.accessKeyId,
      AWS_SECRET_ACCESS_KEY: ROOT.secretAccessKey,
      AUTH: 'true',
      // Two more ports that nothing here uses.
      SFTP_ENABLED: '0',
      IOT_MTLS_ENABLED: '0',
      ...env,
    },
  });
  let written = '';
  for (const stream of [server.stdout, server.stderr])
    stream.setEncoding('utf8').on('data', (chunk) => {
      written = (written + chunk).slice(-MAX_LOG_CHARACTERS);
    });
  const exited = once(server, 'close').then(() => 'it ended', String);
  const close = async () => {
    server.stdin.end();
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  const giveUp = new AbortController();
  const problem = await Promise.race([
    exited,
    sleep(START_TIMEOUT_MS, `it did not answer within ${START_TIMEOUT_MS} ms`, { signal: giveUp.signal }),
    answers(`${endpoint}/_ministack/health`, giveUp.signal),
  ]);
  giveUp.abort();
  if (problem !== undefined) {
    await close();
    throw new Error(`Cannot start ${file}: ${problem}\n${written}`);
  }
  return {
    env: {
      ...awsEnvironment(endpoint),
      AWS_ACCESS_KEY_ID: ROOT.accessKeyId,
      AWS_SECRET_ACCESS_KEY: ROOT.secretAccessKey,
    },
    client: { endpoint, region: REGION, credentials: ROOT },
    log: () => written,
    reset: async () => {
      await fetch(`${endpoint}/_ministack/reset`, { method: 'POST' });
    },
    close,
  };
}

/** Shows what it wrote at last where a test of this `describe` failed. */
export function showLogOfFailures(ministack: () => MiniStack | undefined): void {
  afterEach(function () {
    if (this.currentTest?.state === 'failed') console.error(ministack()?.log().slice(-4000));
  });
}

async function answers(url: string, signal: AbortSignal): Promise<undefined> {
  while (!signal.aborted) {
    const answer = await fetch(url, { signal }).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(100);
  }
}

/**
 * A folder with this Node under the name that MiniStack starts. Lambda's own runtime finds `handler.cjs`; MiniStack
 * looks for `.js` and `.mjs` alone.
 */
function nodeThatFindsCjs(folder: string): string {
  const bin = join(folder, 'bin');
  const shim = join(bin, 'find-cjs.cjs');
  mkdirSync(bin);
  writeFileSync(
    shim,
    `const { _extensions } = require('node:module'); _extensions['.cjs'] = _extensions['.js'];`,
  );
  writeFileSync(join(bin, 'node'), `#!/bin/sh\nexec "${process.execPath}" --require "${shim}" "$@"\n`, {
    mode: 0o755,
  });
  return bin;
}
