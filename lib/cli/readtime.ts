#!/usr/bin/env node
import tab from '@bomb.sh/tab/commander';
import { CommanderError } from 'commander';
import { Failure } from '../failure.ts';
import type { ExitStatus } from './exit-status.ts';
import { readtimeCommands } from './readtime-commands.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader of the pipe has had enough: `... | head`.
  if (error.code === 'EPIPE') process.exit();
  throw error;
});
process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<ExitStatus> {
  let status: ExitStatus = 0;
  const program = readtimeCommands((ended) => {
    status = ended;
  });
  tab(program);
  program.commands
    .find((command) => command.name() === 'complete')
    ?.description('completion for bash, zsh, fish or powershell');
  try {
    await program.parseAsync(['node', 'readtime', ...args]);
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    console.error(error instanceof Failure ? `readtime: ${error.message}` : error);
    return 1;
  }
}
