import { Command, CommanderError } from 'commander';
import { Failure } from '../failure.ts';

/** Loaded only where it is wanted: it brings a server and a database. */
const ownPocket = () => import('./own-pocket.ts');

/** The commands of a Pocket of one's own, called `name`. */
export function pocketCommands(name: string): Command {
  const program = new Command(name)
    .description('A Pocket of your own, on this machine only. Its list is in .data/pocket.sqlite.')
    .exitOverride()
    .addHelpText(
      'after',
      `
POCKET_KEY and POCKET_TOKEN are the credentials that every call needs; where
they are not set, in the environment or in .env, new ones are made up and kept
in .env.`,
    );
  program
    .command('serve')
    .description('serve it on http://127.0.0.1:8383/v3 (or PORT)')
    .action(async () => (await ownPocket()).servePocket());
  program
    .command('import <FILE...>')
    .description("take in Pocket's ZIP, its CSVs, or JSON dumps of /v3/get")
    .action(async (files: string[]) => (await ownPocket()).importInto(files));
  program
    .command('export [FILE]')
    .description("write Pocket's CSV, with the tags (without FILE: to the terminal)")
    .action(async (file?: string) => (await ownPocket()).exportTo(file));
  return program;
}

async function main(args: readonly string[]): Promise<0 | 1 | 2> {
  try {
    // Served where nothing else is asked for.
    const asked = args.length > 0 ? [...args] : ['serve'];
    await pocketCommands('npm run pocket --').parseAsync(asked, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof Failure)) throw error;
    console.error(error.message);
    return 1;
  }
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
