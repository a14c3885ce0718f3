#!/usr/bin/env node
import tab from '@bomb.sh/tab/commander';
import { CommanderError } from 'commander';
import { Failure } from '../failure.ts';
import { commandLine } from './command-line.ts';

/** Scripts of package.json that run this file; npm says which one it runs. */
const SCRIPTS = ['pocket', 'secrets', 'deploy'];

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader of the pipe has closed it: `... | head`.
  if (error.code === 'EPIPE') process.exit();
  throw error;
});
process.exitCode = await main(process.argv.slice(2));

/** Exit status: 0 complete, 1 failed, 2 wrong usage, 3 stopped before the end; `deploy` has that of serverless. */
async function main(args: readonly string[]): Promise<number> {
  let status = 0;
  const program = commandLine(calledAs(), (ended) => {
    status = ended;
  });
  tab(program);
  program.commands
    .find((command) => command.name() === 'complete')
    ?.description('completion for bash, zsh, fish or powershell');
  // `npm run pocket` serves; commander's default command would no longer correct a misspelt one.
  const typed = args.length === 1 && args[0] === 'pocket' ? ['pocket', 'serve'] : args;
  try {
    await program.parseAsync(['node', 'readtime', ...typed]);
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    console.error(error instanceof Failure ? `${calledAs()}: ${error.message}` : error);
    return 1;
  }
}

/** How the command was started, for messages. */
function calledAs(): string {
  const { npm_lifecycle_event: script = '' } = process.env;
  if (script === 'start') return 'npm start';
  return SCRIPTS.includes(script) ? `npm run ${script}` : 'readtime';
}
