import type { Command } from 'commander';
import { type Program, withLimit, withOutput, withUntilDone } from '../options.ts';
import { tag } from './tag.ts';

/** `readtime untag` */
export function configure(command: Command, { onExit }: Program): void {
  command
    .description('remove our tags, and nothing else')
    .option('--dry-run', 'list what would change, and write nothing');
  withOutput(withUntilDone(withLimit(command))).action(async (options) =>
    onExit(await tag('untag', options)),
  );
}
