import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { TagChange, TagResult } from '../../lib/core/item.ts';
import type { Change } from '../../lib/core/summary.ts';
import { Failure } from '../../lib/failure.ts';
import type { ReadingList } from '../../lib/reading-lists/reading-list.ts';
import { changeWriter } from '../../lib/run/change-writer.ts';
import { anItem } from '../helpers/items.ts';
import { NO_DEADLINE } from '../helpers/pocket.ts';

const changes = (count: number): Change[] =>
  Array.from({ length: count }, (_, at) => ({
    kind: 'change',
    item: anItem({ id: String(at) }),
    add: ['x'],
    remove: [],
  }));
async function* done(batch: readonly TagChange[]): AsyncGenerator<TagResult> {
  for (const { item } of batch) yield { itemId: item.id, ok: true };
}
const listWith = (applyTags: ReadingList['applyTags']): ReadingList => ({
  batchSize: 3,
  applyTags,
  async *listUnread() {},
  async *listAll() {},
  getItem: async () => undefined,
});
/** Two of three changes are written, and then there is a failure. */
const failing = (error: unknown) =>
  async function* (batch: readonly TagChange[]): AsyncGenerator<TagResult> {
    yield* done(batch.slice(0, 2));
    throw error;
  };
const resultsIn = ({ args }: sinon.SinonSpy) =>
  args.map(([, { itemId, ok, reason }]) => [itemId, ok, reason]);

describe('changeWriter', () => {
  it('writes full batches as they fill and the rest at the end, in order', async () => {
    const applyTags = sinon.fake((batch: readonly TagChange[]) => done(batch));
    const writer = changeWriter(listWith(applyTags), NO_DEADLINE, () => undefined);
    await writer.add(changes(2));
    assert.equal(applyTags.callCount, 0);
    await writer.add(changes(5));
    await writer.end();
    assert.deepEqual(
      applyTags.args.map(([batch]) => batch.map(({ item }) => item.id).join('')),
      ['010', '123', '4'],
    );
  });

  it('does not wait for the answer before its caller continues', async () => {
    let calls = 0;
    const neverAnswered: ReadingList['applyTags'] = async function* () {
      calls += 1;
      await new Promise<never>(() => undefined);
      yield* done([]);
    };
    await changeWriter(listWith(neverAnswered), NO_DEADLINE, () => undefined).add(changes(3));
    assert.equal(calls, 1);
  });

  it('has one batch under way at a time', async () => {
    let open = 0;
    const applyTags: ReadingList['applyTags'] = async function* (batch) {
      open += 1;
      assert.equal(open, 1);
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      yield* done(batch);
    };
    const writer = changeWriter(listWith(applyTags), NO_DEADLINE, () => undefined);
    await writer.add(changes(12));
    await writer.end();
  });

  it('calls with each change and its result once', async () => {
    const onResult = sinon.fake();
    const writer = changeWriter(listWith(done), NO_DEADLINE, onResult);
    await writer.add(changes(4));
    await writer.end();
    assert.deepEqual(
      onResult.args,
      changes(4).map((change) => [change, { itemId: change.item.id, ok: true }]),
    );
  });

  it('counts what was done before a failure, and nothing of the rest where that is known', async () => {
    const onResult = sinon.fake();
    const writer = changeWriter(listWith(failing(new Error('no'))), NO_DEADLINE, onResult);
    await writer.add(changes(3));
    await assert.rejects(writer.end(), { message: 'no' });
    assert.deepEqual(resultsIn(onResult), [
      ['0', true, undefined],
      ['1', true, undefined],
    ]);
  });

  const unanswered: [why: string, error: unknown, signal: AbortSignal, reason: string][] = [
    ['the deadline is over', 'over', AbortSignal.abort(), 'no answer in time'],
    [
      'a try may have been carried out',
      new Failure('unavailable', 'no', { outcomeUnknown: true }),
      NO_DEADLINE.signal,
      'the service did not confirm it',
    ],
  ];
  for (const [why, error, signal, reason] of unanswered)
    it(`counts the rest as failed where ${why}`, async () => {
      const onResult = sinon.fake();
      const deadline = { signal, remainingMs: () => 0 };
      const writer = changeWriter(listWith(failing(error)), deadline, onResult);
      await writer.add(changes(3));
      await writer.end().catch((thrown: unknown) => assert.equal(thrown, error));
      assert.deepEqual(resultsIn(onResult), [
        ['0', true, undefined],
        ['1', true, undefined],
        ['2', false, reason],
      ]);
    });

  it('passes a failure on to the next caller that waits', async () => {
    const writer = changeWriter(listWith(failing(new Error('no'))), NO_DEADLINE, () => undefined);
    await writer.add(changes(3));
    await assert.rejects(writer.end(), { message: 'no' });
  });
});
