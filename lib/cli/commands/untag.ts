import type { Command } from 'commander';
import { eachList } from '../lists.ts';
import { type Program, withLimit, withOutput, withUntilDone } from '../options.ts';
import { type TagOptions, tag } from './tag.ts';

/** `readtime untag` */
export function configure(command: Command, { onExit }: Program): void {
  command
    .description('remove our tags, and nothing else')
    .option('--dry-run', 'list what would change, and write nothing');
  withOutput(withUntilDone(withLimit(command))).action(async (options: TagOptions) =>
    onExit(await eachList(options, (one) => tag('untag', one))),
  );
}
