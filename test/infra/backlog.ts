import { ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import { NOT_IN_A_TEST, stageOn } from '../helpers/deployed-stage.ts';
import { articles, pocketWith } from '../helpers/pocket.ts';
import { clientsFor } from './clients.ts';
import { closeAtEnd, sharedStage } from './shared-stage.ts';

export const ITEMS = 5000;

type Backlog = Awaited<ReturnType<typeof start>>;

let starting: Promise<Backlog> | undefined;

/**
 * A stage with `ITEMS` to tag, of which one run has done the first. Each run after it begins a minute later: what they
 * do is looked at in until-done.test.ts, when other files have been tested.
 */
export function startBacklog(): Promise<Backlog> {
  starting ??= start();
  return starting;
}

async function start() {
  const { ministack } = await sharedStage();
  const pocket = await pocketWith(articles(ITEMS), { keepsCalls: false });
  closeAtEnd(pocket);
  const stage = stageOn(ministack, pocket, 'backlog');
  await stage.mustDeploy(NOT_IN_A_TEST);
  const { result } = await stage.invoke({ mode: 'recent' });
  const { logs, scheduler } = clientsFor(ministack);
  return {
    ministack,
    stage,
    logs,
    firstResult: result,
    tagged: () => Object.values(pocket.tagsById()).filter(({ length }) => length === 1).length,
    /** Names of the schedules of this stage. */
    schedules: async () => {
      const { Schedules = [] } = await scheduler.send(
        new ListSchedulesCommand({ NamePrefix: `${stage.stackName}-` }),
      );
      return Schedules.map(({ Name = '' }) => Name).sort();
    },
  };
}
