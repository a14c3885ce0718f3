import type { Command } from 'commander';
import { check } from '../../run/check.ts';
import type { SecretsCheck } from '../../secrets/check-secrets.ts';
import { type Environment, readSettings } from '../../settings.ts';
import { checkListIsNamed, readEnvironmentWithoutLog, withReadingList } from '../environment.ts';
import { eachList } from '../lists.ts';
import { contextOf, type ListSource, type Output, type Program, withOutput } from '../options.ts';
import { scriptsAsTyped } from '../typed-command.ts';
import { jsonOf, plainTable } from '../view/format.ts';
import { printError } from '../view/wrapped.ts';

/** A check makes one call, and a service with a limit on calls allows the next one within a minute. */
const CHECK_LIMIT = { maxMinutes: 2 };

/** `readtime check` */
export function configure(command: Command, { onExit }: Program): void {
  command.description('whether the credentials are usable, and whether the reading list accepts them');
  withOutput(command)
    .option('--sample', 'those of the sample reading list')
    .action(async (options: CheckOptions) =>
      onExit(
        await eachList(options, (one) =>
          one.sample ? checkSample(one) : printCheck(readEnvironmentWithoutLog(one), one),
        ),
      ),
    );
}

type CheckOptions = Output & ListSource;

function checkSample(options: CheckOptions): Promise<0 | 1> {
  return withReadingList(readEnvironmentWithoutLog(options), options, ({ env, notice }) => {
    if (!options.json && !options.quiet) console.log(notice);
    return printCheck(env, options);
  });
}

/** Checks the credentials that the environment names, and prints what was found: 0 where all is well, else 1. */
export async function printCheck(env: Environment, options: CheckOptions): Promise<0 | 1> {
  checkListIsNamed(env, options);
  const result = await check({ settings: readSettings(env), env, context: contextOf(CHECK_LIMIT) });
  return printResult(result, options);
}

/** Prints what a check found: 0 where all is well, else 1. */
export function printResult(result: SecretsCheck, { json, quiet, ...source }: CheckOptions): 0 | 1 {
  if (json) console.log(jsonOf(result, source));
  else if (!quiet) console.log(`${checkTable(result)}\n\n${scriptsAsTyped(result.message)}`);
  else if (!result.ok) printError(result.message, source);
  return result.ok ? 0 : 1;
}

/** A line for each secret, and one for the reading list. */
function checkTable({ secrets, readingList }: SecretsCheck): string {
  const table = plainTable(
    {
      head: ['secret', 'usable', 'age', 'rotation', 'version'],
      align: ['left', 'left', 'right', 'left', 'left'],
    },
    secrets.map(({ name, usable, ageDays, rotates, versionId = '' }) => {
      const rotation = rotates === undefined ? '' : rotates ? 'on' : 'off';
      return [name, usable ? 'yes' : 'no', daysText(ageDays), rotation, versionId];
    }),
  );
  const { accepts, writes } = readingList;
  const writing = writes === undefined ? 'not known' : writes ? 'yes' : 'no';
  const answers = [`reading list accepts them: ${accepts ? 'yes' : 'no'}`];
  if (accepts) answers.push(`and lets them write: ${writing}`);
  return `${table}\n\n${answers.join('\n')}`;
}

/** `1 day`; empty where the age is not known. */
export function daysText(age: number | undefined): string {
  if (age === undefined) return '';
  return `${age} ${age === 1 ? 'day' : 'days'}`;
}
