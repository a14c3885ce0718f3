/**
 * The body of the dashboard, which CloudWatch takes as a JSON string. CloudFormation replaces `${...}`.
 */
module.exports = async ({ resolveVariable }) => {
  const namespace = await resolveVariable('self:custom.metrics');
  const service = await resolveVariable('self:custom.name');
  return { body: JSON.stringify({ widgets: rows(widgetsOf(namespace, service)) }) };
};

/** Variables that CloudFormation replaces. */
const TAGGER = `\${Tagger}`;
const QUEUE = `\${Queue}`;
const REGION = `\${AWS::Region}`;

const HOUR_S = 3600;
const DAY_S = 86_400;

function widgetsOf(namespace, service) {
  const own = (name, stat = 'Sum', more = {}) => [namespace, name, 'service', service, { stat, ...more }];
  const lambda = (name, stat, more = {}) => ['AWS/Lambda', name, 'FunctionName', TAGGER, { stat, ...more }];
  // One line for each band or reason that has metrics.
  const each = (name, dimension) => [
    {
      expression: `SEARCH('{${namespace},${dimension},service} MetricName="${name}" service="${service}"', 'Sum', ${DAY_S})`,
      id: 'each',
    },
  ];
  return [
    graph('Runs and failures', HOUR_S, [
      lambda('Invocations', 'Sum', { label: 'runs' }),
      lambda('Errors', 'Sum', { label: 'failed' }),
      own('RunComplete', 'Sum', { label: 'complete' }),
    ]),
    graph('Items tagged, by band, a day', DAY_S, [each('ItemsTagged', 'band')]),
    graph('Items skipped, by reason, a day', DAY_S, [each('ItemsSkipped', 'reason')]),
    graph('Backlog: items', DAY_S, [own('BacklogItems', 'Maximum', { label: 'unread items with a tag' })]),
    graph('Backlog: hours', DAY_S, [
      own('BacklogMinutes', 'Maximum', { id: 'minutes', visible: false }),
      [{ expression: 'minutes / 60', label: 'hours of reading', id: 'hours' }],
    ]),
    graph('Duration: ms', HOUR_S, [
      lambda('Duration', 'Average', { label: 'average' }),
      lambda('Duration', 'Maximum', { label: 'longest' }),
    ]),
    graph('Calls to the reading list', HOUR_S, [
      own('Requests', 'Sum', { label: 'sent' }),
      own('Throttled', 'Sum', { label: 'refused by a limit' }),
    ]),
    graph('Items', HOUR_S, [
      own('ItemsListed', 'Sum', { label: 'looked at' }),
      own('ItemsFailed', 'Sum', { label: 'failed' }),
      [
        'AWS/SQS',
        'ApproximateNumberOfMessagesVisible',
        'QueueName',
        QUEUE,
        { stat: 'Maximum', label: 'given up' },
      ],
    ]),
    graph('What costs money, a day', DAY_S, [
      lambda('Duration', 'Sum', { label: 'billed time, ms' }),
      lambda('Invocations', 'Sum', { label: 'invocations' }),
      [
        'AWS/Logs',
        'IncomingBytes',
        'LogGroupName',
        `/aws/lambda/${TAGGER}`,
        { stat: 'Sum', label: 'log, bytes' },
      ],
    ]),
  ];
}

function graph(title, period, metrics) {
  return {
    type: 'metric',
    width: 8,
    height: 6,
    properties: { title, period, metrics, region: REGION, view: 'timeSeries', stacked: false },
  };
}

/** Positions the widgets, three in a row. */
function rows(widgets) {
  return widgets.map((widget, at) => ({ ...widget, x: 8 * (at % 3), y: 6 * Math.floor(at / 3) }));
}
