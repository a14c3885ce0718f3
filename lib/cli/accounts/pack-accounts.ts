import { formatAccounts } from '../view/accounts-table.ts';
import { statusLine } from '../view/progress.ts';
import { say } from '../view/wrapped.ts';
import { interruptible } from './interruptible.ts';
import type { Stage } from './open-stage.ts';

/** https://aws.amazon.com/secrets-manager/pricing/ */
const USD_A_SECRET_AND_MONTH = 0.4;

/** Moves credentials of accounts into packed secrets, and says what that saves. */
export async function packAccounts({ accounts, typed }: Stage): Promise<void> {
  const line = statusLine({ quiet: false, text: 'Looking for accounts with a secret of their own' });
  const goOn = `${typed('pack')} goes on where it stopped, and every account has its credentials meanwhile`;
  const { moved, shards } = await interruptible({ sayHowFar: line.end, goOn }, () =>
    accounts.pack((count) => line.text(`Moved ${formatAccounts(count)}`)),
  );
  if (moved === 0) {
    console.log('Every account is packed already.');
    return;
  }
  const usd = Math.max(0, moved - shards) * USD_A_SECRET_AND_MONTH;
  const secrets = shards === 1 ? 'one packed secret' : `${shards} packed secrets`;
  say(`${formatAccounts(moved)} moved into ${secrets}, which costs ${usd.toFixed(2)} USD a month less.`);
}
