import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { readEvent } from '../../lib/run/event.ts';

const DEFAULTS = { mode: 'recent', dryRun: false, refetch: false };
const scheduled = {
  version: '0',
  id: 'x',
  'detail-type': 'Scheduled Event',
  source: 'aws.events',
  resources: [],
  detail: {},
};

describe('readEvent', () => {
  const rows: [why: string, event: unknown, gives: object][] = [
    ['nothing', undefined, DEFAULTS],
    ['null', null, DEFAULTS],
    ['what invoke local sends without --data', '', DEFAULTS],
    ['an empty object', {}, DEFAULTS],
    ['EventBridge’s own event', scheduled, DEFAULTS],
    ['the schedule’s input', { mode: 'full' }, { ...DEFAULTS, mode: 'full' }],
    [
      'all of it',
      { mode: 'untag', dryRun: true, limit: 50, refetch: true },
      { mode: 'untag', dryRun: true, limit: 50, refetch: true },
    ],
  ];
  for (const [why, event, gives] of rows)
    it(`understands ${why}`, () => assert.deepEqual(readEvent(event), gives));

  const refused: [why: string, event: unknown, names: RegExp][] = [
    [
      'a mode that does not exist',
      { mode: 'fast' },
      /"mode" is "fast"; .*"recent", "full", "untag", "check"$/,
    ],
    ['a mode that is no text', { mode: 1 }, /"mode" is 1;/],
    ['a dry run that is no boolean', { dryRun: 'yes' }, /"dryRun" is "yes"; .*true or false$/],
    ['a limit of nothing', { limit: 0 }, /"limit" is 0; .*above 0$/],
    ['half a limit', { limit: 1.5 }, /"limit" is 1.5;/],
    [
      'a misspelt field',
      { dryrun: true },
      /"dryrun" is not a field .* mode, dryRun, limit, refetch, continues$/,
    ],
    ['a text', 'full', /not a JSON object; .*\{\}/],
    ['a list', [], /not a JSON object;/],
  ];
  for (const [why, event, message] of refused) {
    it(`refuses ${why}, naming the field and what it takes`, () => {
      assert.throws(() => readEvent(event), { name: 'Failure', kind: 'settings', message });
    });
  }

  for (const file of globSync('test/events/*.json')) {
    it(`understands ${file}`, () => assert.ok(readEvent(JSON.parse(readFileSync(file, 'utf8')))));
  }
});
