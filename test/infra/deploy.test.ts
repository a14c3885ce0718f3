import assert from 'node:assert/strict';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { createSecrets, type DeployedStage, POCKET_SECRETS, stageOn } from '../helpers/deployed-stage.ts';
import { type MiniStack, showLogOfFailures, startMiniStack } from '../helpers/ministack.ts';
import { articles, type PocketUnderTest, pocketWith } from '../helpers/pocket.ts';
import { clientsFor } from './clients.ts';

/** In an account with nothing in it. */
describe('npm run deploy', () => {
  let ministack: MiniStack;
  let pocket: PocketUnderTest;
  let stage: DeployedStage;
  before(async () => {
    ministack = await startMiniStack();
    pocket = await pocketWith(articles(3));
    stage = stageOn(ministack, pocket);
  });
  beforeEach(() => ministack.reset());
  after(async () => {
    await ministack?.close();
    await pocket?.close();
  });
  showLogOfFailures(() => ministack);

  async function createsNothing(): Promise<void> {
    assert.equal(await stage.exists(), false);
    const { Buckets = [] } = await clientsFor(ministack).buckets.send(new ListBucketsCommand({}));
    assert.deepEqual(Buckets, []);
  }

  const rows: [
    why: string,
    secrets: Record<string, string>,
    args: string[],
    env: Record<string, string>,
    message: RegExp,
  ][] = [
    ['one secret is missing', { POCKET_KEY: 'x' }, [], {}, /created\.\nSecret "POCKET_TOKEN": not found/],
    [
      'the reading list refuses a secret',
      { ...POCKET_SECRETS, POCKET_TOKEN: 'wrong' },
      [],
      {},
      /The reading list: POST .*token is not valid/,
    ],
    [
      'the address of the reading list is missing',
      POCKET_SECRETS,
      [],
      { POCKET_API_URL: '' },
      /POCKET_API_URL: is not set/,
    ],
    ['the bands make no sense', POCKET_SECRETS, ['--param=bands=x:3'], {}, /BANDS "x:3": the last band/],
    [
      'the schedule is none',
      POCKET_SECRETS,
      ['--param=recentRate=hourly'],
      {},
      /recentRate "hourly": is not a rate/,
    ],
    [
      'a secret that it is to create exists',
      { 'prod/pocket/key': 'x', 'prod/pocket/token': 'y' },
      ['--param=createSecrets=true'],
      {},
      /Secret "prod\/pocket\/key": exists, but not in this stack/,
    ],
  ];
  for (const [why, secrets, args, more, message] of rows) {
    it(`says that ${why}, and creates nothing`, async () => {
      await createSecrets(ministack, secrets);
      const { status, stderr } = await stage.deploy(args, more);
      assert.equal(status, 1);
      assert.match(stderr, /^readtime deploy: nothing was created\./);
      assert.match(stderr, message);
      await createsNothing();
    });
  }

  it('only looks with --check', async () => {
    await createSecrets(ministack, POCKET_SECRETS);
    const { status, stdout, stderr } = await stage.deploy(['--check']);
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /Checked: the stage can be deployed\./);
    await createsNothing();
  });
});
