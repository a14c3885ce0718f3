import type { Summary } from '../../lib/core/summary.ts';
import { readEvent } from '../../lib/run/event.ts';
import { type RunOptions, run } from '../../lib/run/run.ts';
import { type Environment, readSettings } from '../../lib/settings.ts';

/** Makes one run with this event and environment. */
export async function runIn(
  env: Environment,
  event: unknown = {},
  options: Partial<RunOptions> = {},
): Promise<Summary> {
  const quiet = { LOG_LEVEL: 'WARN', ...env };
  return run({ request: readEvent(event), settings: readSettings(env), env: quiet, ...options });
}
