import assert from 'node:assert/strict';
import { deadlineIn } from '../../lib/deadline.ts';
import { cooldown } from '../../lib/http/cooldown.ts';
import { UNHURRIED } from '../helpers/pocket.ts';

describe('a gate', () => {
  it('is open until it is shut, and after', async () => {
    const open = cooldown();
    assert.equal(open.opensInMs(), 0);
    await open.wait(deadlineIn(1), 'shut');
    const startedAt = performance.now();
    open.start(50);
    await open.wait(UNHURRIED, 'shut');
    assert.ok(performance.now() - startedAt >= 50);
    assert.equal(open.opensInMs(), 0);
  });

  it('is not opened earlier by a shorter wait', () => {
    const open = cooldown();
    open.start(60_000);
    open.start(0);
    assert.ok(open.opensInMs() > 50_000);
  });

  it('stays shut for longer than a timer can wait', async () => {
    const open = cooldown();
    open.start(2 ** 40);
    assert.equal(open.opensInMs(), 2 ** 31 - 1);
    const { signal } = deadlineIn(20);
    const endless = { signal, remainingMs: () => Number.POSITIVE_INFINITY };
    await assert.rejects(open.wait(endless, 'shut'), { name: 'TimeoutError' });
  });

  it('does not begin a wait that the deadline does not allow', async () => {
    const open = cooldown();
    open.start(60_000);
    const rejected = await open.wait(deadlineIn(5000), 'Shut for now').catch((error) => error);
    assert.deepEqual([rejected.kind, rejected.message], ['unavailable', 'Shut for now']);
    assert.ok(rejected.retryAfterMs > 50_000);
  });

  it('rejects with the signal’s reason when the deadline comes first', async () => {
    const open = cooldown();
    open.start(60_000);
    const { signal } = deadlineIn(20);
    const late = { signal, remainingMs: () => 120_000 };
    await assert.rejects(open.wait(late, 'shut'), { name: 'TimeoutError' });
  });
});
