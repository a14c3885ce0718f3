import assert from 'node:assert/strict';
import { budgetOf } from '../../lib/accounts/budget.ts';
import type { Environment } from '../../lib/settings.ts';

describe('what an account may use in an hour', () => {
  const rows: [why: string, env: Environment, minutes: number, calls: number][] = [
    ['the half of 15 minutes and of 3,000 calls', {}, 7.5, 1500],
    ['what the operator says', { ACCOUNT_MINUTES: '20', ACCOUNT_CALLS: '10000' }, 10, 5000],
    ['the default where it is blank', { ACCOUNT_MINUTES: ' ', ACCOUNT_CALLS: '' }, 7.5, 1500],
    ['the least', { ACCOUNT_MINUTES: '2', ACCOUNT_CALLS: '1000' }, 1, 500],
    [
      'the most: all of the hour for each half',
      { ACCOUNT_MINUTES: '120', ACCOUNT_CALLS: '1000000' },
      60,
      500_000,
    ],
    ['a whole number of calls of an odd one', { ACCOUNT_CALLS: '3001' }, 7.5, 1500],
  ];
  for (const [why, env, minutes, calls] of rows)
    it(`is ${why}`, () => {
      assert.deepEqual(budgetOf(env), { ms: minutes * 60_000, calls });
    });

  const refused: [name: 'ACCOUNT_MINUTES' | 'ACCOUNT_CALLS', value: string, said: RegExp][] = [
    ['ACCOUNT_MINUTES', '1', /^ACCOUNT_MINUTES "1": is not .* minutes .* from 2 to 120, such as 15$/],
    ['ACCOUNT_MINUTES', '121', /from 2 to 120/],
    ['ACCOUNT_MINUTES', '7.5', /whole one/],
    ['ACCOUNT_MINUTES', 'ten', /whole one/],
    ['ACCOUNT_CALLS', '999', /^ACCOUNT_CALLS "999": .* from 1000 to 1000000, such as 3000$/],
    ['ACCOUNT_CALLS', '1000001', /from 1000 to 1000000/],
    ['ACCOUNT_CALLS', '-3000', /whole one/],
  ];
  for (const [name, value, said] of refused)
    it(`is not ${name}=${value}`, () => {
      assert.throws(() => budgetOf({ [name]: value }), { kind: 'settings', message: said });
    });
});
