/**
 * What `readtime --help`, `--version` and a Tab answer, without loading commander or any command: a process that does
 * takes twice as long to start. The answers are in quick-answers.json; `npm run quick-answers` writes it.
 */
import { readFileSync } from 'node:fs';

/**
 * What a Tab can complete: a command, and its options with what they take, if they take something.
 * @internal
 */
export type Completions = {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly {
    readonly name: string;
    readonly meaning: string;
    /** Values that can be chosen; empty: any. Absent: it takes none. */
    readonly values?: readonly string[];
  }[];
};

/**
 * The contents of quick-answers.json.
 * @internal
 */
export type QuickAnswers = { readonly help: string; readonly commands: readonly Completions[] };

/** Columns that the help needs; where there are fewer, commander wraps it. */
const HELP_COLUMNS = 80;

/** Answers what needs no command, on standard output. Resolves to false where it does. */
export async function answerAtOnce(args: readonly string[]): Promise<boolean> {
  const [first = '', second] = args;
  if (first === 'complete' && second === '--') await complete(args.slice(2));
  else if (args.length > 1) return false;
  else if (['--version', '-V'].includes(first)) console.log(version());
  else if (
    ['--help', '-h', 'help'].includes(first) &&
    (process.stdout.columns ?? HELP_COLUMNS) >= HELP_COLUMNS
  )
    process.stdout.write((await answers()).help);
  else return false;
  return true;
}

async function complete(words: readonly string[]): Promise<void> {
  const { default: tab } = await import('@bomb.sh/tab');
  for (const { name, summary, options } of (await answers()).commands) {
    const command = name === '' ? tab : tab.command(name, summary);
    for (const { name: option, meaning, values } of options) {
      if (values === undefined) command.option(option, meaning);
      else
        command.option(option, meaning, (offer) => {
          for (const value of values) offer(value, '');
        });
    }
  }
  tab.parse([...words]);
}

async function answers(): Promise<QuickAnswers> {
  return (await import('./quick-answers.json', { with: { type: 'json' } })).default;
}

function version(): string {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;
}
