import { Failure } from '../failure.ts';
import { check } from '../run/check.ts';
import { checkSecrets, type SecretsCheck } from '../secrets/check-secrets.ts';
import { currentOnly, splitKey } from '../secrets/get-secret.ts';
import { openSecrets } from '../secrets/open-secrets.ts';
import { readSecretNames, readSettings, type Settings } from '../settings.ts';
import { noLog } from '../telemetry/telemetry.ts';
import { lookAtAccount } from './account.ts';
import { type AddressOptions, addressProblems } from './address-problems.ts';
import { lookAtCreatedSecrets } from './created-secrets.ts';
import { regionProblem } from './regions.ts';
import type { Stage } from './stage.ts';

/** The result of the check has all that a log would have. */
const NO_TELEMETRY = { log: noLog, emit: () => {} };

export type StageCheck = {
  /** Problems that prevent the deployment of a stage. */
  readonly problems: readonly string[];
  readonly notes: readonly string[];
  /** Names of the secrets that the stage is to use, not to create, since they exist already. */
  readonly existingSecrets: readonly string[];
};

/**
 * Checks a stage before it is deployed, without creating anything: whether its settings are valid, its secrets exist,
 * the reading list accepts them and can be reached from AWS, and AWS has what the stack asks for. The reading list is
 * asked only if all its addresses may be.
 */
export async function checkStage(stage: Stage, options: AddressOptions): Promise<StageCheck> {
  const settings = settingsOf(stage);
  const wrong = distinct([
    ...('problem' in settings ? [settings.problem] : []),
    ...(await addressProblems(stage.environment, options)),
  ]);
  const region = regionProblem(stage.region);
  // Nobody would answer.
  if (region) return { problems: [...wrong, region], notes: [], existingSecrets: [] };
  const account = await lookAtAccount(stage);
  const isAsked = 'settings' in settings && wrong.length === 0;
  const { secrets, readingList } = isAsked
    ? await check({ ...settings, env: stage.environment, telemetry: NO_TELEMETRY })
    : await secretsAlone(stage);
  const created = await lookAtCreatedSecrets(stage, { states: secrets, inStack: account.inStack });
  const isMade = (name: string) => stage.createdSecrets.includes(splitKey(name).name);
  const missing = secrets.filter(({ name, usable }) => !usable && !isMade(name));
  const isRefused = isAsked && secrets.every(({ usable }) => usable) && readingList.problem !== undefined;
  const skipped = distinct([...account.skipped, ...created.skipped]);
  return {
    problems: distinct([
      ...wrong,
      ...missing.flatMap(({ problem }) => problem ?? []),
      ...(isRefused ? [`The reading list: ${readingList.problem}`] : []),
      ...created.problems,
      ...account.problems,
    ]),
    notes: distinct([
      ...created.notes,
      ...secrets.flatMap(({ warning }) => warning ?? []),
      ...(skipped.length > 0 ? [`Not looked at, since AWS did not let you: ${skipped.join(', ')}`] : []),
    ]),
    existingSecrets: [...stage.existingSecrets, ...created.existing],
  };
}

/** Several keys of one secret have the same trouble. */
function distinct(sentences: readonly string[]): string[] {
  return [...new Set(sentences)];
}

function settingsOf({ environment }: Stage): { settings: Settings } | { problem: string } {
  try {
    return { settings: readSettings(environment) };
  } catch (error) {
    if (error instanceof Failure) return { problem: error.message };
    throw error;
  }
}

/** The secrets without the reading list, which is not to be asked, or not known. */
function secretsAlone({ environment }: Stage): Promise<SecretsCheck> {
  const secretsFrom = environment.SECRETS_FROM === 'env' ? 'env' : 'aws';
  const options = { secretsFrom, secretMaxAgeMs: 0 } as const;
  return checkSecrets({
    source: currentOnly(openSecrets(options, { env: environment, log: noLog })),
    names: readSecretNames(environment),
    maxAgeDays: Number.POSITIVE_INFINITY,
    callReadingList: async () => ({ untried: 'not asked' }),
  });
}
