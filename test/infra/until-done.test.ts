import assert from 'node:assert/strict';
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { showLogOfFailures } from '../helpers/ministack.ts';
import { until } from '../helpers/until.ts';
import { ITEMS, startBacklog } from './backlog.ts';

/**
 * MiniStack carries a one-time schedule out once its time has come, and deletes it, as Scheduler does; it looks every ten
 * seconds, and does not ask whether the role may be passed.
 */
describe('a stage with a backlog', function () {
  this.timeout(600_000);
  let backlog: Awaited<ReturnType<typeof startBacklog>>;
  before(async () => {
    backlog = await startBacklog();
  });
  showLogOfFailures(() => backlog?.ministack);

  it('is done by runs that go on by themselves, without a schedule in the end', async () => {
    const { logs, schedules, stage, tagged } = backlog;
    await until('more than the first run has done', () => tagged() > 4000);
    await until('every item is tagged', () => tagged() === ITEMS);
    const own = ['readtime-tagger-backlog-full', 'readtime-tagger-backlog-recent'];
    await until('its last schedule is gone', async () => (await schedules()).join() === own.join());
    const logGroupName = `/aws/lambda/${stage.functionName}`;
    const finished = async () => {
      const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName }));
      return events
        .map(({ message = '' }) => message)
        .filter((line) => line.includes('"run-finished"'))
        .map((line) => JSON.parse(line).tagged);
    };
    await until('the last run has ended', async () => (await finished()).length >= 3);
    assert.deepEqual(await finished(), [2000, 2000, 1000]);
  });
});
