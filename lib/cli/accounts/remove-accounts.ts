import { Failure } from '../../failure.ts';
import { interruption } from '../interruption.ts';
import { formatAccounts } from '../view/accounts-table.ts';
import { statusLine } from '../view/progress.ts';
import { questions } from '../view/questions.ts';
import type { ExitStatus } from '../view/run-result.ts';
import { printError, say } from '../view/wrapped.ts';
import { inParallel } from './in-parallel.ts';
import type { Stage } from './open-stage.ts';

const REMOVED_AT_ONCE = 10;

export type RemoveOptions = {
  /** For how long credentials can be restored. */
  readonly recoveryDays: number;
  /** Nobody is asked. */
  readonly yes?: boolean;
};

/** Removes one account, and says until when its credentials can be restored. */
export async function removeAccount(
  name: string,
  { recoveryDays }: RemoveOptions,
  { accounts, stage, region }: Stage,
): Promise<void> {
  const goneAt = await accounts.remove(name, { recoveryDays });
  const secrets =
    goneAt === undefined
      ? 'its credentials, which were packed with others, are deleted'
      : `its credentials will be deleted on ${dayOf(goneAt)}; until then: ${restoreCommand(`${stage}/accounts/${name}`, region)}`;
  say(`Account "${name}": removed from the stage ${stage}; ${secrets}`);
}

/** Removes every account once somebody has agreed: 0, or 3 where it was stopped before the end. */
export async function removeAllAccounts(
  { recoveryDays, yes = false }: RemoveOptions,
  stage: Stage,
): Promise<ExitStatus> {
  const { accounts, region } = stage;
  const names: string[] = [];
  for await (const { name } of accounts.list()) names.push(name);
  if (names.length > 0 && !yes && !(await isAgreed(names.length, stage))) {
    console.log('Nothing is removed.');
    return 0;
  }
  const line = statusLine({ quiet: names.length === 0, text: 'Removing' });
  const { signal: stop, dispose } = interruption();
  let [removed, lastGoneAt]: [number, Date | undefined] = [0, undefined];
  const saySum = () => {
    line.end();
    const restore = restoreCommand(`${stage.stage}/accounts/NAME`, region);
    const until = lastGoneAt
      ? ` Credentials will be deleted on ${dayOf(lastGoneAt)}; until then, for each: ${restore}`
      : '';
    say(`${formatAccounts(removed)} removed from the stage ${stage.stage}.${until}`);
  };
  await inParallel(names, { atOnce: REMOVED_AT_ONCE, stop }, async (name) => {
    lastGoneAt = (await accounts.remove(name, { recoveryDays })) ?? lastGoneAt;
    removed += 1;
    line.text(`Removed ${removed} of ${formatAccounts(names.length)}`);
  }).finally(() => {
    dispose();
    saySum();
  });
  if (removed < names.length) {
    printError(`stopped before the end; ${stage.typed('remove --all')} removes the others`);
    return 3;
  }
  say(`The stage itself is removed with: npm run remove -- --stage ${stage.stage} --region ${region}`);
  return 0;
}

/** Asks for the name of the stage, which nobody types by mistake. */
async function isAgreed(count: number, { stage, typed }: Stage): Promise<boolean> {
  const what = `${count === 1 ? 'The one account' : `All ${formatAccounts(count)}`} of the stage ${stage}`;
  if (!process.stdin.isTTY)
    throw new Failure(
      'settings',
      `${what}: nothing is removed, since there is nobody to ask; if that is what you want: ${typed('remove --all --yes')}`,
    );
  say(`${what} will be removed, with their schedules and credentials.`);
  const answer = await questions().text(`Type "${stage}" to remove them:`, () => undefined);
  return answer === stage;
}

function restoreCommand(secret: string, region: string): string {
  return `aws secretsmanager restore-secret --secret-id ${secret} --region ${region}`;
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
