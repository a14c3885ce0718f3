import { GetScheduleCommand, SchedulerClient, UpdateScheduleCommand } from '@aws-sdk/client-scheduler';
import { showLogOfFailures } from '../helpers/ministack.ts';
import { until } from '../helpers/until.ts';
import { removeTags, type SharedStage, sharedStage, tagsOf } from './shared-stage.ts';

/**
 * MiniStack looks every ten seconds which schedule is due. Unlike Scheduler it takes neither the schedule's role nor the
 * flexible window, invokes once whatever happens, and forgets the time zone of a schedule that CloudFormation makes:
 * permissions.test.ts, failed-run.test.ts and template.test.ts have these.
 */
describe('the schedule `recent`', () => {
  let shared: SharedStage;
  before(async () => {
    shared = await sharedStage();
  });
  showLogOfFailures(() => shared?.ministack);

  it('tags what is new, on its own', async () => {
    removeTags(shared);
    const scheduler = new SchedulerClient(shared.ministack.client);
    const Name = `${shared.stage.stackName}-recent`;
    const { ScheduleExpression, ...schedule } = await scheduler.send(new GetScheduleCommand({ Name }));
    const { FlexibleTimeWindow, Target, State } = schedule;
    const update = (ScheduleExpression = '') =>
      scheduler.send(
        new UpdateScheduleCommand({ Name, ScheduleExpression, FlexibleTimeWindow, Target, State }),
      );
    // The shortest rate there is, counted from when the schedule was made; that of a stage is five minutes at least.
    await update('rate(1 minute)');
    try {
      await until('the schedule has tagged every article', () =>
        tagsOf(shared).every(({ length }) => length === 1),
      );
    } finally {
      await update(ScheduleExpression);
    }
  });
});
