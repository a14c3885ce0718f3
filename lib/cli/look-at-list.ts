import type { PageEvidence } from '../core/estimate.ts';
import type { Decision } from '../core/plan.ts';
import type { PagesRead } from '../core/planned-row.ts';
import type { Summary } from '../core/summary.ts';
import { run } from '../run.ts';
import { progressLine } from './progress.ts';

/** What a run would do, and what it went by. */
export type Look = {
  readonly summary: Summary;
  readonly decisions: readonly Decision[];
  readonly pages: PagesRead;
};

/** Goes through the reading list without writing, and keeps every decision. Rejects as `run` does. */
export async function lookAtList(
  event: { readonly mode?: 'recent' | 'full'; readonly limit?: number },
  { quiet }: { quiet: boolean },
): Promise<Look> {
  const progress = progressLine({ quiet });
  const decisions: Decision[] = [];
  const pages = new Map<string, PageEvidence>();
  const summary = await run(
    { ...event, dryRun: true },
    {
      onPage(page) {
        decisions.push(...page.decisions);
        progress.page(page);
      },
      onRead(url, evidence) {
        pages.set(url, evidence);
        progress.read();
      },
    },
  ).finally(() => progress.end());
  return { summary, decisions, pages };
}
