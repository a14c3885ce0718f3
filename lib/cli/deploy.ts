import { existsSync } from 'node:fs';
import { checkStage, isLoopback, type StageCheck } from '../deploy/check-stage.ts';
import { deploy, isDeployed, readStage, stageArguments } from '../deploy/stage.ts';
import { Failure } from '../failure.ts';

const HELP = `npm run deploy -- --stage prod   checks the stage, and deploys it if nothing is missing

  --stage NAME           dev by default
  --region NAME          AWS_REGION, or eu-central-1
  --param NAME=VALUE     what a stage may set: see serverless.yml
  --check                only checks

Any other option is handed to serverless deploy.`;

process.exitCode = await main(process.argv.slice(2));

/** Exit status: 0 done, 1 something is missing, else that of serverless. */
async function main(given: readonly string[]): Promise<number> {
  if (given.includes('--help')) {
    console.log(HELP);
    return 0;
  }
  if (existsSync('.env')) process.loadEnvFile('.env');
  const args = given.filter((arg) => arg !== '--check');
  try {
    const { problems, notes } = await look(args);
    for (const note of notes) console.log(note);
    if (problems.length > 0) {
      console.error(['npm run deploy: nothing was created.', ...problems].join('\n'));
      return 1;
    }
    console.log('Checked: the stage can be deployed.');
    return args.length < given.length ? 0 : await deploy(args);
  } catch (error) {
    console.error(error instanceof Failure ? `npm run deploy: nothing was created. ${error.message}` : error);
    return 1;
  }
}

async function look(args: readonly string[]): Promise<StageCheck> {
  const stage = await readStage(args);
  process.env.AWS_REGION = stage.region;
  const profile = stageArguments(args).find((arg) => arg.startsWith('--aws-profile='));
  if (profile) process.env.AWS_PROFILE = profile.slice('--aws-profile='.length);
  const endpoint = process.env.AWS_ENDPOINT_URL;
  return checkStage(stage, {
    isDeployed: () => isDeployed(args),
    // Where AWS itself is a stand-in on this machine, so may be the reading list.
    isStandIn: endpoint !== undefined && URL.canParse(endpoint) && isLoopback(new URL(endpoint).hostname),
  });
}
