import assert from 'node:assert/strict';
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { showLogOfFailures } from '../helpers/ministack.ts';
import { CREDENTIALS } from '../helpers/pocket.ts';
import { until } from '../helpers/until.ts';
import { clientsFor } from './clients.ts';
import { type SharedStage, sharedStage } from './shared-stage.ts';

/**
 * MiniStack waits a second before the retry, Lambda a minute; and it always writes 3 as `approximateInvokeCount`.
 */
describe('an event whose run fails', () => {
  const event = { mode: 'full', limit: 3 };
  let shared: SharedStage;
  let given: Message | undefined;
  let startTime = 0;
  before(async () => {
    shared = await sharedStage();
    const { FailedEvents: QueueUrl } = await shared.stage.resources();
    shared.pocket.server.setCredentials({ ...CREDENTIALS, accessToken: 'revoked' });
    startTime = Date.now();
    await shared.stage.invokeAsync(event);
    const { queues } = clientsFor(shared.ministack);
    await until('the event is in the dead-letter queue', async () => {
      const { Messages = [] } = await queues.send(new ReceiveMessageCommand({ QueueUrl }));
      given = Messages.find(({ Body }) => Body?.includes('"limit": 3') || Body?.includes('"limit":3'));
      return given !== undefined;
    });
  });
  after(() => shared?.pocket.server.setCredentials(CREDENTIALS));
  showLogOfFailures(() => shared?.ministack);

  it('lies in the dead-letter queue, as it was, with the reason', () => {
    const { requestPayload, requestContext, responsePayload } = JSON.parse(given?.Body ?? '');
    assert.deepEqual([requestPayload, requestContext.condition], [event, 'RetriesExhausted']);
    assert.match(responsePayload.errorMessage, /POCKET_TOKEN/);
  });

  it('was tried twice', async () => {
    const { logs } = clientsFor(shared.ministack);
    const logGroupName = `/aws/lambda/${shared.stage.functionName}`;
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName, startTime }));
    const lines = events.map(({ message = '' }) => message).filter((line) => line.includes('"run-failed"'));
    assert.equal(lines.length, 2, lines.join('\n'));
  });
});
