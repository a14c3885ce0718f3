import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Ended } from '../helpers/command.ts';
import { pythonProgram } from '../helpers/python-program.ts';

const PODMAN = resolve('scripts/container/podman.sh');
/** As compose.yaml names it. */
export const IMAGE = 'ghcr.io/readtime-tagger/readtime-tagger:latest';

/** Runs Podman to its end. */
export function podman(...args: string[]): Promise<Ended> {
  return run(PODMAN, args);
}

/** Builds the image from the Dockerfile, with the packages that npm has kept on this machine. */
export async function buildImage(): Promise<void> {
  const { stdout: cache } = await run('npm', ['config', 'get', 'cache']);
  await succeed(
    podman(
      'build',
      '--pull=never',
      '--network=host',
      '--isolation=chroot',
      '--layers=false', // each step would be kept, with all packages
      '--format=docker', // the other one has no HEALTHCHECK
      `--volume=${cache.trim()}:/root/.npm:O`, // read, and not written
      `--tag=${IMAGE}`,
      '.',
    ),
  );
  await succeed(podman('image', 'prune', '--force'));
}

/** The tagger of compose.yaml, as somebody has it who has put that file into a folder of their own. */
export type TaggerService = {
  /** Types `docker compose ...`, by podman-compose. */
  compose(...args: string[]): Promise<Ended>;
  /** The container that `compose up` has started. */
  readonly container: string;
  /** Runs a line of JavaScript in such a container, which has no shell; what it prints. */
  look(script: string): Promise<string>;
  remove(): Promise<void>;
};

/**
 * @param env - What `.env.readtime` has.
 * @param override - What the service has beside what compose.yaml says, since there is no network of Podman's here.
 */
export function taggerService(
  env: Readonly<Record<string, string>>,
  override: Readonly<Record<string, unknown>>,
): TaggerService {
  const folder = mkdtempSync(join(tmpdir(), 'compose-'));
  const project = folder.replace(/.*compose-/, 'readtime-').toLowerCase();
  cpSync('compose.yaml', join(folder, 'compose.yaml'));
  const lines = Object.entries(env).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(join(folder, '.env.readtime'), lines.join(''));
  writeFileSync(join(folder, '.env.karakeep'), '');
  writeFileSync(join(folder, 'override.yaml'), JSON.stringify({ services: { tagger: override } }));
  const files = ['compose.yaml', 'override.yaml'].map((name) => `--file=${join(folder, name)}`);
  const compose = (...args: string[]) =>
    run(pythonProgram('podman-compose', '1.6.0'), [
      `--podman-path=${PODMAN}`,
      `--project-name=${project}`,
      '--in-pod=false',
      '--podman-run-args=--read-only-tmpfs=false', // Docker's read_only has no folders that can be written to
      ...files,
      ...args,
    ]);
  return {
    compose,
    container: `${project}_tagger_1`,
    look: async (script) => {
      const options = ['--rm', '--no-deps', '-T', '--entrypoint=/nodejs/bin/node'];
      const { stdout } = await succeed(compose('run', ...options, 'tagger', '--print', script));
      return stdout.trim();
    },
    remove: async () => {
      await compose('down', '--volumes');
      rmSync(folder, { recursive: true });
    },
  };
}

/** Throws what it printed where it failed. */
export async function succeed(ended: Promise<Ended>): Promise<Ended> {
  const { status, stdout, stderr } = await ended;
  if (status !== 0) throw new Error(`status ${status}: ${stdout}${stderr}`);
  return { status, stdout, stderr };
}

async function run(program: string, args: readonly string[]): Promise<Ended> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const status = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { status: await status, stdout, stderr };
}
