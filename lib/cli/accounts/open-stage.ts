import { type Accounts, openAccounts } from '../../accounts/accounts.ts';
import { list } from '../../bands.ts';
import type { Environment } from '../../settings.ts';
import { readEnvironment } from '../environment.ts';
import type { EnvFiles } from '../options.ts';
import { typedSource } from '../typed-command.ts';

/** That of serverless.yml. */
const DEFAULT_REGION = 'eu-central-1';
/** What a command finds is printed; the log would say it twice. */
const NO_LOG = { LOG_LEVEL: 'SILENT' };

/** Which stage, and where it is. */
export type StageOptions = EnvFiles & { readonly stage: string; readonly region?: string };

/** The accounts of one stage. */
export type Stage = {
  readonly accounts: Accounts;
  readonly stage: string;
  readonly region: string;
  /** What this terminal says of settings, and of AWS. */
  readonly env: Environment;
  /** `host:port` of services that may be called although private. */
  readonly allowHosts: readonly string[];
  /** A command for it as it is typed, for hints: `npm run accounts -- add anna --stage prod`. */
  readonly typed: (command: string) => string;
};

/** Opens the accounts of a stage. */
export function openStage({ stage, region, ...source }: StageOptions): Stage {
  const env = readEnvironment(source, NO_LOG);
  const { AWS_REGION, AWS_PROFILE: profile, ACCOUNTS_ALLOW_HOSTS = '' } = env;
  const allowHosts = list(ACCOUNTS_ALLOW_HOSTS);
  const where = region || AWS_REGION || DEFAULT_REGION;
  const options = ` --stage ${stage}${region ? ` --region ${region}` : ''}${typedSource(source)}`;
  return {
    accounts: openAccounts({ stage, region: where, profile, allowHosts }),
    env,
    allowHosts,
    stage,
    region: where,
    typed: (command) => `npm run accounts -- ${command}${options}`,
  };
}
