import type { Accounts } from '../../accounts/accounts.ts';
import { readEnvironment } from '../environment.ts';
import type { EnvFiles } from '../options.ts';
import { typedSource } from '../typed-command.ts';

/** That of serverless.yml. */
const DEFAULT_REGION = 'eu-central-1';
/** What a command finds is printed; the log would say it twice. */
const NO_LOG = { LOG_LEVEL: 'SILENT' };

export const DEFAULT_STAGE = 'dev';

/** Which stage, and where it is. */
export type StageOptions = EnvFiles & { readonly stage: string; readonly region?: string };

/** The accounts of one stage. */
export type Stage = {
  readonly accounts: Accounts;
  readonly stage: string;
  readonly region: string;
  /** A command for it as it is typed, for hints: `npm run accounts -- add anna --stage prod`. */
  readonly typed: (command: string) => string;
};

/** Opens the accounts of a stage. Clients of AWS are loaded here, so that help and wrong usage do without. */
export async function openStage({ stage, region, ...source }: StageOptions): Promise<Stage> {
  const { AWS_REGION, AWS_PROFILE: profile } = readEnvironment(source, NO_LOG);
  const { openAccounts } = await import('../../accounts/accounts.ts');
  const where = region || AWS_REGION || DEFAULT_REGION;
  const options =
    (stage === DEFAULT_STAGE ? '' : ` --stage ${stage}`) +
    (region ? ` --region ${region}` : '') +
    typedSource(source);
  return {
    accounts: openAccounts({ stage, region: where, ...(profile && { profile }) }),
    stage,
    region: where,
    typed: (command) => `npm run accounts -- ${command}${options}`,
  };
}
