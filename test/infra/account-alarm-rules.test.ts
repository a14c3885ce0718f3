import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type AlarmState, type Sample, stateAt } from '../helpers/alarm-rules.ts';
import { resource, type Template, templateFor } from '../helpers/template.ts';

const HOUR_S = 3600;
const MINUTE_S = 60;

/** What CloudWatch would make of accounts that fail, some or all of them, for a while. */
describe('the alarms of accounts over hours', () => {
  let template: Template;
  before(async () => {
    template = await templateFor('--param=accounts=true');
  });
  const SHARE = 'AccountsFailingAlarm';
  const ALL = 'AllAccountsFailingAlarm';

  /** The states of an alarm, one after the other, from a new stage on. */
  function statesOf(id: string, samples: readonly Sample[], hours: number): readonly AlarmState[] {
    const alarm = resource(template, id, 'AWS::CloudWatch::Alarm');
    const states: AlarmState[] = ['INSUFFICIENT_DATA'];
    for (let nowS = 0; nowS <= hours * HOUR_S; nowS += 5 * MINUTE_S) {
      const before = states.at(-1) ?? 'INSUFFICIENT_DATA';
      const state = stateAt(alarm, samples, nowS, before);
      if (state !== before) states.push(state);
    }
    return states;
  }

  /** Hourly runs of accounts, each begun anywhere in its hour, of which so many in turn fail in each hour. */
  const runs = (accounts: number, failing: readonly number[], late: readonly number[]): Sample[] =>
    failing.flatMap((count, hour) =>
      Array.from({ length: accounts }, (_, account) => ({
        atS: (hour + (late[(hour * accounts + account) % late.length] ?? 0)) * HOUR_S,
        value: account < count ? 1 : 0,
      })),
    );
  const anyLateness = fc.array(fc.double({ min: 0.001, max: 0.999, noNaN: true }), {
    minLength: 7,
    maxLength: 41,
  });
  const often = (count: number, hours = 12) => Array(hours).fill(count);

  const NEVER = [['INSUFFICIENT_DATA'], ['INSUFFICIENT_DATA', 'OK']];
  const ONCE = ['INSUFFICIENT_DATA', 'OK', 'ALARM', 'OK'];
  const UNTIL_THE_END = ['INSUFFICIENT_DATA', 'ALARM'];
  const silent: [id: string, accounts: number, failing: number, why: string][] = [
    [ALL, 2, 1, 'the other one does not'],
    [ALL, 3, 1, 'it is that one’s own trouble'],
    [ALL, 3, 2, 'one does not, however early and late it begins'],
    [SHARE, 3, 3, 'of few runs a fifth is one; the other alarm is for these'],
    [SHARE, 20, 10, 'as many runs may be chance'],
    [SHARE, 100, 5, 'a few of many are usual: tokens expire'],
    [SHARE, 1000, 50, 'as above'],
  ];
  for (const [id, accounts, failing, why] of silent)
    it(`${id} is silent where ${failing} of ${accounts} accounts fail: ${why}`, () =>
      fc.assert(
        fc.property(anyLateness, (late) => {
          const states = statesOf(id, runs(accounts, often(failing), late), 12);
          assert.ok(
            NEVER.some((never) => never.join() === states.join()),
            states.join(),
          );
        }),
        { numRuns: accounts > 500 ? 3 : 15 },
      ));

  // Where the first good run falls between two periods, it may say so once more: two mails in place of one.
  it('says that all of few fail, until one does not', () =>
    fc.assert(
      fc.property(anyLateness, (late) => {
        const failing = [...often(0, 4), ...often(3, 6), ...often(2, 6)];
        const states = statesOf(ALL, runs(3, failing, late), 16);
        assert.ok(
          [ONCE, [...ONCE, 'ALARM', 'OK']].some((said) => said.join() === states.join()),
          states.join(),
        );
      }),
      { numRuns: 25 },
    ));

  it('says that the only account fails, which is as a list alone', () =>
    assert.deepEqual(statesOf(ALL, runs(1, often(1), [0.5]), 12), UNTIL_THE_END));

  it('says that a third of many fail, for as long as they do', () =>
    fc.assert(
      fc.property(anyLateness, (late) => {
        const failing = [...often(5, 4), ...often(35, 6), ...often(5, 6)];
        const states = statesOf(SHARE, runs(100, failing, late), 16);
        assert.deepEqual([states.at(-1), states.includes('ALARM')], ['OK', true]);
      }),
      { numRuns: 15 },
    ));

  it('says within half an hour that the runs of 100,000 accounts fail', () => {
    const alarm = resource(template, SHARE, 'AWS::CloudWatch::Alarm');
    const late = Array.from({ length: 997 }, (_, n) => n / 997);
    const samples = runs(100_000, [500, 100_000], late);
    assert.equal(stateAt(alarm, samples, HOUR_S, 'OK'), 'OK');
    assert.equal(stateAt(alarm, samples, 1.5 * HOUR_S, 'OK'), 'ALARM');
  });

  it('keep their state where there are no runs at all: accounts were paused, or removed', () => {
    const then = runs(60, [0, ...often(60, 4)], [0.5]);
    for (const id of [SHARE, ALL]) assert.equal(statesOf(id, then, 40).at(-1), 'ALARM');
  });

  it('say once that an answer was not understood, and that it is over in hours', () =>
    assert.deepEqual(statesOf('AccountUnexpectedResponseAlarm', [{ atS: 2 * HOUR_S, value: 1 }], 12), [
      'INSUFFICIENT_DATA',
      'OK',
      'ALARM',
      'OK',
    ]));
});
