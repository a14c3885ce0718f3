import assert from 'node:assert/strict';
import { articles, environmentFor, type PocketUnderTest, pocketWith } from '../helpers/pocket.ts';
import { runIn } from '../helpers/run.ts';

describe('the summary of a run', () => {
  let under: PocketUnderTest;
  let own: Record<string, string>;
  beforeEach(async () => {
    under = await pocketWith(articles(200));
    own = environmentFor(under.server);
    await runIn(own, { mode: 'full' });
  });
  afterEach(() => under.close());

  it('says that a recent run looked at the newest, where it ended before the others', async () => {
    const { message, newestOnly, listed, complete } = await runIn(own);
    assert.ok(listed < 200, `${listed}`);
    assert.deepEqual([newestOnly, complete], [true, true]);
    assert.ok(message.startsWith(`Tagged 0 of the newest ${listed} unread items. ${listed} were`), message);
  });

  it('says no such thing of a full run', async () => {
    const { message, newestOnly } = await runIn(own, { mode: 'full' });
    assert.equal(newestOnly, undefined);
    assert.ok(message.startsWith('Tagged 0 of 200 unread items.'), message);
  });

  it('says of how many in all where a limit has stopped it', async () => {
    await runIn(own, { mode: 'untag' });
    const { message, total, listed } = await runIn(own, { limit: 5 });
    assert.equal(total, 200);
    assert.ok(message.startsWith(`Tagged 5 of ${listed} unread items, of 200 in all: `), message);
  });
});
