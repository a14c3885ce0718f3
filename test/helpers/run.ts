import type { Summary } from '../../lib/core/summary.ts';
import { readEvent } from '../../lib/run/event.ts';
import { type RunOptions, run } from '../../lib/run/run.ts';
import { type Environment, readSettings } from '../../lib/settings.ts';

/** One run as an event and an environment ask for it. */
export async function runIn(
  env: Environment,
  event: unknown = {},
  options: Partial<RunOptions> = {},
): Promise<Summary> {
  const quiet = { LOG_LEVEL: 'WARN', ...env };
  return run({ request: readEvent(event), settings: readSettings(env), env: quiet, ...options });
}
