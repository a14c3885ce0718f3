import assert from 'node:assert/strict';
import { deadlineIn } from '../../lib/deadline.ts';
import { Failure } from '../../lib/failure.ts';
import { limitConcurrency } from '../../lib/http/concurrency.ts';
import { httpRequest, type Request, type RequestSpec } from '../../lib/http/request.ts';
import { UNHURRIED } from '../helpers/pocket.ts';

const specOf = (n: number, deadline = UNHURRIED): RequestSpec => ({
  method: 'GET',
  url: `http://127.0.0.1/${n}`,
  repeatable: true,
  deadline,
});
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('twoInFlight', () => {
  it('begins two, and each further one in order when one of them ends, well or not', async () => {
    const begun: string[] = [];
    const end: (() => void)[] = [];
    const request: Request = ({ url }) =>
      new Promise((resolve, reject) => {
        begun.push(url.slice(-1));
        const answer = { status: 200, body: {}, header: () => undefined };
        end.push(() => (begun.length === 2 ? reject(new Failure('unavailable', 'x')) : resolve(answer)));
      });
    const limited = limitConcurrency(request);
    const all = [1, 2, 3, 4].map((n) => limited(specOf(n)).catch(() => 'failed'));
    await turn();
    assert.deepEqual(begun, ['1', '2']);
    end[1]?.();
    await turn();
    assert.deepEqual(begun, ['1', '2', '3']);
    end[0]?.();
    await turn();
    assert.deepEqual(begun, ['1', '2', '3', '4']);
    for (const done of end) done();
    assert.equal((await Promise.all(all))[1], 'failed');
  });

  it('sends nothing whose deadline is over when its turn comes', async () => {
    const { request, sent } = httpRequest();
    const over = { signal: AbortSignal.abort(), remainingMs: () => 0 };
    const limited = limitConcurrency(request);
    const refused = [1, 2, 3].map((n) => assert.rejects(limited(specOf(n, over)), { name: 'AbortError' }));
    await Promise.all(refused);
    assert.equal(sent(), 0);
    await assert.rejects(limited(specOf(4, deadlineIn(0))));
  });
});
