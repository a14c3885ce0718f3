import type { Command } from 'commander';
import { Failure } from '../../failure.ts';
import { isLoopback } from '../../http/proxy.ts';
import { stageEnvironment } from '../environment.ts';
import { checkIsCheckout } from '../files/places.ts';
import type { EnvFiles, Program } from '../options.ts';

/** `readtime deploy` */
export function configure(deployment: Command, { calledAs, onExit }: Program): void {
  const name = calledAs === 'readtime' ? 'readtime deploy' : calledAs;
  deployment
    .description('checks the stage, and deploys it if nothing is missing')
    .usage('[--stage NAME] [options]')
    .option('--check', 'only check')
    .option(
      '--allow-private',
      'the reading list may be at a private address, which the function reaches in a VPC',
    )
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
    .action(async (options: Options, command: Command) =>
      onExit(await deployStage(command.args, { ...options, name })),
    );
}

type Options = EnvFiles & { readonly check?: boolean; readonly allowPrivate?: boolean };

/**
 * Checks a stage, and deploys it if nothing is missing. `args` are those of `serverless deploy`, `name` that of the
 * command as it was called. Exit status: 1 where something is missing, else that of serverless.
 */
async function deployStage(
  args: readonly string[],
  { check: onlyCheck = false, allowPrivate = false, name, ...source }: Options & { name: string },
): Promise<number> {
  const refuse = (problems: readonly string[]) => {
    console.error([`${name}: nothing was created.`, ...problems].join('\n'));
    return 1;
  };
  try {
    checkIsCheckout();
    const { checkStage } = await import('../../deploy/check-stage.ts');
    const { deploy, readStage } = await import('../../deploy/stage.ts');
    const env = stageEnvironment(source);
    const { AWS_ENDPOINT_URL: endpoint } = env;
    // Where AWS itself is a stand-in on this machine, so may be the reading list.
    const isStandIn =
      endpoint !== undefined && URL.canParse(endpoint) && isLoopback(new URL(endpoint).hostname);
    const stage = await readStage(args, env);
    const { problems, notes, existingSecrets } = await checkStage(stage, { isStandIn, allowPrivate });
    for (const note of notes) console.log(note);
    if (problems.length > 0) return refuse(problems);
    console.log('Checked: the stage can be deployed.');
    const used = existingSecrets.length > 0 ? [`--param=existingSecrets=${existingSecrets.join(',')}`] : [];
    return onlyCheck ? 0 : await deploy([...args, ...used], env);
  } catch (error) {
    if (error instanceof Failure) return refuse([error.message]);
    throw error;
  }
}
