import assert from 'node:assert/strict';
import { deadlineIn } from '../../lib/deadline.ts';
import { rateLimited, systemClock } from '../../lib/http/rate-limit.ts';
import type { HttpResponse, RequestSpec } from '../../lib/http/request.ts';
import { UNHURRIED } from '../helpers/pocket.ts';
import { overLimit, standingClock } from '../helpers/services/clock.ts';

const answer: HttpResponse = { status: 200, body: {}, header: () => undefined };
const spec = (deadline = UNHURRIED): RequestSpec => ({
  method: 'GET',
  url: 'http://127.0.0.1/list?token=no',
  repeatable: true,
  deadline,
});

describe('paced', () => {
  it('goes by a clock that goes on', () => {
    const before = systemClock.now();
    assert.ok(systemClock.now() >= before);
  });

  it('lets so many calls through at once, and never more in a minute', async () => {
    const clock = standingClock();
    const isOver = overLimit(5, clock);
    const over: boolean[] = [];
    const pace = rateLimited(
      async () => {
        over.push(isOver());
        return answer;
      },
      5,
      clock,
    );
    await Promise.all(Array.from({ length: 17 }, () => pace.request(spec())));
    assert.deepEqual(over, Array(17).fill(false));
  });

  it('says how long the next call would wait', async () => {
    const clock = standingClock();
    const pace = rateLimited(async () => answer, 2, clock);
    await pace.request(spec());
    assert.equal(pace.waitMs(), 0);
    clock.pass(10_000);
    await pace.request(spec());
    assert.equal(pace.waitMs(), 51_000);
    clock.pass(51_000);
    assert.equal(pace.waitMs(), 0);
  });

  it('does not begin a wait that the deadline does not allow, and takes no turn', async () => {
    const clock = standingClock();
    let calls = 0;
    const count = async () => {
      calls += 1;
      return answer;
    };
    const pace = rateLimited(count, 1, clock);
    await pace.request(spec());
    await assert.rejects(pace.request(spec(deadlineIn(60_000))), {
      kind: 'unavailable',
      retryAfterMs: 61_000,
      message: 'GET http://127.0.0.1/list: the limit of 1 calls a minute is reached',
    });
    clock.pass(61_000);
    await pace.request(spec(deadlineIn(60_000)));
    assert.equal(calls, 2);
  });

  it('ends a wait with the reason of the deadline', async () => {
    const controller = new AbortController();
    const waiting = systemClock.wait(60_000, { signal: controller.signal, remainingMs: () => 60_000 });
    controller.abort(new Error('over'));
    await assert.rejects(waiting, { message: 'over' });
  });
});
