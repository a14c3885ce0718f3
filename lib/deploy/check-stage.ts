import { accountEnvironment } from '../accounts/variables.ts';
import { Failure } from '../failure.ts';
import { check } from '../run/check.ts';
import { checkSecrets, type SecretsCheck } from '../secrets/check-secrets.ts';
import { currentOnly, splitKey } from '../secrets/get-secret.ts';
import { openSecrets } from '../secrets/open-secrets.ts';
import { type Environment, readSecretNames, readSettings, type Settings } from '../settings.ts';
import { noLog } from '../telemetry/telemetry.ts';
import { lookAtAccount } from './account.ts';
import { type AddressOptions, addressProblems } from './address-problems.ts';
import { type CreatedSecret, lookAtCreatedSecrets, notesOf } from './created-secrets.ts';
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
 * asked only if its address may be, and no secret is somebody else's.
 */
export async function checkStage(stage: Stage, options: AddressOptions): Promise<StageCheck> {
  if (stage.servesAccountsAlone) return checkWithoutList(stage);
  const settings = settingsOf(stage.environment);
  const wrong = distinct([
    ...('problem' in settings ? [settings.problem] : []),
    ...(await addressProblems(stage.environment, options)),
  ]);
  const account = await lookAtAccount(stage);
  const created = await lookAtCreatedSecrets(stage, account.inStack);
  const refused = created.flatMap(({ problem }) => problem ?? []);
  const isAsked = 'settings' in settings && wrong.length === 0 && refused.length === 0;
  const { secrets, readingList } = isAsked
    ? await check({ ...settings, env: { ...ownProxies(), ...stage.environment }, telemetry: NO_TELEMETRY })
    : await secretsAlone(stage, created);
  const isMade = (name: string) => stage.createdSecrets.includes(splitKey(name).name);
  const missing = secrets.filter(({ name, usable }) => !usable && !isMade(name));
  const isDenied = isAsked && secrets.every(({ usable }) => usable) && readingList.problem !== undefined;
  const skipped = distinct([...account.skipped, ...created.flatMap((one) => one.skipped ?? [])]);
  return {
    problems: distinct([
      ...wrong,
      ...missing.flatMap(({ problem }) => problem ?? []),
      ...(isDenied ? [`The reading list: ${readingList.problem}`] : []),
      ...refused,
      ...account.problems,
    ]),
    notes: distinct([
      ...notesOf(created, { states: secrets, region: stage.region }),
      ...secrets.flatMap(({ warning }) => warning ?? []),
      ...noteOf(skipped),
    ]),
    existingSecrets: [
      ...stage.existingSecrets,
      ...created.flatMap(({ name, state }) => (state === 'left' ? name : [])),
    ],
  };
}

/**
 * What a stage has to have that serves accounts alone: each account is tried when it is added. The settings that they
 * share are checked as those of a list that needs no address.
 */
async function checkWithoutList(stage: Stage): Promise<StageCheck> {
  const shared = settingsOf(accountEnvironment({ READING_LIST: 'readwise' }, stage.environment));
  const account = await lookAtAccount(stage);
  return {
    problems: distinct([...('problem' in shared ? [shared.problem] : []), ...account.problems]),
    notes: noteOf(distinct(account.skipped)),
    existingSecrets: stage.existingSecrets,
  };
}

function noteOf(skipped: readonly string[]): string[] {
  return skipped.length === 0
    ? []
    : [`Not looked at, for want of a permission or an answer: ${skipped.join(', ')}`];
}

/** Several keys of one secret have the same trouble. */
function distinct(sentences: readonly string[]): string[] {
  return [...new Set(sentences)];
}

function settingsOf(environment: Environment): { settings: Settings } | { problem: string } {
  try {
    return { settings: readSettings(environment) };
  } catch (error) {
    if (error instanceof Failure) return { problem: error.message };
    throw error;
  }
}

/** What the stage does not have, and this machine needs to ask anybody. */
function ownProxies(): Environment {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => /_proxy$/i.test(name)));
}

/** The secrets without the reading list, which is not to be asked, or not known. One that is refused is not read. */
function secretsAlone({ environment }: Stage, created: readonly CreatedSecret[]): Promise<SecretsCheck> {
  const secretsFrom = environment.SECRETS_FROM === 'env' ? 'env' : 'aws';
  const options = { secretsFrom, secretMaxAgeMs: 0 } as const;
  const refused = created.filter(({ state }) => state === 'refused').map(({ name }) => name);
  return checkSecrets({
    source: currentOnly(openSecrets(options, { env: environment, log: noLog })),
    names: readSecretNames(environment).filter((name) => !refused.includes(splitKey(name).name)),
    maxAgeDays: Number.POSITIVE_INFINITY,
    callReadingList: async () => ({ untried: 'not asked' }),
  });
}
