import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Deadline, deadlineIn } from '../../lib/deadline.ts';
import { systemClock } from '../../lib/http/clock.ts';
import { cooldown, parseRetryAfter } from '../../lib/http/cooldown.ts';
import { endsIn, recordingClock } from '../helpers/recording-clock.ts';

const FOREVER = endsIn(Number.POSITIVE_INFINITY);

describe('cooldown', () => {
  it('lets everything through until it is started, and again when it is over', async () => {
    const clock = recordingClock();
    const shared = cooldown(clock);
    await shared.wait(endsIn(1), 'too long');
    assert.deepEqual(clock.waits, []);
    shared.start(50);
    await shared.wait(FOREVER, 'too long');
    assert.deepEqual(clock.waits, [50]);
    assert.equal(shared.remainingMs(), 0);
  });

  it('is not shortened by a shorter wait', () => {
    const shared = cooldown(recordingClock());
    shared.start(60_000);
    shared.start(0);
    assert.equal(shared.remainingMs(), 60_000);
  });

  it('waits again where it was extended meanwhile', async () => {
    const clock = recordingClock(() => clock.waits.length === 1 && shared.start(30));
    const shared = cooldown(clock);
    shared.start(50);
    await shared.wait(FOREVER, 'too long');
    assert.deepEqual(clock.waits, [50, 30]);
  });

  it('does not begin a wait that the deadline does not allow', async () => {
    const clock = recordingClock();
    const shared = cooldown(clock);
    shared.start(60_000);
    const failure = { kind: 'unavailable', message: 'too long', retryAfterMs: 60_000 };
    await assert.rejects(shared.wait(endsIn(60_000), 'too long'), failure);
    assert.deepEqual(clock.waits, []);
  });
});

describe('systemClock', () => {
  it('continues', () => {
    const before = systemClock.now();
    assert.ok(systemClock.now() >= before);
  });

  for (const [why, ms] of [
    ['a minute', 60_000],
    ['longer than a timer can', 2 ** 40],
  ] as const) {
    it(`waits ${why}, and rejects with the signal’s reason when the deadline comes first`, async () => {
      const stop = new AbortController();
      const deadline: Deadline = { signal: stop.signal, remainingMs: () => ms };
      // A timer that is due at once comes before this one.
      setTimeout(() => stop.abort(new Error('over')), 20);
      await assert.rejects(systemClock.wait(ms, deadline), { message: 'over' });
    });
  }
});

describe('a wait', () => {
  it('is told to the deadline that it is for', async () => {
    const told: number[] = [];
    await systemClock.wait(1, { ...endsIn(60_000), onWait: (ms) => told.push(ms) });
    assert.deepEqual(told, [1]);
  });

  it('may be given for longer than a timer can be, and is not over at once', async () => {
    const deadline = deadlineIn(2 ** 40);
    await sleep(20);
    assert.equal(deadline.signal.aborted, false);
  });
});

describe('parseRetryAfter', () => {
  const NOW = Date.UTC(2026, 10, 22, 6, 0, 0);
  const rows: readonly (readonly [why: string, header: string | undefined, ms: number | undefined])[] = [
    ['no header', undefined, undefined],
    ['an empty one', '', undefined],
    ['a blank one', ' ', undefined],
    ['seconds', '120', 120_000],
    ['no wait', '0', 0],
    ['less than no wait', '-5', 0],
    ['a date to come', 'Sun, 22 Nov 2026 06:00:30 GMT', 30_000],
    ['a date that is past', 'Sun, 22 Nov 2026 05:59:00 GMT', 0],
    ['neither', 'soon', undefined],
    ['more than a number holds', '1e400', Number.POSITIVE_INFINITY],
    ['twelve days', '1000000', 1e9],
    ['a date that nobody waits for', 'Thu, 01 Jan 2099 00:00:00 GMT', Date.UTC(2099, 0, 1) - NOW],
  ];
  for (const [why, header, ms] of rows) it(why, () => assert.equal(parseRetryAfter(header, NOW), ms));
});
