import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { formatItems, formatNumber } from '../../core/format-number.ts';
import { Failure, systemMessage } from '../../failure.ts';
import { type FeedRules, feeds } from '../../report/feeds.ts';
import { type ReportFacts, reportFacts } from '../../report/report-facts.ts';
import { reportPage } from '../../report/report-page.ts';
import { type ListAtTerminal, readListEnvironment, withReadingList } from '../environment.ts';
import { makeFolder } from '../files/places.ts';
import {
  type ListSource,
  type Program,
  readCount,
  type TimeLimit,
  withRefetch,
  withSample,
} from '../options.ts';
import { dryRun, withoutPages } from '../run-at-terminal.ts';
import type { ExitStatus } from '../view/run-result.ts';
import { printError, wrapped } from '../view/wrapped.ts';

type ReportOptions = ListSource &
  TimeLimit &
  Written & { readonly pages: boolean; readonly refetch?: boolean };

/** What is written: a page, a folder of feeds, or both. */
type Written = { readonly out?: string; readonly feeds?: string; readonly minutes?: number };

/** `readtime report` */
export function configure(command: Command, { onExit }: Program): void {
  command
    .description('the whole list as a page to look at: one file, which loads nothing from the network')
    .option('--out <FILE>', 'where to write it')
    .option('--feeds <DIR>', 'write Atom feeds there: of what fits into each band')
    .option('--minutes <N>', 'and one of what fits into N minutes', readCount)
    .option('--no-pages', 'read no web page for a missing length');
  withRefetch(withSample(command)).action(async (options: ReportOptions) => {
    if (options.out === undefined && options.feeds === undefined)
      command.error('error: say what to write: --out FILE for the page, --feeds DIR for feeds, or both');
    if (options.minutes !== undefined && options.feeds === undefined)
      command.error('error: --minutes is for feeds; add --feeds DIR');
    onExit(await report(options));
  });
}

/** Writes the whole reading list as a page, for its owner's eyes only. Rejects as `run` does. */
async function report(options: ReportOptions): Promise<ExitStatus> {
  return withReadingList(readListEnvironment(options), options, (list) => reportOf(list, options));
}

async function reportOf(list: ListAtTerminal, options: ReportOptions): Promise<ExitStatus> {
  const { settings } = list;
  const { decisions, summary, tellOffline } = await dryRun(
    options.pages ? list : withoutPages(list),
    { mode: 'full', refetch: options.refetch ?? false },
    { ...options, quiet: false },
  );
  const facts = reportFacts(decisions, settings.rules);
  const madeAt = new Date();
  await writePage(facts, options, madeAt);
  await writeFeeds(facts, options, { ...settings.rules, service: settings.readingList, madeAt });
  if (!summary.complete) printError(`the report is of a part of the list. ${summary.message}`);
  if (tellOffline()) return 1;
  return summary.complete ? 0 : 3;
}

async function writePage(facts: ReportFacts, { out }: Written, madeAt: Date): Promise<void> {
  if (out === undefined) return;
  write(out, await reportPage(facts, { madeAt }));
  console.log(`Wrote ${formatItems(facts.items.length)} to "${out}".`);
}

async function writeFeeds(
  facts: ReportFacts,
  { feeds: folder, minutes }: Written,
  rules: Omit<FeedRules, 'minutes'>,
): Promise<void> {
  if (folder === undefined) return;
  const made = await feeds(facts, { ...rules, ...(minutes !== undefined && { minutes }) });
  makeFeedFolder(folder);
  for (const { name, text } of made) write(join(folder, name), text);
  const names = made.map(({ name, items }) => `${name} (${formatNumber(items)})`).join(', ');
  console.log(wrapped(`Wrote to "${folder}": ${names}.`));
}

function makeFeedFolder(folder: string): void {
  try {
    makeFolder(folder);
  } catch (error) {
    throw new Failure(
      'settings',
      `Cannot make the folder "${folder}": ${systemMessage(error)}; name another`,
    );
  }
}

/** Writes a file that only its owner may read, unless it is there already with other rights. */
function write(path: string, text: string): void {
  try {
    writeFileSync(path, text, { mode: 0o600 });
  } catch (error) {
    throw new Failure('settings', `Cannot write "${path}": ${systemMessage(error)}`);
  }
}
