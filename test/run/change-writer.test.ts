import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { TagChange } from '../../lib/core/item.ts';
import type { Change } from '../../lib/core/summary.ts';
import type { ReadingList } from '../../lib/reading-lists/reading-list.ts';
import { changeWriter } from '../../lib/run/change-writer.ts';
import { anItem } from '../helpers/items.ts';
import { UNHURRIED } from '../helpers/pocket.ts';

const changes = (count: number): Change[] =>
  Array.from({ length: count }, (_, at) => ({
    kind: 'change',
    item: anItem({ id: String(at) }),
    add: ['x'],
    remove: [],
  }));
const done = (batch: readonly TagChange[]) =>
  batch.map(({ item }) => ({ itemId: item.id, ok: true }) as const);
const listWith = (applyTags: ReadingList['applyTags']): ReadingList => ({
  batchSize: 3,
  applyTags,
  async *listUnread() {},
  getItem: async () => undefined,
});

describe('changeWriter', () => {
  it('writes full batches as they fill and the rest at the end, in order', async () => {
    const applyTags = sinon.fake(async (batch: readonly TagChange[]) => done(batch));
    const writer = changeWriter(listWith(applyTags), UNHURRIED, () => undefined);
    await writer.add(changes(2));
    assert.equal(applyTags.callCount, 0);
    await writer.add(changes(5));
    await writer.end();
    assert.deepEqual(
      applyTags.args.map(([batch]) => batch.map(({ item }) => item.id).join('')),
      ['010', '123', '4'],
    );
  });

  it('does not wait for the answer before its caller goes on', async () => {
    const neverAnswered = sinon.fake(() => new Promise<never>(() => undefined));
    await changeWriter(listWith(neverAnswered), UNHURRIED, () => undefined).add(changes(3));
    assert.equal(neverAnswered.callCount, 1);
  });

  it('has one batch under way at a time', async () => {
    let open = 0;
    const applyTags = async (batch: readonly TagChange[]) => {
      open += 1;
      assert.equal(open, 1);
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      return done(batch);
    };
    const writer = changeWriter(listWith(applyTags), UNHURRIED, () => undefined);
    await writer.add(changes(12));
    await writer.end();
  });

  it('tells of each batch and its results once', async () => {
    const onWritten = sinon.fake();
    const writer = changeWriter(
      listWith(async (batch) => done(batch)),
      UNHURRIED,
      onWritten,
    );
    await writer.add(changes(4));
    await writer.end();
    assert.deepEqual(
      onWritten.args.map(([batch, results]) => [batch.length, results.length]),
      [
        [3, 3],
        [1, 1],
      ],
    );
  });

  it('counts what was told before a failure', async () => {
    const onWritten = sinon.fake();
    const applyTags: ReadingList['applyTags'] = async (batch, _, tell) => {
      tell?.(done(batch.slice(0, 2)));
      throw new Error('no');
    };
    const writer = changeWriter(listWith(applyTags), UNHURRIED, onWritten);
    await writer.add(changes(3));
    await assert.rejects(writer.end(), { message: 'no' });
    assert.deepEqual(
      onWritten.args.map(([batch, results]) => [batch.length, results]),
      [[2, done(changes(2))]],
    );
  });

  it('counts what was told before the deadline, and the rest as failed', async () => {
    const onWritten = sinon.fake();
    const timeIsUp = AbortSignal.abort();
    const applyTags: ReadingList['applyTags'] = async (batch, _, tell) => {
      tell?.(done(batch.slice(0, 2)));
      throw timeIsUp.reason;
    };
    const deadline = { signal: timeIsUp, remainingMs: () => 0 };
    const writer = changeWriter(listWith(applyTags), deadline, onWritten);
    await writer.add(changes(3));
    await writer.end();
    const unknown = { itemId: '2', ok: false, reason: 'no answer in time' };
    assert.deepEqual(onWritten.args[0]?.[1], [...done(changes(2)), unknown]);
  });

  it('passes a failure on to whoever waits next', async () => {
    const writer = changeWriter(listWith(sinon.fake.rejects(new Error('no'))), UNHURRIED, () => undefined);
    await writer.add(changes(3));
    await assert.rejects(writer.end(), { message: 'no' });
  });
});
