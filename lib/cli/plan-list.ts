import { plannedRow } from '../core/plan.ts';
import { summarise } from '../core/summary.ts';
import { verifyFirstWrite } from '../reading-lists/verify-first-write.ts';
import { applyPlan } from '../run/apply-plan.ts';
import { type ExitStatus, statusOf } from './exit-status.ts';
import { type Look, lookAtList } from './look-at-list.ts';
import { ownList } from './own-list.ts';
import { planTable, totalsTable } from './plan-table.ts';
import { statusLine } from './status-line.ts';
import { printSummary } from './tag-list.ts';

export type PlanOptions = {
  readonly full?: boolean;
  readonly limit?: number;
  /** Apply without asking. */
  readonly yes?: boolean;
  /** Print the plan as JSON, and write nothing. */
  readonly json?: boolean;
};

/** Shows what a run would change, asks, and then writes just that. Rejects as `run` does. */
export async function planList({ full, limit, yes, json = false }: PlanOptions): Promise<ExitStatus> {
  const mode = full ? 'full' : 'recent';
  const look = await lookAtList({ mode, ...(limit !== undefined && { limit }) }, { quiet: json });
  const { settings } = ownList();
  const rows = look.decisions.map((decision) => plannedRow(decision, settings.rules));
  const changing = rows.filter((_, at) => look.decisions[at]?.kind === 'change');
  if (json) {
    console.log(JSON.stringify({ message: look.summary.message, changes: changing }));
    return statusOf(look.summary);
  }
  if (changing.length === 0) {
    console.log(look.summary.message);
    return statusOf(look.summary);
  }
  const tags = Object.keys(look.summary.backlog);
  const totals = totalsTable(rows, tags);
  console.log(`${planTable(changing, { tags })}\n\n${totals}\n\n${look.summary.message}`);
  const isWanted = yes || (await ask(changing.length));
  return isWanted ? apply(look) : 0;
}

async function ask(changes: number): Promise<boolean> {
  if (!process.stdin.isTTY) {
    console.log('Nothing is written: there is nobody to ask. `readtime plan --yes` applies the plan.');
    return false;
  }
  const { confirm } = await import('./confirm.ts');
  const isWanted = await confirm(`Write ${changes === 1 ? 'this change' : `these ${changes} changes`}?`);
  if (!isWanted) console.log('Nothing is written.');
  return isWanted;
}

async function apply({ decisions, summary }: Look): Promise<ExitStatus> {
  const startedAt = performance.now();
  const { settings, list, sent } = ownList();
  const { stoppedBy } = summary;
  const changes = decisions.filter(({ kind }) => kind === 'change').length;
  const progress = statusLine({ quiet: false, text: 'Writing' });
  const tally = await applyPlan(verifyFirstWrite(list), {
    decisions,
    rules: settings.rules,
    onWritten: (written) =>
      progress.text(`Wrote ${written.toLocaleString('en')} of ${changes.toLocaleString('en')} changes`),
  }).finally(() => progress.end());
  const done = summarise(tally, {
    mode: summary.mode,
    dryRun: false,
    requests: summary.requests + sent(),
    durationMs: summary.durationMs + Math.round(performance.now() - startedAt),
    ...(stoppedBy && { stoppedBy }),
  });
  printSummary(done, {});
  return statusOf(done);
}
