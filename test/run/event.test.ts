import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { Failure } from '../../lib/failure.ts';
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

  const refused: [why: string, event: unknown, message: string][] = [
    [
      'a mode nobody knows',
      { mode: 'fast' },
      'Event: "mode" is "fast"; it has to be one of "recent", "full", "untag", "check"',
    ],
    [
      'a mode that is no text',
      { mode: 1 },
      'Event: "mode" is 1; it has to be one of "recent", "full", "untag", "check"',
    ],
    [
      'a dry run that is no boolean',
      { dryRun: 'yes' },
      'Event: "dryRun" is "yes"; it has to be true or false',
    ],
    ['a limit of nothing', { limit: 0 }, 'Event: "limit" is 0; it has to be a whole number above 0'],
    ['half a limit', { limit: 1.5 }, 'Event: "limit" is 1.5; it has to be a whole number above 0'],
    [
      'a misspelt field',
      { dryrun: true },
      'Event: "dryrun" is not a field of an event; the fields are mode, dryRun, limit, refetch',
    ],
    [
      'a text',
      'full',
      'Event: not a JSON object; send {} or one with the fields mode, dryRun, limit, refetch',
    ],
    ['a list', [], 'Event: not a JSON object; send {} or one with the fields mode, dryRun, limit, refetch'],
  ];
  for (const [why, event, message] of refused) {
    it(`refuses ${why}, naming the field`, () => {
      assert.throws(
        () => readEvent(event),
        (error) => error instanceof Failure && error.kind === 'settings' && error.message === message,
      );
    });
  }

  for (const file of globSync('test/events/*.json')) {
    it(`understands ${file}`, () => assert.ok(readEvent(JSON.parse(readFileSync(file, 'utf8')))));
  }
});
