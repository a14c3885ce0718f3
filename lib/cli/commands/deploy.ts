import type { Command } from 'commander';
import { checkStage, type StageCheck } from '../../deploy/check-stage.ts';
import { deploy, isDeployed, readStage, stageArguments } from '../../deploy/stage.ts';
import { Failure } from '../../failure.ts';
import { isLoopback } from '../../http/axios-client.ts';
import { readEnvironment } from '../environment.ts';
import type { Program } from '../options.ts';

/** `readtime deploy` */
export function configure(deployment: Command, { calledAs, onExit }: Program): void {
  const name = calledAs === 'readtime' ? 'readtime deploy' : calledAs;
  deployment
    .description('checks the stage, and deploys it if nothing is missing')
    .usage('[--stage NAME] [options]')
    .option('--check', 'only check')
    .allowUnknownOption()
    .allowExcessArguments()
    .addHelpText(
      'after',
      `
  --stage NAME           dev by default
  --region NAME          AWS_REGION, or eu-central-1
  --param NAME=VALUE     what a stage may set: see serverless.yml

Any other option is handed to serverless deploy.`,
    )
    .action(async (options: { check?: boolean }, command: Command) =>
      onExit(await deployStage(command.args, { ...options, name })),
    );
}

/**
 * Checks a stage, and deploys it if nothing is missing. `args` are those of `serverless deploy`, `name` that of the
 * command as it was called. Exit status: 1 where something is missing, else that of serverless.
 */
async function deployStage(
  args: readonly string[],
  { check: onlyCheck = false, name }: { check?: boolean; name: string },
): Promise<number> {
  try {
    const { problems, notes } = await check(args);
    for (const note of notes) console.log(note);
    if (problems.length > 0) {
      console.error([`${name}: nothing was created.`, ...problems].join('\n'));
      return 1;
    }
    console.log('Checked: the stage can be deployed.');
    return onlyCheck ? 0 : await deploy(args);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.error(`${name}: nothing was created. ${error.message}`);
    return 1;
  }
}

async function check(args: readonly string[]): Promise<StageCheck> {
  const { AWS_ENDPOINT_URL: endpoint } = readEnvironment({});
  const stage = await readStage(args);
  const profile = stageArguments(args).find((arg) => arg.startsWith('--aws-profile='));
  const environment = {
    ...stage.environment,
    AWS_REGION: stage.region,
    ...(profile && { AWS_PROFILE: profile.slice('--aws-profile='.length) }),
  };
  return checkStage(
    { ...stage, environment },
    {
      isDeployed: () => isDeployed(args),
      // Where AWS itself is a stand-in on this machine, so may be the reading list.
      isStandIn: endpoint !== undefined && URL.canParse(endpoint) && isLoopback(new URL(endpoint).hostname),
    },
  );
}
