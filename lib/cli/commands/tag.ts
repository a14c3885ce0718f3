import type { Command } from 'commander';
import type { Decision } from '../../core/plan.ts';
import type { RunRequest } from '../../run/event.ts';
import { type ListAtTerminal, readListEnvironment, withReadingList } from '../environment.ts';
import { withRunLock } from '../files/data-folder.ts';
import { interruption } from '../interruption.ts';
import { eachList } from '../lists.ts';
import {
  contextOf,
  HIGHEST_MAX_MINUTES,
  type ListSource,
  type Output,
  type Program,
  type TimeLimit,
  withLimit,
  withOutput,
  withRefetch,
  withUntilDone,
} from '../options.ts';
import { runAtTerminal } from '../run-at-terminal.ts';
import { untilDone } from '../until-done.ts';
import { dryRunLine } from '../view/planned-changes.ts';
import { type ExitStatus, printSummary, statusOf } from '../view/run-result.ts';

/** What `tag` and `untag` take. */
export type TagOptions = ListSource &
  Output &
  TimeLimit & {
    readonly dryRun?: boolean;
    readonly limit?: number;
    readonly refetch?: boolean;
    readonly untilDone?: boolean;
  };

/** `readtime tag` */
export function configure(command: Command, { onExit }: Program): void {
  command
    .description('tag unread items by read time: the newest, or with --full all of them')
    .option('--dry-run', 'list what would change, and write nothing')
    .option('--full', 'every item, not only the newest');
  withOutput(withRefetch(withUntilDone(withLimit(command)))).action(
    async (options: TagOptions & { full?: boolean }) =>
      onExit(await eachList(options, (one) => tag(options.full ? 'full' : 'recent', one))),
  );
}

/** Tags the unread items, or removes our tags. Rejects as `run` does. */
export async function tag(mode: 'recent' | 'full' | 'untag', given: TagOptions): Promise<ExitStatus> {
  const options = given.untilDone ? { maxMinutes: HIGHEST_MAX_MINUTES, ...given } : given;
  const { dryRun = false, refetch = false, limit } = options;
  const request = { mode, dryRun, refetch, ...(limit !== undefined && { limit }) };
  // Before the lock, which makes a folder where there is none.
  const env = readListEnvironment(options);
  return whereItMayWrite(request, options, () =>
    withReadingList(env, options, (list) => tagList(list, request, options)),
  );
}

/** Calls `work`, which makes a run; where that writes, or makes a new sample, no other may write at the same time. */
export function whereItMayWrite(
  { dryRun }: Pick<RunRequest, 'dryRun'>,
  options: Output & TimeLimit & ListSource,
  work: () => Promise<ExitStatus>,
): Promise<ExitStatus> {
  return dryRun && !options.fresh ? work() : withRunLock(options, work);
}

/** One run at a terminal. Ctrl-C ends it after the batch in hand, with its summary. Rejects as `run` does. */
export async function tagList(
  list: ListAtTerminal,
  request: RunRequest,
  { untilDone: isUntilDone, ...output }: Output & ListSource & TimeLimit & { readonly untilDone?: boolean },
): Promise<ExitStatus> {
  const quiet = Boolean(output.json || output.quiet);
  if (list.notice && !quiet) console.log(list.notice);
  const { signal: stop, dispose } = interruption();
  const context = contextOf(output);
  const run = (request: RunRequest) =>
    runAtTerminal(list, request, {
      context,
      quiet,
      stop,
      onPage({ decisions }, clear) {
        if (request.dryRun && !quiet) printChanges(decisions, clear);
      },
    });
  const { summary, tellOffline } = await (isUntilDone ? untilDone(request, run) : run(request)).finally(
    dispose,
  );
  printSummary(summary, output);
  return tellOffline(output.listName) ? 1 : statusOf(summary);
}

function printChanges(decisions: readonly Decision[], clear: () => void): void {
  const lines = decisions.map(dryRunLine).filter((line) => line !== undefined);
  if (lines.length === 0) return;
  clear();
  console.log(lines.join('\n'));
}
