import assert from 'node:assert/strict';
import { Failure } from '../../lib/failure.ts';
import { withRetries } from '../../lib/http/retry.ts';
import { endsIn, recordingClock } from '../helpers/recording-clock.ts';

const UNANSWERED = new Failure('unavailable', 'no answer');
const REFUSED = new Failure('credentials', 'refused', { status: 401 });
const waitFor = (retryAfterMs: number) => new Failure('unavailable', 'busy', { status: 429, retryAfterMs });
const LONG = waitFor(5000);
const AFTER_LONG = { kind: 'unavailable', status: 429, retryAfterMs: 5000 } as const;

describe('withRetries', () => {
  /** Tries that end one after the other as given, then all as the last one; the answer is the number of tries. */
  function start(
    outcomes: readonly (Failure | Error | 'ok')[],
    deadline = endsIn(Number.POSITIVE_INFINITY),
    onWait?: () => void,
  ) {
    const clock = recordingClock(onWait);
    let tries = 0;
    const send = async () => {
      const outcome = outcomes[Math.min(tries, outcomes.length - 1)];
      tries += 1;
      if (outcome instanceof Error) throw outcome;
      return tries;
    };
    const done = withRetries(send, { clock, backOffBaseMs: 200 })({ deadline });
    return { done, waits: clock.waits, tries: () => tries };
  }

  it('gives up after three retries, before each a wait twice as long and up to a fifth more', async () => {
    const { done, waits, tries } = start([UNANSWERED]);
    await assert.rejects(done, { kind: 'unavailable', message: 'no answer', outcomeUnknown: true });
    assert.equal(tries(), 4);
    assert.equal(waits.length, 3);
    for (const [at, minMs] of [400, 800, 1600].entries()) {
      const ms = waits[at] ?? 0;
      assert.ok(ms >= minMs && ms <= 1.2 * minMs, `${ms} ms before retry ${at + 1}`);
    }
  });

  const rows: readonly [
    why: string,
    outcomes: (Failure | 'ok')[],
    remainingMs: number,
    tries: number,
    waits: number,
    end: Partial<Failure> | undefined,
  ][] = [
    ['a success', ['ok'], 5000, 1, 0, undefined],
    ['a fault that passes', [UNANSWERED, 'ok'], 5000, 2, 1, undefined],
    ['a wait that is named', [waitFor(1000), 'ok'], 5000, 2, 1, undefined],
    ['a refusal', [REFUSED, 'ok'], 5000, 1, 0, { kind: 'credentials', status: 401, outcomeUnknown: false }],
    [
      'a wait of all the time that is left',
      [LONG, 'ok'],
      5000,
      1,
      0,
      { ...AFTER_LONG, outcomeUnknown: false },
    ],
    [
      'such a wait after a fault',
      [UNANSWERED, LONG, 'ok'],
      5000,
      2,
      1,
      { ...AFTER_LONG, outcomeUnknown: true },
    ],
    ['a refusal after a fault', [UNANSWERED, REFUSED], 5000, 2, 1, { outcomeUnknown: true }],
  ];
  for (const [why, outcomes, remainingMs, expectedTries, expectedWaits, end] of rows) {
    it(`${why}: ${expectedTries} tries, ${expectedWaits} waits`, async () => {
      const { done, waits, tries } = start(outcomes, endsIn(remainingMs));
      if (end) await assert.rejects(done, end);
      else assert.equal(await done, expectedTries);
      assert.deepEqual([tries(), waits.length], [expectedTries, expectedWaits]);
    });
  }

  it('waits as long as the service says, and no longer', async () => {
    const { done, waits } = start([waitFor(7000), waitFor(0), 'ok']);
    await done;
    assert.deepEqual(waits, [7000, 0]);
  });

  it('ends a back-off with the reason of the deadline', async () => {
    const stop = new AbortController();
    const deadline = { signal: stop.signal, remainingMs: () => 60_000 };
    const { done, tries } = start([UNANSWERED], deadline, () => stop.abort(new Error('over')));
    await assert.rejects(done, { message: 'over' });
    assert.equal(tries(), 1);
  });

  it('throws what is no failure of the request as it is', async () => {
    const bug = new TypeError('a bug');
    const { done, tries } = start([bug]);
    await assert.rejects(done, bug);
    assert.equal(tries(), 1);
  });
});
