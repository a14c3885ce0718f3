import assert from 'node:assert/strict';
import { createSecrets, type DeployedStage, POCKET_SECRETS, stageOn } from '../helpers/deployed-stage.ts';
import { type MiniStack, showLogOfFailures, startMiniStack } from '../helpers/ministack.ts';
import { articles, type PocketUnderTest, pocketWith } from '../helpers/pocket.ts';

describe('the deployed function', () => {
  let ministack: MiniStack;
  let pocket: PocketUnderTest;
  let stage: DeployedStage;
  before(async () => {
    ministack = await startMiniStack();
    pocket = await pocketWith(articles(3));
    await createSecrets(ministack, POCKET_SECRETS);
    stage = stageOn(ministack, pocket);
    await stage.mustDeploy();
  });
  after(async () => {
    await ministack?.close();
    await pocket?.close();
  });
  showLogOfFailures(() => ministack);

  it('tags items with secrets that it reads as its own role', async () => {
    const { error, result } = await stage.invoke({ mode: 'full' });
    assert.deepEqual([error, result.complete, result.tagged], [undefined, true, 3], JSON.stringify(result));
    assert.deepEqual(Object.values(pocket.tagsById()), Array(3).fill(['a quick read']));
  });
});
