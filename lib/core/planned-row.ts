import { type Decision, managedTags, type PlanRules } from './plan.ts';

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

/** A decision as a row. */
export function plannedRow(decision: Decision, rules: PlanRules): PlannedRow {
  const { item } = decision;
  const owned = managedTags(rules);
  const { minutes, words, tag } = decision.kind === 'skip' ? {} : decision;
  return {
    id: item.id,
    title: item.title ?? item.url ?? item.id,
    ...(words !== undefined && { words }),
    ...(minutes !== undefined && { minutes }),
    from: item.tags.map(({ name }) => name).filter((name) => owned.includes(name)),
    ...(tag !== undefined && { to: tag }),
  };
}
