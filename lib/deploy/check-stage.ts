import { Failure } from '../failure.ts';
import { isLoopback } from '../http/axios-client.ts';
import { check } from '../run/check.ts';
import { splitKey } from '../secrets/get-secret.ts';
import { readSettings } from '../settings.ts';
import { noLog } from '../telemetry/telemetry.ts';
import type { Stage } from './stage.ts';

/** The result of the check has all that a log would have. */
const NO_TELEMETRY = { log: noLog, emit: () => {} };

/** Problems that prevent the deployment of a stage, and notes about it. */
export type StageCheck = { readonly problems: readonly string[]; readonly notes: readonly string[] };

/**
 * Checks a stage before it is deployed, without creating anything: whether its settings are valid, its secrets exist, and
 * the reading list accepts them. Secrets that the stack creates need not be set yet; but since names in Secrets
 * Manager are unique, they must not exist before the stack does. `isStandIn`: AWS_ENDPOINT_URL is a fake of AWS, from
 * which loopback addresses can be reached.
 */
export async function checkStage(
  stage: Stage,
  { isDeployed, isStandIn }: { isDeployed: () => Promise<boolean>; isStandIn: boolean },
): Promise<StageCheck> {
  const problems = [...settingsProblems(stage), ...(isStandIn ? [] : addressProblems(stage))];
  if (problems.length > 0) return { problems, notes: [] };
  const { secrets, readingList } = await check({
    settings: readSettings(stage.environment),
    env: stage.environment,
    telemetry: NO_TELEMETRY,
  });
  const isMade = (name: string) => stage.createdSecrets.includes(splitKey(name).name);
  const unset = secrets.filter(({ name, usable }) => !usable && isMade(name));
  const missing = secrets.filter(({ name, usable }) => !usable && !isMade(name));
  const taken = secrets.filter(({ name, usable }) => usable && isMade(name));
  const isKnown = taken.length === 0 || (await isDeployed());
  return {
    problems: distinct([
      ...missing.flatMap(({ problem }) => problem ?? []),
      ...(secrets.every(({ usable }) => usable) && readingList.problem
        ? [`The reading list: ${readingList.problem}`]
        : []),
      ...(isKnown ? [] : taken.map(({ name }) => takenSecret(splitKey(name).name))),
    ]),
    notes: distinct([
      ...unset.map(({ name }) => unsetSecret(name, stage)),
      ...secrets.flatMap(({ warning }) => warning ?? []),
    ]),
  };
}

/** Several keys of one secret have the same trouble. */
function distinct(sentences: readonly string[]): string[] {
  return [...new Set(sentences)];
}

function settingsProblems({ environment }: Stage): string[] {
  try {
    readSettings(environment);
    return [];
  } catch (error) {
    if (error instanceof Failure) return [error.message];
    throw error;
  }
}

/** Problems with loopback addresses, which a function in AWS cannot reach. */
function addressProblems({ environment }: Stage): string[] {
  return Object.entries(environment)
    .filter(([, value]) => URL.canParse(value) && isLoopback(new URL(value).hostname))
    .map(
      ([name]) =>
        `${name}: is an address of this machine, which a function in AWS cannot reach; is it from .env?`,
    );
}

function takenSecret(name: string): string {
  return `Secret "${name}": exists, but not in this stack, which was told to create it; leave createSecrets out, and name it with a parameter`;
}

function unsetSecret(name: string, { region }: Stage): string {
  return `Secret "${name}": runs fail until it is set with: npm run secrets -- set ${name} --region ${region}`;
}
