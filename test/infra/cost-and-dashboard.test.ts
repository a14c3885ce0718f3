import assert from 'node:assert/strict';
import { fixedCosts, ONE_SECRET } from '../../bench/fixed-costs.ts';
import { ALARMS, METRICS } from '../../bench/scale/cost.ts';
import { emptyTally, summarise } from '../../lib/core/summary.ts';
import { accountMetrics, alarmMetrics } from '../../lib/telemetry/lambda-telemetry.ts';
import { jsonTelemetry, type RunEvent } from '../../lib/telemetry/telemetry.ts';
import { ofType, type Properties, resource, type Template, templateFor } from '../helpers/template.ts';

const GOOD_RUN: RunEvent = {
  name: 'run-finished',
  summary: summarise(emptyTally(['short', 'long']), {
    mode: 'full',
    dryRun: false,
    requests: 1,
    durationMs: 1,
  }),
  throttled: 0,
  wholeList: true,
};

describe('a stage as it is recommended', () => {
  let template: Template;
  before(async () => {
    template = await templateFor(...ONE_SECRET);
  });

  it('costs half a dollar a month, and two dollars without what AWS gives for good', () => {
    const costs = fixedCosts(template, Object.keys(alarmMetrics(GOOD_RUN)).length);
    const sum = (of: 'usd' | 'usdWithAllowances') => costs.reduce((all, cost) => all + cost[of], 0);
    // What running the function adds is below 0.02: docs/cost.md.
    assert.ok(sum('usdWithAllowances') <= 0.48, JSON.stringify(costs));
    assert.ok(sum('usd') <= 1.98, JSON.stringify(costs));
  });

  it('has no dashboard, since a fourth one costs more than all the rest', () =>
    assert.deepEqual(ofType(template, 'AWS::CloudWatch::Dashboard'), []));
});

describe('a stage that serves accounts alone', () => {
  it('has as many alarms and metrics as `npm run bench:scale` counts, whatever the number of accounts', async () => {
    const template = await templateFor('--param=accounts=true', '--param=schedules=DISABLED');
    const failed: RunEvent = { name: 'run-failed', kind: 'unexpected-response', reason: '', isFirst: true };
    assert.equal(ofType(template, 'AWS::CloudWatch::Alarm').length, ALARMS);
    assert.equal(Object.keys(accountMetrics(failed)).length, METRICS);
  });
});

type Dashboard = {
  readonly body: string;
  readonly start: string | undefined;
  readonly widgets: readonly Properties[];
  readonly fillings: object;
};

async function dashboardOf(...args: readonly string[]): Promise<Dashboard> {
  const template = await templateFor('--param=dashboard=true', '--param=bands=short:3, long', ...args);
  const { DashboardBody } = resource(template, 'Dashboard', 'AWS::CloudWatch::Dashboard');
  const [body, fillings] = DashboardBody['Fn::Sub'];
  return { body, fillings, ...JSON.parse(body) };
}

const queriesIn = ({ widgets }: Dashboard): readonly string[] =>
  widgets.flatMap(({ type, properties }) => (type === 'log' ? [properties.query] : []));

const metricsIn = ({ widgets }: Dashboard): readonly string[] =>
  widgets.flatMap(({ type, properties }) =>
    type === 'metric' ? properties.metrics.map(([namespace, name]: string[]) => `${namespace} ${name}`) : [],
  );

describe('the dashboard of a stage that wants one', () => {
  let plain: Dashboard;
  let ofAccounts: Dashboard;
  before(async () => {
    plain = await dashboardOf();
    ofAccounts = await dashboardOf('--param=accounts=true');
  });

  const rows: [which: string, dashboard: () => Dashboard][] = [
    ['of one list', () => plain],
    ['of accounts, too', () => ofAccounts],
  ];
  for (const [which, dashboard] of rows) {
    it(`is drawn without overlap: ${which}`, () => {
      const { widgets } = dashboard();
      const places = widgets.map(({ x, y, width }) => `${x} ${y} ${x + width <= 24}`);
      assert.equal(new Set(places).size, widgets.length);
      assert.ok(places.every((place) => place.endsWith('true')));
    });

    it(`names the function and the queue of its stack: ${which}`, () => {
      const { body, fillings } = dashboard();
      const named = [...body.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
      assert.deepEqual([...new Set(named)].sort(), Object.keys(fillings).sort());
    });

    it(`asks the log of the function for fields that a run writes there: ${which}`, () => {
      const written = fieldsOfLog();
      for (const query of queriesIn(dashboard())) {
        assert.match(query, /^SOURCE '\/aws\/lambda\/\$\{Tagger\}' \| /);
        const asked = fieldsOfQuery(query);
        assert.ok(asked.length > 0, query);
        assert.deepEqual(
          asked.filter((field) => !written.has(field)),
          [],
          query,
        );
      }
    });
  }

  it('counts by the bands of the stage', () =>
    assert.ok(
      queriesIn(plain).some((query) => query.includes('sum(`byBand.short`), sum(`byBand.long`) by bin(1d)')),
    ));

  it('has metrics of AWS, and of its own only what an alarm needs anyway', () => {
    const own = (dashboard: Dashboard) => metricsIn(dashboard).filter((metric) => !metric.startsWith('AWS/'));
    assert.deepEqual(own(plain), ['readtime-tagger RunComplete']);
    assert.deepEqual(own(ofAccounts), ['readtime-tagger RunComplete', 'readtime-tagger AccountFailed']);
  });

  it('tells which accounts fail and which call most, of a day, by the log, where it names the account', () => {
    const title = ({ properties }: Properties) => properties.title;
    const titles = plain.widgets.map(title);
    assert.deepEqual(
      ofAccounts.widgets.map(title).filter((one) => !titles.includes(one)),
      [
        'Share of runs of accounts that fail',
        'Accounts whose latest run failed',
        'Accounts with the most calls',
      ],
    );
    const byAccount = queriesIn(ofAccounts).filter((query) => query.includes(' by account | '));
    assert.equal(byAccount.length, 2);
    for (const query of byAccount) assert.match(query, /filter [^|]*\bispresent\(account\) \| stats /);
    assert.deepEqual([ofAccounts.start, plain.start], ['-P1D', undefined]);
  });

  it('keeps lists of accounts from the backlog of the stage’s own', () => {
    const backlog = (dashboard: Dashboard) =>
      queriesIn(dashboard).find((query) => query.includes('latest(backlogItems)')) ?? '';
    assert.match(backlog(ofAccounts), / \| filter not ispresent\(account\) \| stats /);
    assert.doesNotMatch(backlog(plain), /account/);
  });
});

/** The fields of the log's lines, by the names that CloudWatch Logs Insights gives them. */
function fieldsOfLog(): ReadonlySet<string> {
  // `account` is in each line of a run of one.
  const fields = new Set(['@timestamp', '@message', 'account']);
  const { emit } = jsonTelemetry({}, (line) => {
    for (const [name, value] of Object.entries<unknown>(JSON.parse(line))) {
      fields.add(name);
      if (typeof value === 'object') for (const key of Object.keys(value ?? {})) fields.add(`${name}.${key}`);
    }
  });
  emit(GOOD_RUN);
  emit({ name: 'item-failed', itemId: '1', reason: 'refused' });
  emit({ name: 'run-failed', kind: 'unknown', reason: 'a bug' });
  return fields;
}

/** What a query counts, shows and filters by. */
function fieldsOfQuery(query: string): readonly string[] {
  const named = (pattern: RegExp) => [...query.matchAll(pattern)].map(([, name = '']) => name);
  const aliases = named(/ as (\w+)/g);
  return [
    ...named(/(?:sum|latest|ispresent)\(`?([^`)]+)`?\)/g),
    ...named(/display ([^|]+)/g).flatMap((names) => names.trim().split(', ')),
    ...named(/filter (@?\w+) (?:=|in|like)/g),
  ].filter((name) => !aliases.includes(name));
}
