import assert from 'node:assert/strict';
import { showLogOfFailures } from '../helpers/ministack.ts';
import { startBacklog } from './backlog.ts';

describe('a run that stops at its limit', () => {
  let backlog: Awaited<ReturnType<typeof startBacklog>>;
  before(async () => {
    backlog = await startBacklog();
  });
  showLogOfFailures(() => backlog?.ministack);

  it('says when it goes on by itself', () => {
    const { tagged, stoppedBy, message } = backlog.firstResult;
    assert.deepEqual([tagged, stoppedBy], [2000, 'limit']);
    assert.match(message, /it goes on by itself at/);
  });

  it('has made one schedule for that', async () => {
    const made = (await backlog.schedules()).filter((name) => !/-(full|recent)$/.test(name));
    assert.deepEqual(made, ['readtime-tagger-backlog-continue']);
  });
});
