import type { Context } from 'aws-lambda';
import type { Summary } from './lib/core/summary.ts';
import { readEvent } from './lib/event.ts';
import { check, type Kept, run } from './lib/run.ts';
import type { SecretsCheck } from './lib/secrets/check-secrets.ts';

const kept: Kept = {};

/**
 * The tagger in Lambda. `event`: `{}`, `""` or a scheduled event for the defaults, else
 * `{ mode?: "recent" | "full" | "untag" | "check", dryRun?: boolean, limit?: number, refetch?: boolean }`.
 * Rejects with a `Failure` whose `kind` says who can put it right; a check tells what it found instead.
 */
export const handler = async (event: unknown, context?: Context): Promise<Summary | SecretsCheck> =>
  readEvent(event).mode === 'check' ? check({ context }) : run(event, { context, kept });
