import { type Command, Option } from 'commander';
import { formatNumber } from '../../core/format-number.ts';
import { type Decision, managedTags, plannedRow } from '../../core/plan.ts';
import { isChange, type StopReason, summarise, type Tally } from '../../core/summary.ts';
import { Failure } from '../../failure.ts';
import { SERVICES } from '../../reading-lists/services.ts';
import { verifyFirstWrite } from '../../reading-lists/verify-first-write.ts';
import { applyPlan } from '../../run/apply-plan.ts';
import { deadlinesOf } from '../../run/deadlines.ts';
import type { Settings } from '../../settings.ts';
import { type ListAtTerminal, readListEnvironment, withReadingList } from '../environment.ts';
import { withRunLock } from '../files/data-folder.ts';
import { endOfInput, interrupt, interruption, isPromptLeft } from '../interruption.ts';
import { eachList } from '../lists.ts';
import { openList } from '../open-list.ts';
import {
  contextOf,
  type ListSource,
  type Program,
  type TimeLimit,
  withLimit,
  withRefetch,
} from '../options.ts';
import { type DryRun, dryRun } from '../run-at-terminal.ts';
import { typedCommand, typedSource } from '../typed-command.ts';
import { jsonOf } from '../view/format.ts';
import { capitalsNotice, planTable, totalsTable } from '../view/planned-changes.ts';
import { statusLine, waitNotice } from '../view/progress.ts';
import { type ExitStatus, printSummary, sentencesOf, statusOf } from '../view/run-result.ts';
import { wrapped } from '../view/wrapped.ts';

/** Lines of the table that fit on a screen with the totals. */
const MAX_ROWS = 20;

type PlanOptions = ListSource &
  TimeLimit & {
    readonly full?: boolean;
    readonly limit?: number;
    readonly refetch?: boolean;
    /** Apply without asking. */
    readonly yes?: boolean;
    /** Show every change, not only the first. */
    readonly all?: boolean;
    /** Print the plan as JSON, and write nothing. */
    readonly json?: boolean;
  };

/** `readtime plan` */
export function configure(command: Command, { onExit }: Program): void {
  command
    .description('a table of what would change; asks, and then writes just that')
    .option('--full', 'every item, not only the newest')
    .option('--all', `every line of the table, not only the first ${MAX_ROWS}`)
    .option('--yes', 'write it without asking')
    .addOption(new Option('--json', 'the plan as JSON, and write nothing').conflicts('yes'));
  withRefetch(withLimit(command)).action(async (options: PlanOptions) =>
    onExit(await eachList(options, plan)),
  );
}

/** Shows what a run would change, asks, and then writes just that. Rejects as `run` does. */
async function plan(options: PlanOptions): Promise<ExitStatus> {
  return withReadingList(readListEnvironment(options), options, (list) => planIn(list, options));
}

async function planIn(
  list: ListAtTerminal,
  { full, limit, refetch = false, yes, all = false, json = false, ...source }: PlanOptions,
): Promise<ExitStatus> {
  const mode = full ? 'full' : 'recent';
  const { settings, notice } = list;
  if (notice && !json) console.log(notice);
  const planned = await dryRun(
    list,
    { mode, refetch, ...(limit !== undefined && { limit }) },
    { quiet: json, ...source },
  );
  const { summary, decisions } = planned;
  const changes = decisions.filter(isChange);
  if (json) console.log(jsonOf({ message: summary.message, changes: rowsOf(changes, settings) }, source));
  else printPlan(planned, { all, source, settings });
  if (planned.tellOffline(source.listName)) return 1;
  if (json || changes.length === 0) return statusOf(summary);
  if (!yes && !(await ask(changes.length, settings, source))) return 0;
  return withRunLock(source, () => apply(list, planned, source));
}

const rowsOf = (decisions: readonly Decision[], { rules }: Settings) =>
  decisions.map((decision) => plannedRow(decision, rules));

/** The totals first, then the first lines of what changes. */
function printPlan(
  { summary, decisions }: DryRun,
  { all, source, settings }: { all: boolean; source: ListSource; settings: Settings },
): void {
  const changes = rowsOf(decisions.filter(isChange), settings);
  const tags = Object.keys(summary.backlog);
  const ours = SERVICES[settings.readingList].ignoresCapitals ? managedTags(settings.rules) : [];
  const notice = capitalsNotice(decisions, ours);
  if (notice !== undefined) console.log(`${wrapped(notice)}\n`);
  const planned = rowsOf(decisions, settings);
  const retired = settings.rules.retiredTags.filter((tag) => planned.some(({ from }) => from.includes(tag)));
  if (changes.length > 0) console.log(`${totalsTable(planned, [...tags, ...retired])}\n`);
  console.log(sentencesOf(summary, source));
  if (changes.length === 0) return;
  const shown = all ? changes : changes.slice(0, MAX_ROWS);
  const left = changes.length - shown.length;
  console.log(`\n${planTable(shown, { tags })}${left > 0 ? `\n… ${formatNumber(left)} more (--all)` : ''}\n`);
}

async function ask(changes: number, { maxChanges }: Settings, source: ListSource): Promise<boolean> {
  if (!process.stdin.isTTY) {
    console.log(
      `Nothing is written: there is nobody to ask. \`${typedCommand()} plan --yes${typedSource(source)}\` applies the plan.`,
    );
    return false;
  }
  const toList = source.listName === undefined ? '' : ` to ${source.listName}`;
  const message = `Write ${whichOf(changes, maxChanges)}${toList}?`;
  const { default: confirm } = await import('@inquirer/confirm');
  const isConfirmed = await confirm({ message, default: false }, { signal: endOfInput() }).catch(
    (error: unknown) => {
      // Ctrl-C and Ctrl-D are a no, also to the lists to come.
      if (!isPromptLeft(error)) throw error;
      interrupt();
      return false;
    },
  );
  if (!isConfirmed) console.log('Nothing is written.');
  return isConfirmed;
}

function whichOf(changes: number, maxChanges: number): string {
  const [all, most] = [formatNumber(changes), formatNumber(maxChanges)];
  if (changes > maxChanges) return `the first ${most} of these ${all} changes (MAX_CHANGES)`;
  return changes === 1 ? 'this change' : `these ${all} changes`;
}

/** Writes the plan within a time of its own: how long somebody thought about it does not count. */
async function apply(
  listAtTerminal: ListAtTerminal,
  { decisions, summary }: DryRun,
  source: ListSource & TimeLimit,
): Promise<ExitStatus> {
  const startedAt = performance.now();
  const { settings } = listAtTerminal;
  const { list, sent } = await openList(listAtTerminal);
  const { maxChanges: limit } = settings;
  const changes = Math.min(limit, decisions.filter(isChange).length);
  const progress = statusLine({ quiet: false, text: 'Writing' });
  const { signal: stop, dispose } = interruption();
  const onWait = waitNotice(SERVICES[settings.readingList].title, progress);
  let latest: Tally | undefined;
  const { mode, total, newestOnly } = summary;
  const summaryOf = (tally: Tally, stoppedBy?: StopReason) =>
    summarise(total === undefined ? tally : { ...tally, total }, {
      mode,
      dryRun: false,
      ...(newestOnly && { newestOnly }),
      requests: summary.requests + sent(),
      durationMs: summary.durationMs + Math.round(performance.now() - startedAt),
      ...(stoppedBy && { stoppedBy }),
    });
  const { tally, stoppedBy } = await applyPlan(verifyFirstWrite(list), {
    decisions,
    limit,
    rules: settings.rules,
    deadlines: deadlinesOf({ context: contextOf(source), stop, onWait }),
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
  printSummary(done, source);
  return statusOf(done);
}
