/**
 * npm run build:binary [-- PLATFORM...]: the command and Node in one file, for each of the platforms, in dist/bin/; with
 * the licences of what is in it in a file beside them.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleCommand, PROJECT } from './bundle.ts';
import { nodeOf } from './node-of.ts';

/** @internal */
export const PLATFORMS = ['linux-x64', 'linux-arm64', 'win-x64'] as const;
type Platform = (typeof PLATFORMS)[number];

/** https://nodejs.org/api/single-executable-applications.html: postject turns its last character from 0 to 1. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
const POSTJECT = fileURLToPath(import.meta.resolve('postject/dist/cli.js'));

/** Builds the executables into a folder, and resolves to their paths. */
export async function buildBinaries(
  folder: string,
  platforms: readonly Platform[],
): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true });
  const work = mkdtempSync(join(tmpdir(), 'readtime-binary-'));
  try {
    const dist = join(work, 'dist');
    await bundleCommand(dist);
    writeFileSync(join(folder, 'LICENSES.txt'), licences(dist));
    const blob = blobOf(dist, work);
    return platforms.map((platform) => executable(platform, blob, folder));
  } finally {
    rmSync(work, { recursive: true });
  }
}

/** What is put into Node: the same for every platform, since it has no compiled code. */
function blobOf(dist: string, work: string): string {
  const scripts = readdirSync(dist).filter((name) => /\.c?js$/.test(name));
  for (const name of scripts) writeFileSync(join(dist, name), withMapInside(join(dist, name)));
  const blob = join(work, 'blob');
  const config = {
    main: join(import.meta.dirname, 'single-file.cjs'),
    output: blob,
    assets: Object.fromEntries(scripts.map((name) => [name, join(dist, name)])),
    disableExperimentalSEAWarning: true,
    execArgv: ['--'], // before our --env-file, which Node would take for its own
  };
  writeFileSync(join(work, 'config.json'), JSON.stringify(config));
  run(process.execPath, ['--experimental-sea-config', join(work, 'config.json')]);
  return blob;
}

/** A script with its source map, which Node would look for beside the script. */
function withMapInside(file: string): string {
  return readFileSync(file, 'utf8').replace(/(?<=^\/\/# sourceMappingURL=).+\.map$/m, () => {
    const map = readFileSync(`${file}.map`).toString('base64');
    return `data:application/json;base64,${map}`;
  });
}

function executable(platform: Platform, blob: string, folder: string): string {
  const isWindows = platform === 'win-x64';
  const file = join(folder, `readtime-${platform}${isWindows ? '.exe' : ''}`);
  const { program, version } = nodeOf(platform);
  if (process.version !== `v${version}`)
    throw new Error(
      `the Node that builds has to be that of package.json, ${version}, and is ${process.version}`,
    );
  const bytes = readFileSync(program);
  writeFileSync(file, isWindows ? withoutSignature(bytes) : bytes);
  chmodSync(file, 0o755);
  run(process.execPath, [POSTJECT, file, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', FUSE]);
  return file;
}

/**
 * A program for Windows without the signature of who built Node, which no longer holds.
 * https://learn.microsoft.com/windows/win32/debug/pe-format: the table of certificates is the end of the file.
 */
function withoutSignature(program: Buffer): Buffer {
  const optionalHeader = program.readUInt32LE(0x3c) + 24;
  const entry = optionalHeader + 112 + 4 * 8; // of a 64-bit program; the fifth directory
  const start = program.readUInt32LE(entry);
  const unsigned = Buffer.from(program.subarray(0, start || program.length));
  unsigned.fill(0, entry, entry + 8);
  return unsigned;
}

/** Of this project, of Node, and of all that is bundled. */
function licences(dist: string): string {
  const texts = [
    join(PROJECT, 'LICENSE'),
    nodeOf('linux-x64').licence, // that for Windows brings no text
    join(dist, 'THIRD-PARTY-LICENSES.txt'),
  ].map((file) => readFileSync(file, 'utf8').trim());
  return `${texts.join(`\n\n${'='.repeat(80)}\n\n`)}\n`;
}

/** Runs a program of which only a failure is of interest; the error has what it printed. */
function run(program: string, args: readonly string[]): void {
  execFileSync(program, args, { stdio: 'pipe' });
}

if (import.meta.main) {
  const chosen = process.argv.slice(2);
  const unknown = chosen.find((name) => !PLATFORMS.some((platform) => platform === name));
  if (unknown !== undefined) {
    console.error(`There is none for "${unknown}", only for: ${PLATFORMS.join(', ')}`);
    process.exit(2);
  }
  const platforms = PLATFORMS.filter((platform) => chosen.length === 0 || chosen.includes(platform));
  for (const file of await buildBinaries(join(PROJECT, 'dist', 'bin'), platforms)) {
    const bytes = readFileSync(file);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    console.log(`${sha256}  ${relative(PROJECT, file)}  ${(bytes.length / 1e6).toFixed(1)} MB`);
  }
}
