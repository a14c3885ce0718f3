import { type Command, Option } from 'commander';
import { type onExitType, withLimit, withSample } from './options.ts';
import type { PlanOptions } from './plan-list.ts';
import type { ReportOptions } from './report-list.ts';
import { type ListSource, withList } from './with-list.ts';

const silent = () => {};

/** The commands that look at the list: plan, explain, report. What is behind each is loaded when it is typed. */
export function addListCommands(program: Command, end: onExitType): void {
  const plan = program
    .command('plan')
    .summary('what would change; asks, and writes just that')
    .description('a table of what would change; asks, and then writes just that')
    .option('--full', 'every item, not only the newest')
    .option('--yes', 'write it without asking')
    .addOption(new Option('--json', 'the plan as JSON, and write nothing').conflicts('yes'));
  withLimit(plan).action(async (options: PlanOptions & ListSource) => {
    const tell = options.json ? silent : console.log;
    const { planList } = await import('./plan-list.ts');
    end(await withList(options, tell, () => planList(options)));
  });

  const explain = program
    .command('explain <URL-or-id>')
    .summary('why an item has its tag')
    .description('why an item has its tag, and what would have counted otherwise')
    .option('--json', 'the same as JSON');
  withSample(explain).action(async (urlOrId: string, options: { json?: boolean } & ListSource) => {
    const { explainItem } = await import('./explain-item.ts');
    end(await withList(options, silent, () => explainItem(urlOrId, options)));
  });

  const report = program
    .command('report')
    .summary('the whole list as a page to look at')
    .description('the whole list as a page to look at: one file, which asks nothing of the network')
    .requiredOption('--out <FILE>', 'where to write it')
    .option('--no-pages', 'read no web page for a missing length');
  withSample(report).action(async (options: ReportOptions & ListSource) => {
    const { reportList } = await import('./report-list.ts');
    end(await withList(options, silent, () => reportList(options)));
  });
}
