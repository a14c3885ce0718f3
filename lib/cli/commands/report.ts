import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { Failure, systemMessage } from '../../failure.ts';
import { reportFacts } from '../../report/report-facts.ts';
import { reportPage } from '../../report/report-page.ts';
import { withReadingList } from '../environment.ts';
import { type DryRun, dryRun } from '../open-list.ts';
import { type ListSource, type Program, type TimeLimit, withRefetch, withSample } from '../options.ts';
import type { ExitStatus } from '../view/run-result.ts';

type ReportOptions = ListSource &
  TimeLimit & { readonly out: string; readonly pages: boolean; readonly refetch?: boolean };

/** `readtime report` */
export function configure(command: Command, { onExit }: Program): void {
  command
    .description('the whole list as a page to look at: one file, which loads nothing from the network')
    .requiredOption('--out <FILE>', 'where to write it')
    .option('--no-pages', 'read no web page for a missing length');
  withRefetch(withSample(command)).action(async (options: ReportOptions) => onExit(await report(options)));
}

/** Writes the whole reading list as a page, for its owner's eyes only. Rejects as `run` does. */
async function report(options: ReportOptions): Promise<ExitStatus> {
  const noPages = options.pages ? {} : { FETCH_PAGES: 'false' };
  const { decisions, summary, settings } = await withReadingList(
    options,
    { quiet: true },
    (env, lengths): Promise<DryRun> =>
      dryRun(
        { ...env, ...noPages },
        { mode: 'full', refetch: options.refetch ?? false },
        { ...options, lengths, quiet: false },
      ),
  );
  const facts = reportFacts(decisions, settings.rules);
  try {
    writeFileSync(options.out, await reportPage(facts, { madeAt: new Date() }), { mode: 0o600 });
  } catch (error) {
    throw new Failure('settings', `Cannot write "${options.out}": ${systemMessage(error)}`);
  }
  console.log(`Wrote ${facts.items.length} items to "${options.out}".`);
  if (!summary.complete) console.error(`readtime: the report is of a part of the list. ${summary.message}`);
  return summary.complete ? 0 : 3;
}
