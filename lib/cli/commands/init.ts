import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { Failure } from '../../failure.ts';
import { check } from '../../run/check.ts';
import { type Environment, readSettings } from '../../settings.ts';
import { readEnvironmentWithoutLog } from '../environment.ts';
import { findEnvFile, foreignEnvFile, newEnvFile } from '../files/env-file.ts';
import { writeEnvFile } from '../files/env-file-merge.ts';
import { listFile } from '../files/list-file.ts';
import { openKeptLengths } from '../files/open-lengths.ts';
import { contextOf, type EnvFiles, type Program } from '../options.ts';
import { askForBands } from '../setup/ask-for-bands.ts';
import { type Answers, askForList } from '../setup/ask-for-list.ts';
import { typedCommand, typedSource } from '../typed-command.ts';
import { neededVariables } from '../view/needed-variables.ts';
import { type Questions, questions } from '../view/questions.ts';
import { say } from '../view/wrapped.ts';
import { readingSpeed } from './speed.ts';

/** How long somebody waits for what a service says. */
const TIME_LIMIT = { maxMinutes: 2 };

/** `readtime init` */
export function configure(command: Command, { onExit }: Program): void {
  command
    .description('asks for your service, its token, your speed and bands; tries them, and writes .env')
    .action(async (options: EnvFiles) => {
      await init(options);
      onExit(0);
    });
}

/** Asks what a tagger has to know, and writes it. Whatever ends it before the last answer, nothing is written. */
async function init(source: EnvFiles): Promise<void> {
  const file = listFile(source);
  const path = file ?? findEnvFile() ?? newEnvFile();
  // Of what is in the environment, a file of `--env-file` is the stronger.
  const outside = file === undefined ? { ...process.env } : {};
  const env = readEnvironmentWithoutLog({ ...source, begins: true });
  const hint = (command: string) => `${typedCommand()} ${command}${typedSource(source)}`;
  if (!process.stdin.isTTY) {
    console.log(`What each service needs:\n${neededVariables()}`);
    throw new Failure(
      'settings',
      `there is no terminal to ask at; write READING_LIST and what your service needs into ${path}, then try it: ${hint('check')}`,
    );
  }
  const ask = questions();
  const foreign = file === undefined ? foreignEnvFile() : undefined;
  if (foreign) say(`${foreign} is another program's: it is neither read nor written.`);
  say(`Your answers go to ${path}. Until the last one nothing is written, and Ctrl-C leaves it.\n`);
  const account = await askForAccount(ask, env);
  const speed = await askForSpeed(ask);
  const bands = await askForOwnBands(ask, { ...env, ...account, ...speed }, source);
  const answers = { ...account, ...speed, ...bands };
  readSettings({ ...env, ...answers });
  if (!(await ask.yes(`Write ${Object.keys(answers).join(', ')} to ${path}?`, true))) {
    console.log('Nothing is written.');
    return;
  }
  writeEnvFile(path, answers);
  const overruled = Object.entries(answers).filter(([name, value]) => (outside[name] ?? value) !== value);
  for (const [name] of overruled)
    say(`${name} is set in the environment, too, which wins over the file: unset it there.`);
  say(`Written to ${path}, which only you may read. Next: ${hint('plan --full')} shows what would change.`);
}

/** Asks for the service, its address and credentials, until they are accepted. */
async function askForAccount(ask: Questions, env: Environment): Promise<Answers> {
  const from = env.SECRETS_FROM === 'env' ? {} : { SECRETS_FROM: 'env' };
  const answers = await askForList(ask, { ...env, ...from }, (given) => {
    const tried = { ...env, ...from, ...given };
    return check({ settings: readSettings(tried), env: tried, context: contextOf(TIME_LIMIT) });
  });
  return { ...answers, ...from };
}

async function askForSpeed(ask: Questions): Promise<Answers> {
  while (
    await ask.yes(
      'Measure how fast you read? Else minutes are the average, or what your service shows.',
      false,
    )
  ) {
    const speed = await readingSpeed();
    if (speed !== undefined) return { WORDS_PER_MINUTE: String(speed) };
  }
  return {};
}

/** Proposes bands, by what was read of the list before, too, if it is the one that is written. */
async function askForOwnBands(ask: Questions, env: Environment, source: EnvFiles): Promise<Answers> {
  const list = typedSource(source);
  const later = `Once \`${typedCommand()} tag --full${list}\` has read the pages, \`${typedCommand()} init${list}\` can propose some.`;
  const isKept = existsSync(listFile(source) ?? findEnvFile() ?? '');
  const lengths = isKept ? openKeptLengths(readSettings(env), { ...source, quiet: true }) : undefined;
  return askForBands(ask, { env, lengths, later }).finally(() => lengths?.close());
}
