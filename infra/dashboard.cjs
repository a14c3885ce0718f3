/**
 * The body of the dashboard, which CloudWatch takes as a JSON string. CloudFormation replaces `${...}`. Its widgets ask
 * the log, where the line `run-finished` has every count of a run, and metrics that are there anyway. With accounts it
 * opens with the last day, in which each of them has had a run, failing ones, too.
 */
module.exports = async ({ resolveVariable }) => {
  const { DEFAULT_BANDS, list } = await import('../lib/bands.ts');
  const bands = (await resolveVariable(`param:bands, env:BANDS, ''`)) || DEFAULT_BANDS;
  const tags = list(String(bands)).map((band) => band.replace(/:\s*\d+$/, ''));
  const namespace = await resolveVariable('self:custom.metrics');
  const service = await resolveVariable('self:custom.name');
  const hasAccounts = String(await resolveVariable('param:accounts')) === 'true';
  const widgets = [
    ...widgetsOf({ namespace, service, tags, hasAccounts }),
    ...(hasAccounts ? accountWidgets({ namespace, service }) : []),
  ];
  return { body: JSON.stringify({ ...(hasAccounts && { start: '-P1D' }), widgets: rows(widgets) }) };
};

/** Variables that CloudFormation replaces. */
const TAGGER = `\${Tagger}`;
const QUEUE = `\${Queue}`;
const REGION = `\${AWS::Region}`;
const LOG_GROUP = `/aws/lambda/${TAGGER}`;

const HOUR_S = 3600;
const DAY_S = 86_400;

/** Runs that changed something: a dry run only says what it would. */
const RUNS = ['filter message = "run-finished"', 'filter @message like /"dryRun":false/'];

function widgetsOf({ namespace, service, tags, hasAccounts }) {
  const lambda = (name, stat, more = {}) => ['AWS/Lambda', name, 'FunctionName', TAGGER, { stat, ...more }];
  const given = ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'QueueName', QUEUE];
  return [
    graph('Runs and failures', HOUR_S, [
      lambda('Invocations', 'Sum', { label: 'runs' }),
      lambda('Errors', 'Sum', { label: 'failed' }),
      [namespace, 'RunComplete', 'service', service, { stat: 'Sum', label: 'complete' }],
      [...given, { stat: 'Maximum', label: 'events given up' }],
    ]),
    query('Items tagged, by band, a day', 'bar', [
      ...RUNS,
      `stats ${tags.map((tag) => `sum(${fieldOf(tag)})`).join(', ')} by bin(1d)`,
    ]),
    query('Backlog after runs that saw the whole list', 'timeSeries', [
      'filter ispresent(backlogItems)',
      ...(hasAccounts ? ['filter not ispresent(account)'] : []), // of the stage's own list
      'stats latest(backlogItems) as items, latest(backlogMinutes) / 60 as hours by bin(1d)',
    ]),
    query('Calls to the reading list', 'timeSeries', [
      ...RUNS,
      'stats sum(requests) as sent, sum(throttled) as refusedByALimit by bin(1h)',
    ]),
    query('Items', 'timeSeries', [
      ...RUNS,
      'stats sum(listed) as lookedAt, sum(tagged) as changed, sum(failed) as failures by bin(1h)',
    ]),
    graph('Duration: ms', HOUR_S, [
      lambda('Duration', 'Average', { label: 'average' }),
      lambda('Duration', 'Maximum', { label: 'longest' }),
    ]),
    // The sentence says why items have no known length.
    query('Runs', 'table', [
      ...RUNS,
      'display @timestamp, mode, complete, result',
      'sort @timestamp desc',
      'limit 20',
    ]),
    query('What went wrong', 'table', [
      'filter message in ["run-failed", "item-failed"]',
      'display @timestamp, message, kind, reason, itemId',
      'sort @timestamp desc',
      'limit 20',
    ]),
    graph('What costs money, a day', DAY_S, [
      lambda('Duration', 'Sum', { label: 'billed time, ms' }),
      lambda('Invocations', 'Sum', { label: 'invocations' }),
      ['AWS/Logs', 'IncomingBytes', 'LogGroupName', LOG_GROUP, { stat: 'Sum', label: 'log, bytes' }],
    ]),
  ];
}

/** The log names the account of a run; a metric for each would cost more than the rest of it. */
function accountWidgets({ namespace, service }) {
  return [
    graph('Share of runs of accounts that fail', HOUR_S, [
      [namespace, 'AccountFailed', 'service', service, { stat: 'Average', label: 'share' }],
    ]),
    query('Accounts whose latest run failed', 'table', [
      'filter message in ["run-finished", "run-failed"] and ispresent(account)',
      'stats latest(message) as last, latest(kind) as who, latest(reason) as why, max(@timestamp) as at by account',
      'filter last = "run-failed"',
      'sort at desc',
      'limit 100',
    ]),
    query('Accounts with the most calls', 'table', [
      ...RUNS,
      'filter ispresent(account)',
      'stats sum(requests) as calls, sum(listed) as lookedAt, sum(tagged) as changed by account',
      'sort calls desc',
      'limit 20',
    ]),
  ];
}

/** A count of `byBand` in a query: in backticks for its spaces, and with no variable in it. */
function fieldOf(tag) {
  return `\`byBand.${tag.replaceAll('`', '').replaceAll('${', '${!')}\``;
}

const SIZE = { width: 8, height: 6 };

function graph(title, period, metrics) {
  return {
    type: 'metric',
    ...SIZE,
    properties: { title, period, metrics, region: REGION, view: 'timeSeries', stacked: false },
  };
}

/** A query of CloudWatch Logs Insights over the function's log. */
function query(title, view, steps) {
  const text = [`SOURCE '${LOG_GROUP}'`, ...steps].join(' | ');
  return { type: 'log', ...SIZE, properties: { title, query: text, region: REGION, view } };
}

/** Positions the widgets, three in a row. */
function rows(widgets) {
  return widgets.map((widget, at) => ({ ...widget, x: 8 * (at % 3), y: 6 * Math.floor(at / 3) }));
}
