import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { type AlarmState, type Sample, stateAt, stateOf } from '../helpers/alarm-rules.ts';
import { type Properties, resource, type Template, templateFor } from '../helpers/template.ts';

const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;
const MINUTE_S = 60;
/** How late a run may begin, and how long it may take. */
const WINDOW_S = 300;
const LONGEST_RUN_S = 300;

const valuesOfStage = createRequire(import.meta.url)('../../infra/alarm-period-and-mail.cjs');

describe('the rules that alarms are evaluated by here', () => {
  const RETAIN = 'retain the current state';
  const treatments = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;
  // The examples of the CloudWatch user guide: X breaches, 0 does not, - is missing; the latest is last.
  const rows: [outOfThree: number, points: string, ...states: string[]][] = [
    [3, '0 - X - X', 'OK', 'OK', 'OK', 'OK'],
    [3, '0 - - - -', 'OK', 'OK', 'OK', 'OK'],
    [3, '- - - - -', 'INSUFFICIENT_DATA', RETAIN, 'ALARM', 'OK'],
    [3, '0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    [3, '- - X - -', 'ALARM', RETAIN, 'ALARM', 'OK'],
    [2, '0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    [2, '0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    [2, '0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
    [2, '- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
    [2, '- - - X -', 'ALARM', RETAIN, 'ALARM', 'OK'],
  ];
  for (const [DatapointsToAlarm, points, ...states] of rows)
    it(`make of ${points}, where ${DatapointsToAlarm} of 3 have to breach, what AWS says`, () => {
      for (const before of ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const)
        assert.deepEqual(
          treatments.map((TreatMissingData) =>
            stateOf(
              { EvaluationPeriods: 3, DatapointsToAlarm, TreatMissingData },
              points.split(' ').map((point) => (point === '-' ? undefined : point === 'X')),
              before,
            ),
          ),
          states.map((state) => (state === RETAIN ? before : state)),
        );
    });
});

/** What CloudWatch would make of the template's alarms: what of this MiniStack can show is in alarms.test.ts. */
describe('the alarms over days', () => {
  const rates: [rate: string, seconds: number][] = [
    ['rate(15 minutes)', 15 * MINUTE_S],
    ['rate(1 hour)', HOUR_S],
    ['rate(2 days)', 2 * DAY_S],
  ];
  let template: Template;
  before(async () => {
    template = await templateFor();
  });
  const alarm = (id: string) => resource(template, id, 'AWS::CloudWatch::Alarm');
  const noRun = async (rate: string) => {
    const { periodS } = await valuesOfStage({
      resolveVariable: async (name: string) => (name === 'param:recentRate' ? rate : ''),
    });
    return { ...alarm('NoRunAlarm'), Period: periodS };
  };

  /** Each state of an alarm that was new at 0, from there on to the end. */
  function statesOver(alarm: Properties, samples: readonly Sample[], endS: number): AlarmState[] {
    const states: AlarmState[] = ['INSUFFICIENT_DATA'];
    const stepS = Math.max(MINUTE_S, alarm.Period / 60);
    for (let nowS = 0; nowS <= endS; nowS += stepS) {
      const before = states.at(-1) ?? 'INSUFFICIENT_DATA';
      const state = stateAt(alarm, samples, nowS, before);
      if (state !== before) states.push(state);
    }
    return states;
  }

  /** Runs that begin and take as `jitters` say, from 0 to 1 of what they may. */
  const runs = (rateS: number, values: readonly number[], jitters: readonly [number, number][]): Sample[] =>
    values.map((value, n) => {
      const [late, long] = jitters[n % jitters.length] ?? [0, 0];
      return { value, atS: (n + 1) * rateS + late * WINDOW_S + long * LONGEST_RUN_S };
    });
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const anyJitters = fc.array(fc.tuple(share, share), { minLength: 1, maxLength: 12 });

  for (const [rate, rateS] of rates) {
    const endS = 13 * rateS;
    const overAnyJitter = (alarm: Properties, values: readonly number[], expected: readonly AlarmState[]) =>
      fc.assert(
        fc.property(anyJitters, (jitters) => {
          assert.deepEqual(statesOver(alarm, runs(rateS, values, jitters), endS), expected);
        }),
        { numRuns: 25 },
      );

    describe(`with ${rate}`, () => {
      it('raise nothing on a new stage, however early and late its runs are', async () => {
        overAnyJitter(await noRun(rate), Array(13).fill(1), ['INSUFFICIENT_DATA', 'OK']);
        overAnyJitter(alarm('CredentialsRefusedAlarm'), Array(13).fill(0), ['INSUFFICIENT_DATA', 'OK']);
      });

      it('go on, and are notified once, while every run is refused, and end with the first that is not', () =>
        overAnyJitter(
          alarm('CredentialsRefusedAlarm'),
          [0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0],
          ['INSUFFICIENT_DATA', 'OK', 'ALARM', 'OK'],
        ));

      it('notice incomplete runs in a row, and nothing where every second one is complete', async () => {
        const stopped = Array(9).fill(0);
        const one = await noRun(rate);
        overAnyJitter(one, [1, 1, ...stopped, 1, 1], ['INSUFFICIENT_DATA', 'OK', 'ALARM', 'OK']);
        overAnyJitter(one, [1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1], ['INSUFFICIENT_DATA', 'OK']);
      });

      it('notice that there are no runs any more, and that there are again', async () => {
        const first = runs(rateS, [1, 1, 1], [[0, 0]]);
        const again = first.map(({ atS, value }) => ({ atS: atS + 30 * rateS, value }));
        assert.deepEqual(statesOver(await noRun(rate), [...first, ...again], 33 * rateS), [
          'INSUFFICIENT_DATA',
          'OK',
          'INSUFFICIENT_DATA',
          'OK',
        ]);
      });
    });
  }

  it('raise nothing with the shortest rate, where a run may end after the next one', async () => {
    const one = await noRun('rate(5 minutes)');
    fc.assert(
      fc.property(anyJitters, (jitters) => {
        const samples = runs(5 * MINUTE_S, Array(40).fill(1), jitters);
        assert.deepEqual(statesOver(one, samples, 40 * 5 * MINUTE_S), ['INSUFFICIENT_DATA', 'OK']);
      }),
      { numRuns: 25 },
    );
  });

  it('end where a retry succeeds a minute later', () => {
    const failedOnce = [
      { atS: HOUR_S, value: 1 },
      { atS: HOUR_S + MINUTE_S, value: 0 },
    ];
    assert.equal(statesOver(alarm('RunFailedAlarm'), failedOnce, 3 * HOUR_S).at(-1), 'OK');
  });

  it('notice a run that timed out, which Lambda dates by its start, two minutes after its end', () => {
    const nowS = HOUR_S + LONGEST_RUN_S + 2 * MINUTE_S;
    const timedOut = [{ atS: HOUR_S, value: 1 }];
    assert.equal(stateAt(alarm('RunFailedAlarm'), timedOut, nowS, 'OK'), 'ALARM');
  });

  it('notice a run that failed a minute after one that did not', () => {
    const gaveUp = [
      { atS: HOUR_S, value: 0 },
      { atS: HOUR_S + MINUTE_S, value: 1 },
    ];
    assert.equal(statesOver(alarm('RunFailedAlarm'), gaveUp, 2 * HOUR_S).at(-1), 'ALARM');
  });

  it('stay on while a message is in the dead-letter queue, also after SQS has stopped to count it', () => {
    const minutes = (from: number, to: number, value: number) =>
      Array.from({ length: (to - from) / MINUTE_S }, (_, n) => ({ atS: from + n * MINUTE_S, value }));
    const counted = [...minutes(0, HOUR_S, 0), ...minutes(HOUR_S, 7 * HOUR_S, 1)];
    const purged = minutes(40 * HOUR_S, 41 * HOUR_S, 0);
    assert.deepEqual(statesOver(alarm('FailedEventsAlarm'), [...counted, ...purged], 41 * HOUR_S), [
      'INSUFFICIENT_DATA',
      'OK',
      'ALARM',
      'OK',
    ]);
  });
});
