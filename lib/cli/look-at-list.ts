import type { Decision } from '../core/plan.ts';
import type { Summary } from '../core/summary.ts';
import { run } from '../run/run.ts';
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
  const summary = await run(
    { ...event, dryRun: true },
    {
      onPage(page) {
        decisions.push(...page.decisions);
        progress.page(page);
      },
      onRead: () => progress.read(),
    },
  ).finally(() => progress.end());
  return { summary, decisions };
}
