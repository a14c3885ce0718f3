import type { PageEvidence } from './estimate.ts';
import { type Decision, ownedTags, type PlanRules } from './plan.ts';

/** One item of a plan, as people look at it. */
export type PlannedRow = {
  readonly id: string;
  readonly title: string;
  readonly words?: number;
  readonly minutes?: number;
  /** Our tags on the item now. */
  readonly from: readonly string[];
  /** Our tag on the item afterwards. */
  readonly to?: string;
};

/** What pages were read, by URL. */
export type PagesRead = ReadonlyMap<string, PageEvidence>;

/** A decision as a row. Words are the service's, or else those of the page. */
export function plannedRow(decision: Decision, rules: PlanRules, pages: PagesRead): PlannedRow {
  const { item } = decision;
  const owned = ownedTags(rules);
  const words = item.words ?? wordsOf(item.url === undefined ? undefined : pages.get(item.url));
  const { minutes, tag } = decision.kind === 'skip' ? {} : decision;
  return {
    id: item.id,
    title: item.title ?? item.url ?? item.id,
    ...(words && { words }),
    ...(minutes !== undefined && { minutes }),
    from: item.tags.map(({ name }) => name).filter((name) => owned.includes(name)),
    ...(tag !== undefined && { to: tag }),
  };
}

function wordsOf(page: PageEvidence | undefined): number | undefined {
  return page?.known && page.words > 0 ? page.words : undefined;
}
