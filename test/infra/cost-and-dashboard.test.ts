import assert from 'node:assert/strict';
import { fixedCosts, ONE_SECRET } from '../../bench/fixed-costs.ts';
import { emptyTally, summarise } from '../../lib/core/summary.ts';
import { alarmMetrics } from '../../lib/telemetry/lambda-telemetry.ts';
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

describe('the dashboard of a stage that wants one', () => {
  let body: string;
  let fillings: object;
  let widgets: readonly Properties[];
  before(async () => {
    const template = await templateFor('--param=dashboard=true', '--param=bands=short:3, long');
    const { DashboardBody } = resource(template, 'Dashboard', 'AWS::CloudWatch::Dashboard');
    [body, fillings] = DashboardBody['Fn::Sub'];
    ({ widgets } = JSON.parse(body));
  });

  it('is drawn without overlap', () => {
    const places = widgets.map(({ x, y, width }) => `${x} ${y} ${x + width <= 24}`);
    assert.equal(new Set(places).size, widgets.length);
    assert.ok(places.every((place) => place.endsWith('true')));
  });

  it('names the function and the queue of its stack', () => {
    const named = [...body.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
    assert.deepEqual([...new Set(named)].sort(), Object.keys(fillings).sort());
  });

  it('asks the log of the function for fields that a run writes there, by the bands of the stage', () => {
    const queries = widgets.flatMap(({ type, properties }) =>
      type === 'log' ? [properties.query as string] : [],
    );
    assert.ok(queries.length >= 5);
    const written = fieldsOfLog();
    for (const query of queries) {
      assert.match(query, /^SOURCE '\/aws\/lambda\/\$\{Tagger\}' \| /);
      const asked = fieldsOfQuery(query);
      assert.ok(asked.length > 0, query);
      assert.deepEqual(
        asked.filter((field) => !written.has(field)),
        [],
        query,
      );
    }
    assert.ok(queries.some((query) => query.includes('sum(`byBand.short`), sum(`byBand.long`) by bin(1d)')));
  });

  it('has metrics of AWS, and one of its own that an alarm needs anyway', () => {
    const metrics = widgets.flatMap(({ type, properties }) =>
      type === 'metric'
        ? properties.metrics.map(([namespace, name]: string[]) => `${namespace} ${name}`)
        : [],
    );
    const own = metrics.filter((metric) => !metric.startsWith('AWS/'));
    assert.deepEqual(own, ['readtime-tagger RunComplete']);
  });
});

/** The fields of the log's lines, by the names that CloudWatch Logs Insights gives them. */
function fieldsOfLog(): ReadonlySet<string> {
  const fields = new Set(['@timestamp', '@message']);
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
  return [
    ...named(/(?:sum|latest|ispresent)\(`?([^`)]+)`?\)/g),
    ...named(/display ([^|]+)/g).flatMap((names) => names.trim().split(', ')),
    ...named(/filter (@?\w+) (?:=|in|like)/g),
  ];
}
