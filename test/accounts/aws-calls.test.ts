import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { type AwsCall, rejectCall } from '../../lib/accounts/aws-calls.ts';
import { Failure, type FailureKind } from '../../lib/failure.ts';

const call: AwsCall = {
  subject: 'Account "anna"',
  service: 'EventBridge Scheduler',
  actions: ['scheduler:GetSchedule', 'scheduler:CreateSchedule'],
  resource: 'schedule/group/*',
  region: async () => 'eu-central-1',
  absent: 'no accounts here; deploy them',
};

describe('a call to AWS that fails', () => {
  type Row = [why: string, error: object, kind: FailureKind, said: RegExp, changed?: Partial<AwsCall>];
  const rows: Row[] = [
    [
      'what is missing is said, ready to be copied',
      { name: 'AccessDeniedException' },
      'settings',
      /access denied in eu-central-1; the role lacks {"Effect":"Allow","Action":\["scheduler:GetSchedule","scheduler:CreateSchedule"\],"Resource":"arn:aws:scheduler:eu-central-1:ACCOUNT:schedule\/group\/\*"}$/,
    ],
    [
      'a list is allowed of everything',
      { name: 'AccessDeniedException' },
      'settings',
      /"Resource":"\*"}$/,
      { resource: undefined },
    ],
    [
      'handing over a role is a permission of its own',
      { name: 'AccessDeniedException', message: 'not authorized to perform: iam:PassRole on S3CRET' },
      'settings',
      /the role lacks {"Effect":"Allow","Action":\["iam:PassRole"\]/,
    ],
    [
      'nothing of that name',
      { name: 'ResourceNotFoundException' },
      'settings',
      /^Account "anna": no accounts here; deploy them$/,
    ],
    [
      'too many schedules',
      { name: 'ServiceQuotaExceededException' },
      'unavailable',
      /a quota of EventBridge Scheduler in eu-central-1 is used up; ask for more under Service Quotas/,
    ],
    [
      'too many calls',
      { name: 'ThrottlingException' },
      'unavailable',
      /answered ThrottlingException; try again/,
    ],
    ['AWS fails', { name: 'X', $metadata: { httpStatusCode: 503 } }, 'unavailable', /answered X; try again/],
    [
      'no network',
      { name: 'Error', code: 'ECONNREFUSED' },
      'unavailable',
      /cannot be reached \(ECONNREFUSED\)/,
    ],
    ['no credentials of AWS', { name: 'CredentialsProviderError' }, 'settings', /aws sso login$/],
    [
      'no region',
      { name: 'Error', message: 'Region is missing' },
      'settings',
      /no AWS region is set/,
      { region: () => Promise.reject(new Error('none')) },
    ],
    [
      'what we sent is wrong',
      { name: 'ValidationException', message: 'S3CRET' },
      'unexpected-response',
      /EventBridge Scheduler answered ValidationException/,
    ],
  ];
  for (const [why, error, kind, said, changed] of rows)
    it(`is a failure that says the remedy: ${why}`, async () => {
      const failure = await rejectCall({ ...call, ...changed })(error).catch((one: unknown) => one);
      assert.ok(failure instanceof Failure);
      assert.equal(failure.kind, kind);
      assert.match(failure.message, said);
      assert.match(failure.message, /^Account "anna": /);
      assert.doesNotMatch(inspect(failure, { depth: 10, showHidden: true }), /S3CRET/);
    });

  it('stays the failure that it is', async () => {
    const failure = new Failure('credentials', 'said elsewhere');
    await assert.rejects(rejectCall(call)(failure), failure);
  });
});
