import type { Summary } from '../core/summary.ts';
import { readEvent } from '../run/event.ts';
import { run } from '../run/run.ts';
import type { Progress } from '../run/tag-unread.ts';
import { readSettings } from '../settings.ts';
import { type ExitStatus, statusOf } from './exit-status.ts';
import { interruption } from './interruption.ts';
import { progressLine } from './progress.ts';
import { bandTable, changeLine } from './run-report.ts';

export type Output = {
  /** The summary as JSON on standard output, and nothing else. */
  readonly json?: boolean;
  /** Nothing unless something is wrong. */
  readonly quiet?: boolean;
};

/** One run at a terminal. Ctrl-C ends it after the batch in hand, with its summary. Rejects as `run` does. */
export async function tagList(event: { readonly dryRun?: boolean }, output: Output): Promise<ExitStatus> {
  const { json = false, quiet = false } = output;
  const { env } = process;
  const options = { request: readEvent(event), settings: readSettings(env), env };
  const progress = progressLine({ quiet: quiet || json });
  const onPage = (page: Progress) => {
    progress.page(page);
    if (event.dryRun && !quiet && !json) printChanges(page.decisions, () => progress.clear());
  };
  const { signal: stop, forget } = interruption();
  const summary = await run({ ...options, onPage, onPageRead: () => progress.read(), stop }).finally(() => {
    progress.end();
    forget();
  });
  printSummary(summary, output);
  return statusOf(summary);
}

/** What a run did: as a table and a sentence, as JSON, or, where nobody is there to read, only what went wrong. */
export function printSummary(summary: Summary, { json = false, quiet = false }: Output): void {
  const isWrong = statusOf(summary) !== 0;
  if (json) console.log(JSON.stringify(summary));
  else if (quiet && isWrong) console.error(`readtime: ${summary.message}`);
  else if (!quiet) console.log(`\n${bandTable(summary)}\n\n${summary.message}`);
}

function printChanges(decisions: Progress['decisions'], clear: () => void): void {
  const lines = decisions.map(changeLine).filter((line) => line !== undefined);
  if (lines.length === 0) return;
  clear();
  console.log(lines.join('\n'));
}
