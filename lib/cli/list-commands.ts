import { type Command, Option } from 'commander';
import { explainItem } from './explain-item.ts';
import { type End, withLimit, withSample } from './options.ts';
import { type PlanOptions, planList } from './plan-list.ts';
import { type Which, withList } from './with-list.ts';

const silent = () => {};

/** The commands that look at the list: plan, explain, report. */
export function addListCommands(program: Command, end: End): void {
  const plan = program
    .command('plan')
    .description('a table of what would change; asks, and then writes just that')
    .option('--full', 'every item, not only the newest')
    .option('--yes', 'write it without asking')
    .addOption(new Option('--json', 'the plan as JSON, and write nothing').conflicts('yes'));
  withLimit(plan).action(async (options: PlanOptions & Which) => {
    const tell = options.json ? silent : console.log;
    end(await withList(options, tell, () => planList(options)));
  });

  const explain = program
    .command('explain <URL-or-id>')
    .description('why an item has its tag, and what would have counted otherwise')
    .option('--json', 'the same as JSON');
  withSample(explain).action(async (urlOrId: string, options: { json?: boolean } & Which) => {
    end(await withList(options, silent, () => explainItem(urlOrId, options)));
  });
}
