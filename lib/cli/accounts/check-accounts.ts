import type { Account } from '../../accounts/accounts.ts';
import { inParallel } from '../../accounts/in-parallel.ts';
import { formatNumber } from '../../core/format-number.ts';
import { Failure } from '../../failure.ts';
import type { SecretsCheck } from '../../secrets/check-secrets.ts';
import { printResult } from '../commands/check.ts';
import type { Output } from '../options.ts';
import { formatAccounts } from '../view/accounts-table.ts';
import { jsonOf } from '../view/format.ts';
import { printError, say } from '../view/wrapped.ts';
import { interruptible } from './interruptible.ts';
import type { Stage } from './open-stage.ts';

/** Each is read from AWS, then asked of a service of its own. */
const CHECKS_AT_ONCE = 10;

/** Checks the stored credentials of one account, and prints what was found: 0 where all is well, else 1. */
export async function checkAccount(name: string, output: Output, { accounts }: Stage): Promise<0 | 1> {
  return printResult(await accounts.check(name), output);
}

/** Checks every account, and prints a line for each: 0 where all are well, else 1. */
export async function checkAllAccounts({ json, quiet }: Output, { accounts }: Stage): Promise<0 | 1> {
  const counts = { well: 0, wrong: 0 };
  const sayHowFar = () => {
    const { well, wrong } = counts;
    const sum = `${formatAccounts(well + wrong)} checked: ${formatNumber(well)} well, ${formatNumber(wrong)} not.`;
    if (!json && !quiet) say(`\n${sum}`);
  };
  const checkOne = async ({ name }: Pick<Account, 'name'>) => {
    const result = await checked(name, { accounts });
    counts[result.ok ? 'well' : 'wrong'] += 1;
    if (json) console.log(jsonOf({ account: name, ...result }, {}));
    else if (!quiet) console.log(`${name}: ${result.message}`);
    else if (!result.ok) printError(`${name}: ${result.message}`);
  };
  const goOn = 'the same command begins again, and a check changes nothing';
  await interruptible({ sayHowFar, goOn }, () => inParallel(accounts.list(), checkOne, CHECKS_AT_ONCE));
  return counts.wrong === 0 ? 0 : 1;
}

/** What was found, or why nothing could be: an account that cannot be checked does not keep others from it. */
async function checked(
  name: string,
  { accounts }: Pick<Stage, 'accounts'>,
): Promise<Pick<SecretsCheck, 'ok' | 'message'>> {
  try {
    return await accounts.check(name);
  } catch (error) {
    if (error instanceof Failure) return { ok: false, message: error.message };
    throw error;
  }
}
