import * as z from 'zod';
import { Failure, joinSentences } from '../failure.ts';
import { isLikeToken } from '../secrets/get-secret.ts';

const COUNT = z.number().int().nonnegative();

const event = z.strictObject({
  mode: z.enum(['recent', 'full', 'untag', 'check']).default('recent'),
  dryRun: z.boolean().default(false),
  limit: z.number().int().positive().optional(),
  refetch: z.boolean().default(false),
  continues: z
    .strictObject({
      runs: COUNT.positive(),
      listed: COUNT,
      withoutProgress: COUNT,
      // What an account has used of its budget in the hour that they are in: see budget.ts.
      hour: z.strictObject({ began: z.iso.datetime(), ms: COUNT, calls: COUNT }).readonly().optional(),
    })
    .readonly()
    .optional(),
  account: z
    .string()
    .regex(/^[a-z0-9-]{1,48}$/)
    .optional(),
  shard: COUNT.positive().optional(),
  failingSince: z.iso.datetime().optional(),
});

/**
 * One run as the event or the command line requests it. `limit`: the maximum number of items to change. `refetch`:
 * read texts and pages again although their items have a band. Mode `check` only checks the secrets. `continues`: the
 * run goes on where others stopped; how many they were, the most items that one of them decided about, and how many in a
 * row have got no further. `account`: of many that a stage serves, the one whose list it is; `shard`: the number of the
 * secret that it is packed in with others; `failingSince`: every run of it has failed since then, ISO 8601.
 */
export type EventRequest = z.infer<typeof event>;

export type RunRequest = EventRequest | ItemsRequest;

/** One run over single items, of which a webhook has told. No event and no command asks for it. */
type ItemsRequest = Omit<EventRequest, 'mode'> & {
  readonly mode: 'items';
  readonly ids: readonly string[];
};

const EXPECTED: Readonly<Record<string, string>> = {
  mode: 'one of "recent", "full", "untag", "check"',
  dryRun: 'true or false',
  limit: 'a whole number above 0',
  refetch: 'true or false',
  continues: 'what a run that stopped has written, such as {"runs":1,"listed":2000,"withoutProgress":0}',
  account: 'the name of an account: 1 to 48 of a-z, 0-9 and -',
  shard: 'the number of a packed secret, above 0',
  failingSince: 'a time, such as "2026-11-20T10:00:00.000Z"',
};

/**
 * Parses the event of an invocation. No event, `""` and a scheduled event of EventBridge mean the defaults.
 * Throws a `Failure` of kind `settings` that names the invalid field.
 */
export function readEvent(given: unknown): EventRequest {
  const parsed = event.safeParse(isDefault(given) ? {} : given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => problemOf(issue, given));
  throw new Failure('settings', joinSentences(problems));
}

function isDefault(given: unknown): boolean {
  if (given === undefined || given === null || given === '') return true;
  return typeof given === 'object' && 'source' in given && 'detail-type' in given;
}

function problemOf(issue: z.core.$ZodIssue, given: unknown): string {
  const known = Object.keys(EXPECTED).join(', ');
  if (issue.code === 'unrecognized_keys') {
    return `Event: "${issue.keys.join('", "')}" is not a field of an event; the fields are ${known}`;
  }
  const field = String(issue.path[0] ?? '');
  const expected = EXPECTED[field];
  if (expected === undefined) return `Event: not a JSON object; send {} or one with the fields ${known}`;
  const value = JSON.stringify((given as Record<string, unknown>)[field]) ?? '';
  const shown = isLikeToken(value.replaceAll('"', '')) ? 'not shown, since it may be a secret' : value;
  return `Event: "${field}" is ${shown}; it has to be ${expected}`;
}
