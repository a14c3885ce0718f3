import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deadlineIn, isInterrupted } from '../lib/deadline.ts';

describe('a deadline', () => {
  it('aborts when its time is over, which is no interruption', async () => {
    const deadline = deadlineIn(20);
    // A deadline alone keeps no process alive.
    const alive = setInterval(() => {}, 10);
    await once(deadline.signal, 'abort');
    clearInterval(alive);
    assert.equal(deadline.signal.reason.name, 'TimeoutError');
    assert.equal(isInterrupted(deadline), false);
  });

  it('aborts when it is stopped, before or after it was made', () => {
    const stop = new AbortController();
    const before = deadlineIn(60_000, { stop: stop.signal });
    assert.equal(before.signal.aborted, false);
    stop.abort();
    const after = deadlineIn(Number.POSITIVE_INFINITY, { stop: stop.signal });
    for (const deadline of [before, after]) {
      assert.deepEqual([isInterrupted(deadline), deadline.remainingMs()], [true, 0]);
    }
  });

  it('is made without AbortSignal.any, whose parts Node loses with the garbage', () => {
    const files = readdirSync('lib', { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    const found = files.filter((name) => /AbortSignal\.any\(/.test(readFileSync(join('lib', name), 'utf8')));
    assert.deepEqual(found, []);
  });
});
