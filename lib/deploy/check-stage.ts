import { BlockList } from 'node:net';
import { Failure } from '../failure.ts';
import { check } from '../run/run.ts';
import { splitKey } from '../secrets/get-secret.ts';
import { readSettings } from '../settings.ts';
import { noLog } from '../telemetry/telemetry.ts';
import type { Stage } from './stage.ts';

/** What a log would say is in what the check finds. */
const UNTOLD = { log: noLog, emit: () => {} };

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('0.0.0.0');
loopback.addAddress('::1', 'ipv6');

/** What stands in the way of a stage, and what should be known of it. Nothing was created to find out. */
export type StageCheck = { readonly problems: readonly string[]; readonly notes: readonly string[] };

/**
 * Looks at a stage before it is deployed: whether its settings make sense, its secrets exist, and the reading list
 * accepts them. Secrets that the stack is going to make hold a placeholder until somebody sets them, so they are no
 * problem; but Secrets Manager has each name once, so they may not exist where the stack does not.
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
    telemetry: UNTOLD,
  });
  const isMade = (name: string) => stage.createdSecrets.includes(splitKey(name).name);
  const unset = secrets.filter(({ name, usable }) => !usable && isMade(name));
  const missing = secrets.filter(({ name, usable }) => !usable && !isMade(name));
  const taken = secrets.filter(({ name, usable }) => usable && isMade(name));
  const isKnown = taken.length === 0 || (await isDeployed());
  return {
    problems: [
      ...missing.flatMap(({ problem }) => problem ?? []),
      ...(secrets.every(({ usable }) => usable) && readingList.problem
        ? [`The reading list: ${readingList.problem}`]
        : []),
      ...(isKnown ? [] : taken.map(({ name }) => takenSecret(splitKey(name).name))),
    ],
    notes: [
      ...unset.map(({ name }) => unsetSecret(name, stage)),
      ...secrets.flatMap(({ warning }) => warning ?? []),
    ],
  };
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

/** Addresses that mean this machine; in AWS they would mean the function itself. */
function addressProblems({ environment }: Stage): string[] {
  return Object.entries(environment)
    .filter(([, value]) => URL.canParse(value) && isLoopback(new URL(value).hostname))
    .map(
      ([name]) =>
        `${name}: is an address of this machine, which a function in AWS cannot reach; is it from .env?`,
    );
}

/** Whether a host of a URL is this machine. */
export function isLoopback(host: string): boolean {
  if (/(^|\.)localhost$/.test(host)) return true;
  if (host.startsWith('[')) return loopback.check(host.slice(1, -1), 'ipv6');
  return loopback.check(host);
}

function takenSecret(name: string): string {
  return `Secret "${name}": exists, but not in this stack, which was told to create it; leave createSecrets out, and name it with a parameter`;
}

function unsetSecret(name: string, { region }: Stage): string {
  return `Secret "${name}": runs fail until it is set with: npm run secrets -- set ${name} --region ${region}`;
}
