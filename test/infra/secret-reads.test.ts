import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import {
  DescribeRuleCommand,
  EventBridgeClient,
  ListTargetsByRuleCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { createSecrets, type DeployedStage, stageOn } from '../helpers/deployed-stage.ts';
import { type MiniStack, showLogOfFailures, startMiniStack } from '../helpers/ministack.ts';
import { articles, CREDENTIALS, type PocketUnderTest, pocketWith } from '../helpers/pocket.ts';

const ACCOUNT = '123456789012';
const RULE = 'readtime-tagger-prod-secret-reads';
const secretArn = (name: string) => `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:${name}`;

/** A session of a role, as CloudTrail writes it. */
const session = (role: string, account = ACCOUNT) => ({
  type: 'AssumedRole',
  principalId: 'AROAEXAMPLE:session',
  arn: `arn:aws:sts::${account}:assumed-role/${role.split('/').at(-1)}/session`,
  accountId: account,
  accessKeyId: 'ASIAEXAMPLE',
  sessionContext: {
    sessionIssuer: {
      type: 'Role',
      principalId: 'AROAEXAMPLE',
      arn: `arn:aws:iam::${account}:role/${role}`,
      accountId: account,
      userName: role.split('/').at(-1),
    },
    attributes: { creationDate: '2026-11-27T10:00:00Z', mfaAuthenticated: 'false' },
  },
});
const user = (name: string) => ({
  type: 'IAMUser',
  principalId: 'AIDAEXAMPLE',
  arn: `arn:aws:iam::${ACCOUNT}:user/${name}`,
  accountId: ACCOUNT,
  accessKeyId: 'AKIAEXAMPLE',
  userName: name,
});
const root = {
  type: 'Root',
  principalId: ACCOUNT,
  arn: `arn:aws:iam::${ACCOUNT}:root`,
  accountId: ACCOUNT,
  accessKeyId: 'ASIAEXAMPLE',
  sessionContext: { attributes: { creationDate: '2026-11-27T10:00:00Z', mfaAuthenticated: 'true' } },
};
const otherAccount = { type: 'AWSAccount', principalId: 'AIDAEXAMPLE', accountId: '111122223333' };

/** The event that EventBridge gets of a call of Secrets Manager. */
const callOf = (userIdentity: object, secretId: string, eventName = 'GetSecretValue') => ({
  version: '0',
  id: '7bf73129-1428-4cd3-a780-95db273d1602',
  'detail-type': 'AWS API Call via CloudTrail',
  source: 'aws.secretsmanager',
  account: ACCOUNT,
  time: '2026-11-27T10:00:01Z',
  region: 'eu-central-1',
  resources: [],
  detail: {
    eventVersion: '1.11',
    userIdentity,
    eventTime: '2026-11-27T10:00:00Z',
    eventSource: 'secretsmanager.amazonaws.com',
    eventName,
    awsRegion: 'eu-central-1',
    sourceIPAddress: '203.0.113.7',
    userAgent: 'aws-cli/2.31.0',
    requestParameters: { secretId },
    responseElements: null,
    requestID: '01f9ee20-6cbf-4d6c-8b4c-1b1c5e4d5c1a',
    eventID: '2f8a8b5e-8d5e-4f3d-9d0b-6f4f2f6a4c11',
    readOnly: true,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: 'Management',
  },
});

/** That the rule fires and that the mail comes is for AWS to show: MiniStack gives EventBridge no events of CloudTrail. */
describe('a stage with watchSecrets', () => {
  let ministack: MiniStack;
  let pocket: PocketUnderTest;
  let stage: DeployedStage;
  let events: EventBridgeClient;
  let pattern: string;
  before(async () => {
    ministack = await startMiniStack();
    pocket = await pocketWith(articles(1));
    events = new EventBridgeClient(ministack.client);
    stage = stageOn(ministack, pocket);
    await createSecrets(ministack, {
      'prod/pocket': JSON.stringify({ key: CREDENTIALS.consumerKey, token: CREDENTIALS.accessToken }),
    });
    await stage.mustDeploy([
      '--param=pocketKeySecret=prod/pocket#key',
      '--param=pocketTokenSecret=prod/pocket#token',
      '--param=watchSecrets=true',
      '--param=operatorRole=Operator',
    ]);
    pattern = (await events.send(new DescribeRuleCommand({ Name: RULE }))).EventPattern ?? '';
  });
  after(async () => {
    await ministack?.close();
    await pocket?.close();
  });
  showLogOfFailures(() => ministack);

  it('has a rule for calls that only read, which mails to the topic of the alarms', async () => {
    const { State } = await events.send(new DescribeRuleCommand({ Name: RULE }));
    assert.equal(State, 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS');
    const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule: RULE }));
    const { Alarms } = await stage.resources();
    assert.deepEqual(
      Targets.map(({ Arn }) => Arn),
      [Alarms],
    );
  });

  const OURS = 'prod/pocket';
  const rows: [why: string, event: (role: string) => object, isTold: boolean][] = [
    ['the function itself', (role) => callOf(session(role), OURS), false],
    ['the operator', () => callOf(session('Operator'), OURS), false],
    ['the role of somebody else', () => callOf(session('Intern'), OURS), true],
    ['a role of that name in another account', () => callOf(session('Operator', '111122223333'), OURS), true],
    ['a role of that name on another path', () => callOf(session('team/Operator'), OURS), true],
    ['a user', () => callOf(user('intern'), OURS), true],
    ['a user that is called like the operator', () => callOf(user('Operator'), OURS), true],
    ['root, whose session has no issuer', () => callOf(root, OURS), true],
    ['another account, of which only the number is said', () => callOf(otherAccount, OURS), true],
    ['the secret named by its ARN', () => callOf(user('intern'), secretArn(`${OURS}-AbC123`)), true],
    ['the secret named by its ARN without an end', () => callOf(user('intern'), secretArn(OURS)), true],
    ['another secret', () => callOf(user('intern'), 'prod/other'), false],
    ['another secret whose name begins alike', () => callOf(user('intern'), 'prod/pocket2'), false],
    ['the ARN of such a one', () => callOf(user('intern'), secretArn('prod/pocket2-AbC123')), false],
    ['that the secret is looked at, not read', () => callOf(user('intern'), OURS, 'DescribeSecret'), false],
  ];
  for (const [why, event, isTold] of rows)
    it(`${isTold ? 'tells' : 'does not tell'} of ${why}`, async () => {
      const { TaggerRole = '' } = await stage.resources();
      const Event = JSON.stringify(event(TaggerRole));
      const { Result } = await events.send(new TestEventPatternCommand({ EventPattern: pattern, Event }));
      assert.equal(Result, isTold);
    });
});

describe('operatorRole', () => {
  const patternOf = createRequire(import.meta.url)('../../infra/secret-reads.cjs');
  const resolve = (operator: string) => async (address: string) => {
    if (address.startsWith('param:operatorRole')) return operator;
    return { 'param:readingList': 'pocket', 'self:provider.region': 'eu-central-1' }[address] ?? '';
  };
  const known = async (operator: string) =>
    (await patternOf({ resolveVariable: resolve(operator) })).pattern.detail.$or[1].userIdentity.arn[0][
      'anything-but'
    ].slice(1);

  const arns: [why: string, operator: string, arn: unknown][] = [
    ['nobody', '', []],
    ['a role by name', 'Admin', [{ 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/Admin` }]],
    ...[
      'arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_Admin_0123456789abcdef',
      'arn:aws:iam::123456789012:user/me',
    ].map((arn): [string, string, unknown] => ['what has this ARN', arn, [arn]]),
  ];
  for (const [why, operator, arn] of arns)
    it(`is ${why}: "${operator}"`, async () => assert.deepEqual(await known(operator), arn));

  for (const operator of ['*', 'a b', 'arn:aws:iam::123456789012:role/*', 'arn:aws:s3:::bucket'])
    it(`is refused where it would let anybody, or nobody, in: "${operator}"`, () =>
      assert.rejects(known(operator), {
        message: /^operatorRole ".*": is neither the name of a role nor an ARN/,
      }));
});
