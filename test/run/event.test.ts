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
      'the input of an account’s schedule',
      { account: 'anna-2', shard: 17, failingSince: '2026-11-20T10:00:00.000Z' },
      { ...DEFAULTS, account: 'anna-2', shard: 17, failingSince: '2026-11-20T10:00:00.000Z' },
    ],
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
      /"dryrun" is not a field .* mode, dryRun, limit, refetch, continues, account, shard, failingSince$/,
    ],
    ['an account of no such name', { account: 'Anna' }, /"account" is "Anna"; .* a-z, 0-9 and -$/],
    ['an account without a name', { account: '' }, /"account" is "";/],
    ['a name that is a path', { account: '../prod' }, /"account" is "..\/prod";/],
    ['a name that reads on', { account: 'anna\nben' }, /"account" is "anna\\nben";/],
    ['a name of 49 characters', { account: 'a'.repeat(49) }, /"account" is /],
    ['a shard before the first', { account: 'anna', shard: 0 }, /"shard" is 0; .*above 0$/],
    ['a time that is none', { account: 'anna', failingSince: 'Monday' }, /"failingSince" is "Monday";/],
    ['a token in the place of a name', { account: 'ak2_q7Zp3Lm9Xc1Vb5Nt8Wd4Rf' }, /is not shown, since/],
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
