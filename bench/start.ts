/**
 * npm run bench:start [STARTS]: how long the packaged function takes to start, beside one that only makes the client
 * for Secrets Manager, under AWS's runtime client on this Node; and how long the command takes in a clone, as a
 * package and as one file, beside `node -e 0`. Ends with status 1 where a target is missed.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { startLambda, unpack } from '../test/helpers/lambda.ts';
import { withPackage } from '../test/helpers/template.ts';
import { median, terminalStarts } from './start-at-terminal.ts';

const MAX_TIMES = 1.35;
const MAX_MB = 1.2;
/** For help and a Tab, which load no command. */
const MAX_TIMES_NODE = 2;
const STARTS = Number(process.argv[2] ?? 21);

const ENV = {
  NODE_OPTIONS: '--enable-source-maps',
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
};

/** The least that a function with secrets does, bundled as ours is. */
async function clientOnly(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'readtime-client-'));
  await build({
    stdin: {
      contents: `import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
        const client = new SecretsManagerClient({});
        export const handler = async () => client.config.region();`,
      resolveDir: '.',
    },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'],
    keepNames: true,
    sourcemap: 'linked',
    sourcesContent: false,
    outfile: join(folder, 'handler.cjs'),
  });
  return folder;
}

async function startMs(folder: string): Promise<number> {
  const lambda = await startLambda(folder, ENV);
  await lambda.close();
  if (lambda.initError) throw new Error(lambda.initError.errorMessage);
  return lambda.startMs;
}

const { ours, zipMb } = await withPackage([], async (folder) => {
  const zip = join(folder, 'tagger.zip');
  return { ours: unpack(zip), zipMb: statSync(zip).size / 1e6 };
});
const least = await clientOnly();
const times: { ours: number; least: number }[] = [];
// One after the other, so that whatever else this machine does meets both.
for (let at = 0; at <= STARTS; at += 1)
  times.push({ least: await startMs(least), ours: await startMs(ours) });
times.shift(); // the files were not in memory yet
const oursMs = median(times.map(({ ours }) => ours));
const leastMs = median(times.map(({ least }) => least));
const ratio = median(times.map(({ ours, least }) => ours / least));
for (const folder of [ours, least]) rmSync(folder, { recursive: true });

console.log(`Medians of ${STARTS} starts on Node ${process.version}, from the process to its first event:
  the client for Secrets Manager alone  ${leastMs.toFixed(0).padStart(4)} ms
  the packaged tagger                   ${oursMs.toFixed(0).padStart(4)} ms   ${ratio.toFixed(2)} times, at most ${MAX_TIMES}
  zip                                   ${zipMb.toFixed(3)} MB    at most ${MAX_MB}`);

const atTerminal = await terminalStarts(STARTS);
console.log(
  `\nMedians of ${STARTS} starts at a terminal, beside \`node -e 0\`; help and a Tab take at most ${MAX_TIMES_NODE} times as long:`,
);
for (const { line, ways } of atTerminal) {
  const columns = ways.map(
    ({ way, ms, times }) => `${way} ${ms.toFixed(0).padStart(4)} ms ${times.toFixed(2).padStart(5)} times`,
  );
  console.log(`  ${[line.padEnd(24), ...columns].join('   ')}`);
}
const isFast = atTerminal.every(
  ({ isQuick, ways }) => !isQuick || ways.every(({ times }) => times <= MAX_TIMES_NODE),
);
process.exitCode = ratio <= MAX_TIMES && zipMb <= MAX_MB && isFast ? 0 : 1;
