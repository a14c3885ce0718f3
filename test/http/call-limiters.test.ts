import assert from 'node:assert/strict';
import { Failure } from '../../lib/failure.ts';
import { limitConcurrency, rateLimited } from '../../lib/http/call-limiters.ts';
import type { HttpResponse, Request, RequestSpec } from '../../lib/http/request.ts';
import { NO_DEADLINE } from '../helpers/pocket.ts';
import { endsIn, recordingClock } from '../helpers/recording-clock.ts';
import { overLimit, steppingClock } from '../helpers/services/clock.ts';

const response: HttpResponse = { status: 200, body: {}, header: () => undefined };
const spec = (deadline = NO_DEADLINE, path = 'list?token=no'): RequestSpec => ({
  method: 'GET',
  url: `http://127.0.0.1/${path}`,
  deadline,
});
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('limitConcurrency', () => {
  it('begins two, and each further one in order when one of them ends, well or not', async () => {
    const begun: string[] = [];
    const end: (() => void)[] = [];
    const request: Request = ({ url }) =>
      new Promise((resolve, reject) => {
        begun.push(url.slice(-1));
        end.push(() => (begun.length === 2 ? reject(new Failure('unavailable', 'x')) : resolve(response)));
      });
    const limited = limitConcurrency(request);
    const all = [1, 2, 3, 4].map((n) => limited(spec(NO_DEADLINE, `${n}`)).catch(() => 'failed'));
    await nextTurn();
    assert.deepEqual(begun, ['1', '2']);
    end[1]?.();
    await nextTurn();
    assert.deepEqual(begun, ['1', '2', '3']);
    end[0]?.();
    await nextTurn();
    assert.deepEqual(begun, ['1', '2', '3', '4']);
    for (const done of end) done();
    assert.equal((await Promise.all(all))[1], 'failed');
  });
});

describe('rateLimited', () => {
  it('lets so many calls through at once, and never more in a minute', async () => {
    const clock = steppingClock();
    const isOver = overLimit(5, clock);
    const over: boolean[] = [];
    const limited = rateLimited(
      async () => {
        over.push(isOver());
        return response;
      },
      5,
      clock,
    );
    await Promise.all(Array.from({ length: 17 }, () => limited.request(spec())));
    assert.deepEqual(over, Array(17).fill(false));
  });

  it('waits once for calls that belong together, until there is room for all of them', async () => {
    const clock = recordingClock();
    const limited = rateLimited(async () => response, 3, clock);
    await limited.request(spec());
    await clock.wait(10_000, NO_DEADLINE);
    await limited.request(spec());
    await limited.takeTurns(2, spec());
    assert.deepEqual(clock.waits, [10_000, 51_000]);
    // The two turns were taken at 61 s, the second call at 10 s.
    await limited.request(spec());
    assert.deepEqual(clock.waits, [10_000, 51_000, 10_000]);
  });

  it('does not begin a wait that the deadline does not allow, and takes no turn', async () => {
    const clock = steppingClock();
    let calls = 0;
    const count = async () => {
      calls += 1;
      return response;
    };
    const limited = rateLimited(count, 1, clock);
    await limited.request(spec());
    await assert.rejects(limited.request(spec(endsIn(60_000))), {
      kind: 'unavailable',
      retryAfterMs: 61_000,
      message: 'GET http://127.0.0.1/list: the limit of 1 calls a minute is reached',
    });
    clock.pass(61_000);
    await limited.request(spec(endsIn(60_000)));
    assert.equal(calls, 2);
  });
});
