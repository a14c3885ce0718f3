import assert from 'node:assert/strict';
import { PutMetricDataCommand, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { showLogOfFailures } from '../helpers/ministack.ts';
import { type Clients, clientsFor } from './clients.ts';
import { type SharedStage, sharedStage } from './shared-stage.ts';

/**
 * The alarms of accounts of a deployed stage, beside those of its own list. MiniStack counts a percentile of few, and
 * takes several periods for one: what CloudWatch makes of these is in account-alarm-rules.test.ts.
 */
describe('the alarms of accounts of a deployed stage', () => {
  let shared: SharedStage;
  let aws: Clients;
  let atFirst: Readonly<Record<string, string>>;
  before(async () => {
    shared = await sharedStage();
    aws = clientsFor(shared.ministack);
    atFirst = await states();
  });
  showLogOfFailures(() => shared?.ministack);

  /** By the end of their names. */
  async function states(): Promise<Readonly<Record<string, string>>> {
    const found: [string, string][] = [];
    for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client: aws.metrics }, {}))
      for (const { AlarmName = '', StateValue = '' } of MetricAlarms)
        found.push([AlarmName.replace('readtime-tagger-prod-', ''), StateValue]);
    return Object.fromEntries(found);
  }

  /** As CloudWatch takes them out of the log of a run of an account. */
  async function put(metrics: Readonly<Record<string, number>>): Promise<void> {
    const Dimensions = [{ Name: 'service', Value: 'readtime-tagger-prod' }];
    const MetricData = Object.entries(metrics).map(([MetricName, Value]) => ({
      MetricName,
      Value,
      Dimensions,
    }));
    await aws.metrics.send(new PutMetricDataCommand({ Namespace: 'readtime-tagger', MetricData }));
  }

  it('say that an account failed for a reason of ours, and those of the stage’s own list say nothing', async () => {
    await put({ AccountFailed: 1, UnexpectedResponse: 1 });
    assert.deepEqual(await states(), {
      ...atFirst,
      'accounts-failing': 'ALARM',
      'all-accounts-failing': 'ALARM',
      'account-unexpected-response': 'ALARM',
    });
  });

  it('end where the others do not fail', async () => {
    for (let account = 0; account < 10; account += 1) await put({ AccountFailed: 0 });
    assert.deepEqual(await states(), {
      ...atFirst,
      'accounts-failing': 'OK',
      'all-accounts-failing': 'OK',
      'account-unexpected-response': 'ALARM', // as long as the hour has one
    });
  });
});
