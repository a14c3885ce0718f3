import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../failure.ts';
import type { AccountSchedules } from './schedules.ts';

/**
 * A run that notes on the account's schedule how it ended reads it and writes it within 2 s, with the state that it read.
 * After this time it is seen whether one has switched the schedule on again: milliseconds.
 */
const SETTLE_MS = 3000;
/** How often it is switched off again. */
const MAX_LOOKS = 5;

/**
 * Pauses an account so that it stays so, whatever a run notes that is in hand. Resolves to `false` where there is no such
 * account, and rejects with `unavailable` where runs switch it on all the time.
 */
export async function pauseAccount(
  name: string,
  schedules: Pick<AccountSchedules, 'get' | 'pause'>,
  settleMs = SETTLE_MS,
): Promise<boolean> {
  for (let looks = 0; looks < MAX_LOOKS; looks += 1) {
    if (!(await schedules.pause(name))) return false;
    await sleep(settleMs);
    const account = await schedules.get(name);
    if (!account || account.state === 'paused') return true;
  }
  throw new Failure('unavailable', `Account "${name}": its runs write its schedule all the time; try again`);
}
