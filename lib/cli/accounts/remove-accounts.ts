import { formatNumber } from '../../core/format-number.ts';
import { Failure } from '../../failure.ts';
import { formatAccounts } from '../view/accounts-table.ts';
import { statusLine } from '../view/progress.ts';
import { questions } from '../view/questions.ts';
import { say } from '../view/wrapped.ts';
import { interruptible } from './interruptible.ts';
import type { Stage } from './open-stage.ts';

const DAY_MS = 86_400_000;

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
  const credentials = goneAt
    ? restoreText(goneAt, `${stage}/accounts/${name}`, region)
    : 'Its credentials, which were packed with others, are gone from there; revoke them at its service.';
  say(`Account "${name}": removed from the stage ${stage}. ${credentials}`);
}

/** Removes every account once somebody has agreed, and says until when credentials can be restored. */
export async function removeAllAccounts(
  { recoveryDays, yes = false }: RemoveOptions,
  stage: Stage,
): Promise<void> {
  const { accounts, region, typed } = stage;
  let [all, packed] = [0, 0];
  for await (const { shard } of accounts.list()) {
    all += 1;
    packed += shard === undefined ? 0 : 1;
  }
  if (all > 0 && !yes && !(await isAgreed(all, stage))) {
    console.log('Nothing is removed.');
    return;
  }
  const line = statusLine({ quiet: all === 0, text: `Removing ${formatAccounts(all)}` });
  let removed = 0;
  const sayHowFar = () => {
    line.end();
    say(`${formatAccounts(removed)} removed from the stage ${stage.stage}.`);
  };
  const goOn = `${typed('remove --all')} removes the others`;
  await interruptible({ sayHowFar, goOn }, () =>
    accounts.removeAll({ recoveryDays }, (count) => {
      removed = count;
      line.text(`Removed ${formatNumber(count)} of ${formatAccounts(all)}`);
    }),
  );
  const goneAt = new Date(Date.now() + recoveryDays * DAY_MS);
  if (removed > 0) say(restoreText(goneAt, `${stage.stage}/accounts/NAME`, region));
  if (packed > 0) say(`Packed ones are in ${stage.stage}/accounts/shard-1, and so on.`);
  say(`The stage itself is removed with: npm run remove -- --stage ${stage.stage} --region ${region}`);
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

function restoreText(goneAt: Date, secret: string, region: string): string {
  const day = goneAt.toISOString().slice(0, 10);
  return `Credentials will be deleted on ${day}; until then: aws secretsmanager restore-secret --secret-id ${secret} --region ${region}; an account that is then added again, with the same, goes on.`;
}
