import assert from 'node:assert/strict';
import { checkStage } from '../../lib/deploy/check-stage.ts';
import { type Stage, stageArguments } from '../../lib/deploy/stage.ts';
import { type DeniedAws, startDeniedAws } from '../helpers/denied-aws.ts';
import { withEnvironment } from '../helpers/environment.ts';
import { articles, environmentFor, pocketWith } from '../helpers/pocket.ts';

describe('stageArguments', () => {
  const rows: [why: string, given: string[], expected: string[]][] = [
    ['none', [], []],
    ['the stage, written apart', ['--stage', 'prod'], ['--stage=prod']],
    ['short', ['-s', 'prod', '-r', 'eu-west-1'], ['--stage=prod', '--region=eu-west-1']],
    ['what only deploy knows is left out', ['--force', '--verbose', '--stage=prod'], ['--stage=prod']],
    ['each parameter', ['--param=a=1', '--param', 'b=2, 3'], ['--param=a=1', '--param=b=2, 3']],
    ['a profile', ['--aws-profile', 'home'], ['--aws-profile=home']],
  ];
  for (const [why, given, expected] of rows) it(why, () => assert.deepEqual(stageArguments(given), expected));
});

describe('checkStage, by an operator who may look at nothing in AWS', () => {
  let aws: DeniedAws;
  before(async () => {
    aws = await startDeniedAws();
  });
  after(() => aws?.close());

  const stageOf = (environment: Record<string, string>, more: Partial<Stage> = {}): Stage => ({
    name: 'prod',
    region: 'eu-central-1',
    environment: { ...environment, AWS_REGION: 'eu-central-1' },
    createdSecrets: [],
    existingSecrets: [],
    stackName: 'readtime-tagger-prod',
    functionName: 'readtime-tagger-prod-tagger',
    reservedConcurrency: undefined,
    schedules: ['readtime-tagger-prod-recent'],
    accountsGroup: undefined,
    servesAccountsAlone: false,
    ...more,
  });
  const looking = { isStandIn: true, allowPrivate: false };
  const checked = (stage: Stage, options = looking) =>
    withEnvironment(aws.env, () => checkStage(stage, options));

  it('asks for no list where a stage serves accounts alone, and looks at the settings that they share', async () => {
    const alone = { accountsGroup: 'readtime-tagger-prod-accounts', servesAccountsAlone: true };
    assert.deepEqual((await checked(stageOf({ ACCOUNTS: 'prod/accounts' }, alone))).problems, []);
    const { problems } = await checked(stageOf({ ACCOUNTS: 'prod/accounts', BANDS: 'x:9, y:3, z' }, alone));
    assert.match(problems.join(), /^BANDS .*"y:3" is out of order/);
  });

  it('finds nothing where the reading list accepts the secrets, and says in one note what was not looked at', async () => {
    const pocket = await pocketWith(articles(1));
    try {
      const stage = stageOf(environmentFor(pocket.server), { reservedConcurrency: 1 });
      const { problems, notes } = await checked(stage);
      assert.deepEqual(problems, []);
      assert.equal(notes.length, 1);
      assert.match(
        notes[0] ?? '',
        /^Not looked at, for want of a permission or an answer: .*lambda:GetAccountSettings \(AccessDeniedException\)/,
      );
      assert.match(notes[0] ?? '', /cloudformation:ListStackResources \(AccessDenied\)/);
    } finally {
      await pocket.close();
    }
  });

  it('takes secrets that it may not describe for those of the stack', async () => {
    const pocket = await pocketWith(articles(1));
    try {
      const stage = stageOf(environmentFor(pocket.server), { createdSecrets: ['prod/pocket/key'] });
      const { problems, notes, existingSecrets } = await checked(stage);
      assert.deepEqual([problems, existingSecrets], [[], []]);
      assert.match(notes.join(), /secretsmanager:DescribeSecret \(AccessDeniedException\)/);
    } finally {
      await pocket.close();
    }
  });

  it('refuses an address of this machine, unless AWS is on this machine too', async () => {
    const stage = stageOf({ POCKET_API_URL: 'http://127.0.0.1:9/v3', SECRETS_FROM: 'env', POCKET_KEY: 'k' });
    const { problems } = await checked(stage, { ...looking, isStandIn: false });
    assert.match(problems[0] ?? '', /^POCKET_API_URL: is an address of this machine/);
    assert.match(problems[1] ?? '', /POCKET_TOKEN/);
    const { problems: others } = await checked(stage);
    assert.doesNotMatch(others.join(), /this machine/);
    assert.match(others.join(), /POCKET_TOKEN/);
  });

  it('sends nothing to a reading list at a private address, unless it is allowed', async () => {
    // Whatever is sent to the name comes to this proxy on loopback.
    const proxy = await startDeniedAws();
    try {
      const secrets = { SECRETS_FROM: 'env', POCKET_KEY: 'k', POCKET_TOKEN: 't' };
      const stage = stageOf({ ...secrets, POCKET_API_URL: 'http://home.test/v3' });
      const looked: string[] = [];
      const lookup = async (name: string) => {
        looked.push(name);
        return ['192.168.1.20'];
      };
      const env = { ...aws.env, http_proxy: proxy.env.AWS_ENDPOINT_URL ?? '' };
      const { problems } = await withEnvironment(env, () => checkStage(stage, { ...looking, lookup }));
      assert.match(problems.join('\n'), /^POCKET_API_URL: is a name of a private address .*$/);
      assert.deepEqual([looked, proxy.requests()], [['home.test'], 0]);
      const allowed = { ...looking, allowPrivate: true, lookup };
      const { problems: others } = await withEnvironment(env, () => checkStage(stage, allowed));
      assert.match(others.join('\n'), /^The reading list: .*$/);
      assert.ok(proxy.requests() > 0);
    } finally {
      await proxy.close();
    }
  });

  it('tells of settings, addresses and secrets at once', async () => {
    const stage = stageOf({ BANDS: 'x:3', POCKET_API_URL: 'http://127.0.0.1:9/v3', SECRETS_FROM: 'env' });
    const { problems } = await checked(stage, { ...looking, isStandIn: false });
    assert.deepEqual(
      problems.map((problem) => problem.split(': ')[0]),
      ['BANDS "x:3"', 'POCKET_API_URL', 'Secret "POCKET_KEY"', 'Secret "POCKET_TOKEN"'],
    );
  });

  it('does not take secrets that AWS cannot be asked about for ones that are to be made', async () => {
    const nobody = await startDeniedAws();
    await nobody.close();
    const created = { createdSecrets: ['prod/pocket/key'] };
    const stage = stageOf({ POCKET_API_URL: 'http://127.0.0.1:9/v3', SECRETS_FROM: 'env' }, created);
    const { problems } = await withEnvironment(nobody.env, () => checkStage(stage, looking));
    assert.match(problems.join('\n'), /"prod\/pocket\/key": Secrets Manager .* cannot be reached/);
  });
});
