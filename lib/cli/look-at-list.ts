import type { Decision } from '../core/plan.ts';
import type { Summary } from '../core/summary.ts';
import { run } from '../run/run.ts';
import { readSettings } from '../settings.ts';
import { progressLine } from './progress.ts';

/** What a run would do. */
export type Look = {
  readonly summary: Summary;
  readonly decisions: readonly Decision[];
};

/** Goes through the reading list without writing, and keeps every decision. Rejects as `run` does. */
export async function lookAtList(
  event: { readonly mode?: 'recent' | 'full'; readonly limit?: number },
  { quiet }: { quiet: boolean },
): Promise<Look> {
  const progress = progressLine({ quiet });
  const decisions: Decision[] = [];
  const { env } = process;
  const summary = await run({
    request: { mode: 'recent', refetch: false, ...event, dryRun: true },
    settings: readSettings(env),
    env,
    onPage(page) {
      decisions.push(...page.decisions);
      progress.page(page);
    },
    onPageRead: () => progress.read(),
  }).finally(() => progress.end());
  return { summary, decisions };
}
