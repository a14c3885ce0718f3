import { interruption } from '../interruption.ts';
import { formatAccounts } from '../view/accounts-table.ts';
import { statusLine } from '../view/progress.ts';
import type { ExitStatus } from '../view/run-result.ts';
import { printError, say } from '../view/wrapped.ts';
import type { Stage } from './open-stage.ts';

/** https://aws.amazon.com/secrets-manager/pricing/ */
const USD_A_SECRET_AND_MONTH = 0.4;

/** Moves credentials of accounts into packed secrets, and says what that saves: 0, or 3 where it was stopped before the end. */
export async function packAccounts({ accounts, typed }: Stage): Promise<ExitStatus> {
  const line = statusLine({ quiet: false, text: 'Looking for accounts with a secret of their own' });
  const { signal: stop, dispose } = interruption();
  const { moved, shards } = await accounts
    .pack((count) => line.text(`Moved ${formatAccounts(count)}`), { stop })
    .finally(() => {
      dispose();
      line.end();
    });
  const usd = (moved - shards) * USD_A_SECRET_AND_MONTH;
  const saved = usd > 0 ? `, which costs ${usd.toFixed(2)} USD a month less` : '';
  say(`${formatAccounts(moved)} moved into ${shards} packed ${shards === 1 ? 'secret' : 'secrets'}${saved}.`);
  if (!stop.aborted) return 0;
  printError(`stopped before the end; ${typed('pack')} goes on where it stopped`);
  return 3;
}
