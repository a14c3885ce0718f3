import { type Command, Option } from 'commander';
import { managedTags, plannedRow } from '../../core/plan.ts';
import { type StopReason, summarise, type Tally } from '../../core/summary.ts';
import { Failure } from '../../failure.ts';
import type { Lengths } from '../../lengths/lengths.ts';
import { SERVICES } from '../../reading-lists/services.ts';
import { verifyFirstWrite } from '../../reading-lists/verify-first-write.ts';
import { applyPlan } from '../../run/apply-plan.ts';
import { deadlinesOf } from '../../run/run.ts';
import type { Environment } from '../../settings.ts';
import { withRunLock } from '../data-folder.ts';
import { withReadingList } from '../environment.ts';
import { endOfInput, interruption, isPromptLeft } from '../interruption.ts';
import { type DryRun, dryRun, openList } from '../open-list.ts';
import {
  contextOf,
  type ListSource,
  type Program,
  type TimeLimit,
  withLimit,
  withRefetch,
} from '../options.ts';
import { formatNumber } from '../view/format.ts';
import { capitalsNotice, planTable, totalsTable } from '../view/planned-changes.ts';
import { statusLine, waitNotice } from '../view/progress.ts';
import { type ExitStatus, printSummary, statusOf } from '../view/run-result.ts';

type PlanOptions = ListSource &
  TimeLimit & {
    readonly full?: boolean;
    readonly limit?: number;
    readonly refetch?: boolean;
    /** Apply without asking. */
    readonly yes?: boolean;
    /** Print the plan as JSON, and write nothing. */
    readonly json?: boolean;
  };

/** `readtime plan` */
export function configure(command: Command, { onExit }: Program): void {
  command
    .description('a table of what would change; asks, and then writes just that')
    .option('--full', 'every item, not only the newest')
    .option('--yes', 'write it without asking')
    .addOption(new Option('--json', 'the plan as JSON, and write nothing').conflicts('yes'));
  withRefetch(withLimit(command)).action(async (options: PlanOptions) => onExit(await plan(options)));
}

/** Shows what a run would change, asks, and then writes just that. Rejects as `run` does. */
async function plan(options: PlanOptions): Promise<ExitStatus> {
  const { json: quiet = false } = options;
  return withReadingList(options, { quiet }, (env, lengths) => planIn(env, lengths, options));
}

async function planIn(
  env: Environment,
  lengths: Lengths | undefined,
  { full, limit, refetch = false, yes, json = false, ...time }: PlanOptions,
): Promise<ExitStatus> {
  const mode = full ? 'full' : 'recent';
  const planned = await dryRun(
    env,
    { mode, refetch, ...(limit !== undefined && { limit }) },
    { quiet: json, lengths, ...time },
  );
  const { summary, decisions, settings } = planned;
  const rows = decisions.map((decision) => plannedRow(decision, settings.rules));
  const changes = rows.filter((_, at) => decisions[at]?.kind === 'change');
  if (json) console.log(JSON.stringify({ message: summary.message, changes }));
  else if (changes.length === 0) console.log(summary.message);
  const ours = SERVICES[settings.readingList].ignoresCapitals ? managedTags(settings.rules) : [];
  const notice = capitalsNotice(decisions, ours);
  if (!json && notice !== undefined) console.log(`${notice}\n`);
  if (json || changes.length === 0) return statusOf(summary);
  const tags = Object.keys(summary.backlog);
  console.log(`${planTable(changes, { tags })}\n\n${totalsTable(rows, tags)}\n\n${summary.message}`);
  if (!yes && !(await ask(changes.length))) return 0;
  return withRunLock(time, () => apply(env, planned, time));
}

async function ask(changes: number): Promise<boolean> {
  if (!process.stdin.isTTY) {
    console.log('Nothing is written: there is nobody to ask. `readtime plan --yes` applies the plan.');
    return false;
  }
  const message = `Write ${changes === 1 ? 'this change' : `these ${changes} changes`}?`;
  const { default: confirm } = await import('@inquirer/confirm');
  const isConfirmed = await confirm({ message, default: false }, { signal: endOfInput() }).catch(
    (error: unknown) => {
      // Ctrl-C and Ctrl-D are a no.
      if (isPromptLeft(error)) return false;
      throw error;
    },
  );
  if (!isConfirmed) console.log('Nothing is written.');
  return isConfirmed;
}

/** Writes the plan within a time of its own: how long somebody thought about it does not count. */
async function apply(env: Environment, { decisions, summary }: DryRun, time: TimeLimit): Promise<ExitStatus> {
  const startedAt = performance.now();
  const { settings, list, sent } = openList(env);
  const changes = decisions.filter(({ kind }) => kind === 'change').length;
  const progress = statusLine({ quiet: false, text: 'Writing' });
  const { signal: stop, dispose } = interruption();
  const onWait = waitNotice(SERVICES[settings.readingList].title, progress);
  let latest: Tally | undefined;
  const summaryOf = (tally: Tally, stoppedBy?: StopReason) =>
    summarise(tally, {
      mode: summary.mode,
      dryRun: false,
      requests: summary.requests + sent(),
      durationMs: summary.durationMs + Math.round(performance.now() - startedAt),
      ...(stoppedBy && { stoppedBy }),
    });
  const { tally, stoppedBy } = await applyPlan(verifyFirstWrite(list), {
    decisions,
    rules: settings.rules,
    deadlines: deadlinesOf({ context: contextOf(time), stop, onWait }),
    onCount(tally) {
      latest = tally;
      const written = tally.tagged + tally.untagged + tally.gone + tally.failed.count;
      progress.text(`Wrote ${formatNumber(written)} of ${formatNumber(changes)} changes`);
    },
  })
    .catch((error: unknown) => {
      throw error instanceof Failure && latest ? error.after(summaryOf(latest, 'failure')) : error;
    })
    .finally(() => {
      progress.end();
      dispose();
    });
  const done = summaryOf(tally, stoppedBy ?? summary.stoppedBy);
  printSummary(done, {});
  return statusOf(done);
}
