import assert from 'node:assert/strict';
import { ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import { type DeployedStage, stageOn } from '../helpers/deployed-stage.ts';
import { showLogOfFailures } from '../helpers/ministack.ts';
import { articles, type PocketUnderTest, pocketWith } from '../helpers/pocket.ts';
import { until } from '../helpers/until.ts';
import { clientsFor } from './clients.ts';
import { type SharedStage, sharedStage } from './shared-stage.ts';

const ITEMS = 5000;
/** Of a run, by default. Each run after the first comes a minute later, and MiniStack looks every ten seconds. */
const MAX_CHANGES = 2000;
const RUNS = 3;
const NAME = 'readtime-tagger-backlog-continue';

/**
 * MiniStack carries a one-time schedule out once its time has come, and deletes it, as Scheduler does; it does not ask
 * whether the role may be passed.
 */
describe('a stage with a backlog', function () {
  this.timeout(600_000);
  let shared: SharedStage;
  let pocket: PocketUnderTest;
  let stage: DeployedStage;
  before(async () => {
    shared = await sharedStage();
    pocket = await pocketWith(articles(ITEMS), { keepsCalls: false });
    stage = stageOn(shared.ministack, pocket, 'backlog');
    await stage.mustDeploy();
  });
  after(async () => {
    await stage?.remove();
    await pocket?.close();
  });
  showLogOfFailures(() => shared?.ministack);

  it('is done by runs that go on by themselves, with one schedule at any time and none in the end', async () => {
    const { scheduler } = clientsFor(shared.ministack);
    const schedules = async () => {
      const { Schedules = [] } = await scheduler.send(
        new ListSchedulesCommand({ NamePrefix: 'readtime-tagger-backlog-' }),
      );
      return Schedules.map(({ Name }) => Name).sort();
    };
    const tagged = () => Object.values(pocket.tagsById()).filter(({ length }) => length === 1).length;
    const { result } = await stage.invoke({ mode: 'recent' });
    assert.deepEqual([result.tagged, result.stoppedBy], [MAX_CHANGES, 'limit']);
    assert.match(result.message, /it goes on by itself at/);
    const stops = [];
    for (let run = 1; run < RUNS; run += 1) {
      const before = await schedules();
      assert.equal(before.filter((name) => name?.endsWith('-continue')).length, 1, before.join());
      stops.push(tagged());
      const goal = Math.min(ITEMS, MAX_CHANGES * (run + 1));
      await until(`run ${run + 1} has tagged ${goal} items`, () => tagged() >= goal);
      const isLast = run + 1 === RUNS;
      await until('its end', async () => (await schedules()).includes(NAME) !== isLast);
    }
    assert.deepEqual([...stops, tagged()], [2000, 4000, ITEMS]);
    assert.deepEqual(await schedules(), ['readtime-tagger-backlog-full', 'readtime-tagger-backlog-recent']);
  });
});
