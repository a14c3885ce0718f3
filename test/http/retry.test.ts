import assert from 'node:assert/strict';
import type { Deadline } from '../../lib/deadline.ts';
import { Failure } from '../../lib/failure.ts';
import { withRetries } from '../../lib/http/retry.ts';
import { endsIn, recordingClock } from '../helpers/recording-clock.ts';

const UNANSWERED = new Failure('unavailable', 'no answer');
const SILENT = new Failure('unavailable', 'no answer', { timedOut: true });
const NO_ANSWER = { kind: 'unavailable', message: 'no answer' };
const REFUSED = new Failure('credentials', 'refused', { status: 401 });
const answered = (status: number) => new Failure('unavailable', `answered ${status}`, { status });
const waitFor = (retryAfterMs: number) => new Failure('unavailable', 'busy', { status: 429, retryAfterMs });
const FOREVER = endsIn(Number.POSITIVE_INFINITY);
const LONG = waitFor(5000);
const AFTER_LONG = { kind: 'unavailable', status: 429, retryAfterMs: 5000 } as const;

describe('withRetries', () => {
  type Outcome = Failure | Error | 'ok';

  /** Tries that end one after the other as given, then all as the last one; the answer is the number of tries. */
  function service(outcomes: readonly Outcome[], onWait?: () => void) {
    const clock = recordingClock(onWait);
    let tries = 0;
    const send = async (_: {
      deadline: Deadline;
      maxRetriesOfErrors?: number;
      maxRetriesOfHangUps?: number;
    }) => {
      const outcome = outcomes[Math.min(tries, outcomes.length - 1)];
      tries += 1;
      if (outcome instanceof Error) throw outcome;
      return tries;
    };
    const request = withRetries(send, { clock, backOffBaseMs: 500 });
    return { clock, request, waits: clock.waits, tries: () => tries };
  }

  function start(outcomes: readonly Outcome[], deadline = FOREVER, onWait?: () => void) {
    const { request, ...rest } = service(outcomes, onWait);
    return { done: request({ deadline }), ...rest };
  }

  /** The same where the service has answered a request before. */
  async function startAfterAnswer(outcomes: readonly Outcome[], deadline = FOREVER) {
    const { request, tries, ...rest } = service(['ok', ...outcomes]);
    await request({ deadline });
    return { done: request({ deadline }), request, tries: () => tries() - 1, ...rest };
  }

  /** Whether the waits are these, each up to a fifth longer. */
  function assertWaits(waits: readonly number[], expected: readonly number[]): void {
    assert.equal(waits.length, expected.length, waits.join());
    for (const [at, minMs] of expected.entries()) {
      const ms = waits[at] ?? 0;
      assert.ok(ms >= minMs && ms <= 1.2 * minMs, `${ms} ms before retry ${at + 1}`);
    }
  }

  const QUICK = [500, 1000, 2000];
  const A_MINUTE = [...QUICK, 4000, 8000, 16_000, 32_000];
  const down: readonly [why: string, failure: Failure, before: number[], after: number[]][] = [
    ['refused, reset or silent', UNANSWERED, QUICK, A_MINUTE],
    ['behind a proxy that answers 502', answered(502), QUICK, A_MINUTE],
    ['in maintenance, 503', answered(503), QUICK, A_MINUTE],
    ['behind a proxy that answers 504', answered(504), QUICK, A_MINUTE],
    ['over its limit without a word on when, 429', answered(429), QUICK, A_MINUTE],
    ['there, and silent: each try takes a quarter of a minute', SILENT, QUICK, QUICK],
    ['broken, 500: it is there, and may be so for good', answered(500), QUICK, QUICK],
    ['answering nonsense with HTTP 200', answered(200), QUICK, QUICK],
  ];
  for (const [why, failure, before, after] of down) {
    it(`${why}: ${before.length} retries before a first answer, ${after.length} after one`, async () => {
      const wrongAddress = start([failure]);
      await assert.rejects(wrongAddress.done, { kind: 'unavailable', outcomeUnknown: true });
      assertWaits(wrongAddress.waits, before);
      const restarting = await startAfterAnswer([failure]);
      await assert.rejects(restarting.done, { kind: 'unavailable', outcomeUnknown: true });
      assertWaits(restarting.waits, after);
      assert.equal(restarting.tries(), after.length + 1);
    });
  }

  for (const [why, outcomes] of [
    ['it is down for most of a minute', [...Array(7).fill(UNANSWERED), 'ok']],
    [
      'it refuses, then a proxy speaks for it, then it answers errors while it starts',
      [...Array(3).fill(UNANSWERED), ...Array(3).fill(answered(502)), ...Array(3).fill(answered(500)), 'ok'],
    ],
    ['it asks for a moment again and again', [...Array(7).fill(waitFor(1000)), 'ok']],
  ] as [why: string, outcomes: Outcome[]][]) {
    it(`continues where a service that worked starts again: ${why}`, async () => {
      const { done, tries } = await startAfterAnswer(outcomes);
      assert.equal(await done, outcomes.length + 1);
      assert.equal(tries(), outcomes.length);
    });
  }

  it('does not try for another minute with the next request while the service stays down', async () => {
    const { done, request, waits } = await startAfterAnswer([UNANSWERED]);
    await assert.rejects(done, NO_ANSWER);
    waits.length = 0;
    await assert.rejects(request({ deadline: FOREVER }), NO_ANSWER);
    assertWaits(waits, QUICK);
  });

  it('tries for a minute again once it has answered between', async () => {
    const outage = Array(8).fill(UNANSWERED);
    const { done, request, waits } = await startAfterAnswer([...outage, 'ok', ...outage, 'ok']);
    await assert.rejects(done, NO_ANSWER);
    await request({ deadline: FOREVER });
    waits.length = 0;
    await assert.rejects(request({ deadline: FOREVER }), NO_ANSWER);
    assertWaits(waits, A_MINUTE);
  });

  it('gives up after a minute, not after seven retries, where each try hangs', async () => {
    const clock = recordingClock();
    let tries = 0;
    const send = async () => {
      tries += 1;
      if (tries === 1) return tries;
      // As if no byte came until the time for that was over.
      await clock.wait(15_000, FOREVER);
      throw UNANSWERED;
    };
    const request = withRetries(send, { clock, backOffBaseMs: 500 });
    await request({ deadline: FOREVER });
    await assert.rejects(request({ deadline: FOREVER }), NO_ANSWER);
    assertWaits(
      clock.waits.filter((ms) => ms !== 15_000),
      [500, 1000, 2000, 4000],
    );
  });

  it('retries an error fewer times where the request says so', async () => {
    const { request, waits } = service([answered(500)]);
    await assert.rejects(request({ deadline: FOREVER, maxRetriesOfErrors: 1 }), { status: 500 });
    assertWaits(waits, [500]);
  });

  it('does not begin a back-off that the deadline does not allow, but fails with what happened', async () => {
    const { done, waits } = await startAfterAnswer([UNANSWERED], endsIn(3900));
    await assert.rejects(done, { kind: 'unavailable', message: 'no answer', outcomeUnknown: true });
    assertWaits(waits, QUICK);
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
    const { done, waits } = start([waitFor(7000), waitFor(1), 'ok']);
    await done;
    assert.deepEqual(waits, [7000, 1]);
  });

  it('tries for a minute where a service that worked asks for no wait, or for one that is past', async () => {
    const { done, waits } = await startAfterAnswer([waitFor(0)]);
    await assert.rejects(done, { kind: 'unavailable', status: 429, outcomeUnknown: false });
    assertWaits(waits, A_MINUTE);
  });

  it('keeps what is known of a try: that it may have been carried out', async () => {
    const { done } = start([new Failure('unexpected-response', 'odd', { outcomeUnknown: true })]);
    await assert.rejects(done, { message: 'odd', outcomeUnknown: true });
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
