import assert from 'node:assert/strict';
import fc from 'fast-check';
import { eventQueue } from '../../../bench/scale/event-queue.ts';

describe('a queue of events', () => {
  it('gives each event once, by time, whenever it was pushed', () => {
    // How long after the present event the next ones are, in milliseconds: none, within a second, and many seconds.
    const delays = fc.array(
      fc.array(fc.oneof(fc.constant(0), fc.nat(999), fc.nat(100_000)), { maxLength: 5 }),
    );
    fc.assert(
      fc.property(delays, (steps) => {
        const queue = eventQueue<{ atMs: number }>();
        const [pushed, popped]: { atMs: number }[][] = [[], []];
        const pop = () => {
          const event = queue.pop();
          if (event) popped?.push({ atMs: queue.nowMs });
          return event;
        };
        for (const step of steps) {
          for (const delay of step) {
            const event = { atMs: queue.nowMs + delay };
            pushed?.push(event);
            queue.push(event.atMs, event);
          }
          pop();
        }
        while (pop());
        assert.deepEqual(
          popped,
          pushed?.toSorted((a, b) => a.atMs - b.atMs),
        );
      }),
    );
  });

  it('gives the event that was pushed for that time', () => {
    const queue = eventQueue<string>();
    for (const [atMs, event] of [
      [5000, 'third'],
      [10, 'first'],
      [10_000_000, 'last'],
      [900, 'second'],
    ] as const)
      queue.push(atMs, event);
    assert.deepEqual(
      [queue.pop(), queue.pop(), queue.pop(), queue.pop()],
      ['first', 'second', 'third', 'last'],
    );
    assert.equal(queue.pop(), undefined);
    assert.equal(queue.nowMs, 10_000_000);
  });
});
