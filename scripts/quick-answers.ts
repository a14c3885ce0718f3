/** npm run quick-answers: writes what `readtime --help` and a Tab answer, after a change of a command or its options. */
import { writeFileSync } from 'node:fs';
import tab from '@bomb.sh/tab';
import { COMMAND_NAMES, commandLine } from '../lib/cli/command-line.ts';
import type { Completions, QuickAnswers } from '../lib/cli/quick-answers.ts';

const FILE = new URL('../lib/cli/quick-answers.json', import.meta.url);

/** What commander itself would answer. */
export async function quickAnswers(): Promise<QuickAnswers> {
  const program = await commandLine(COMMAND_NAMES, { calledAs: 'readtime', onExit() {} });
  let help = '';
  program.configureOutput({ writeOut: (text) => (help += text), getOutHelpWidth: () => 80 });
  program.outputHelp();
  const summaryOf = (name: string) => program.commands.find((command) => command.name() === name)?.summary();
  const commands = [...tab.commands].map(
    ([name, { description, options }]): Completions => ({
      name,
      summary: summaryOf(name) || description,
      options: [...options.values()].map((option) => {
        const values: string[] = [];
        option.handler?.((value) => values.push(value), options);
        return { name: option.value, meaning: option.description, ...(!option.isBoolean && { values }) };
      }),
    }),
  );
  return { help, commands };
}

if (import.meta.main) writeFileSync(FILE, `${JSON.stringify(await quickAnswers(), undefined, 2)}\n`);
