import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { inParallel } from '../../lib/accounts/in-parallel.ts';

const numbers = Array.from({ length: 50 }, (_, at) => at);

describe('work in parallel', () => {
  it('has its results in order, and so many in hand at most', async () => {
    let inHand = 0;
    let most = 0;
    const results = await inParallel(
      numbers,
      async (number) => {
        inHand += 1;
        most = Math.max(most, inHand);
        await sleep(number % 3);
        inHand -= 1;
        return 2 * number;
      },
      7,
    );
    assert.deepEqual(
      results,
      numbers.map((number) => 2 * number),
    );
    assert.equal(most, 7);
  });

  it('ends with the first failure, once what is in hand is done, and ends what it reads from', async () => {
    let ended = false;
    const begun: number[] = [];
    const done: number[] = [];
    async function* read() {
      try {
        yield* numbers;
      } finally {
        ended = true;
      }
    }
    const work = async (number: number) => {
      begun.push(number);
      await sleep(1);
      if (number === 10) throw new Error('the tenth');
      await sleep(1);
      done.push(number);
    };
    await assert.rejects(inParallel(read(), work, 4), { message: 'the tenth' });
    assert.equal(done.length, begun.length - 1);
    assert.ok(begun.length < 20, `${begun.length} were begun`);
    assert.ok(ended);
  });

  it('fails as what it reads from does', async () => {
    async function* read() {
      yield 1;
      throw new Error('no more');
    }
    await assert.rejects(
      inParallel(read(), async () => {}),
      { message: 'no more' },
    );
  });
});
