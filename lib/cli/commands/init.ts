import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { formatNumber } from '../../core/format-number.ts';
import type { Bands, Decision, PlanRules } from '../../core/plan.ts';
import { proposeBands, retiredTags } from '../../core/propose-bands.ts';
import { endSentence, Failure } from '../../failure.ts';
import { credentialsPage, type Service, secretVariable } from '../../reading-lists/service-settings.ts';
import { SERVICES, type ServiceName, serviceNamed } from '../../reading-lists/services.ts';
import { check } from '../../run/check.ts';
import { splitKey } from '../../secrets/get-secret.ts';
import { isSet } from '../../setting-names.ts';
import { type Environment, readSettings } from '../../settings.ts';
import { readEnvironmentWithoutLog } from '../environment.ts';
import { findEnvFile, foreignEnvFile, newEnvFile } from '../files/env-file.ts';
import { writeEnvFile } from '../files/env-file-merge.ts';
import { listFile } from '../files/list-file.ts';
import { openKeptLengths } from '../files/open-lengths.ts';
import { contextOf, type EnvFiles, type Program } from '../options.ts';
import { dryRun, withoutPages } from '../run-at-terminal.ts';
import { typedCommand, typedSource } from '../typed-command.ts';
import { bandsText, bandTable } from '../view/band-table.ts';
import { neededVariables } from '../view/needed-variables.ts';
import { type Questions, questions } from '../view/questions.ts';
import { wrapped } from '../view/wrapped.ts';
import { readingSpeed } from './speed.ts';

/** Variables, and what they are to be. */
type Answers = Readonly<Record<string, string>>;

/** How long somebody waits for what a service says. */
const TIME_LIMIT = { maxMinutes: 2 };
/** Parts of a JSON secret that are not secret by themselves. */
const SHOWN_KEYS = ['client_id', 'username'];

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
  const bands = await askForBands(ask, { ...env, ...account, ...speed }, source);
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
  const choices = Object.entries<Service>(SERVICES).map(([value, { title }]) => ({ name: title, value }));
  const name = (await ask.choose('Where is your reading list?', choices, env.READING_LIST)) as ServiceName;
  const service: Service = SERVICES[name];
  checkSecretsAreOurs(service, env);
  const from = env.SECRETS_FROM === 'env' ? {} : { SECRETS_FROM: 'env' };
  let given: Environment = env;
  let kept: Environment = env;
  for (;;) {
    const addresses = await askForSettings(ask, service, given);
    sayWhereCredentialsAre(service, Object.values(addresses)[0]);
    const answers = {
      READING_LIST: name,
      ...from,
      ...addresses,
      ...(await askForSecrets(ask, service, { env, kept })),
    };
    console.log(`Asking ${service.title} ...`);
    const tried = { ...env, ...answers };
    const found = await check({ settings: readSettings(tried), env: tried, context: contextOf(TIME_LIMIT) });
    say(`${found.message}\n`);
    if (found.ok) return answers;
    say('Give them once more, or leave by Ctrl-C.\n');
    given = tried;
    // A token that was refused is not offered again; after any other trouble it is.
    kept = found.readingList.kind === 'credentials' ? {} : tried;
  }
}

/** Throws a `Failure` where a secret has another name, under which it may be anywhere. */
function checkSecretsAreOurs({ secrets }: Service, env: Environment): void {
  const variable = Object.values(secrets)
    .map(secretVariable)
    .find((one) => isSet(env, one));
  if (variable !== undefined)
    throw new Failure(
      'settings',
      `${variable} names a secret of yours, which init leaves alone; unset it first`,
    );
}

async function askForSettings(ask: Questions, { settings }: Service, given: Environment): Promise<Answers> {
  const answers: Record<string, string> = {};
  for (const { variable, meaning, byDefault, schema } of Object.values(settings)) {
    if (byDefault !== undefined) continue;
    const problemOf = (answer: string) => schema.safeParse(answer).error?.issues[0]?.message;
    answers[variable] = await ask.text(`${capitalized(meaning)}:`, problemOf, given[variable]);
  }
  return answers;
}

function sayWhereCredentialsAre(service: Service, address: string | undefined): void {
  const page = credentialsPage(service, address?.replace(/\/+$/, ''));
  const { steps, mayDo } = service.credentials;
  say([...(page ? [page] : []), `${steps}.`, `Whoever has it can ${mayDo}.`].join('\n'));
}

async function askForSecrets(
  ask: Questions,
  { secrets }: Service,
  { env, kept }: { env: Environment; kept: Environment },
): Promise<Answers> {
  const answers: Record<string, string> = {};
  const parts = new Map<string, Record<string, string>>();
  for (const reference of Object.values(secrets)) {
    const { name, key } = splitKey(reference);
    if (key === undefined) {
      const variable = variableOf(name, env);
      answers[variable] = await ask.secret(variable, kept[variable]);
    } else {
      const isShown = SHOWN_KEYS.includes(key);
      const part = await (isShown ? ask.text(`${key}:`, () => undefined) : ask.secret(key));
      parts.set(name, { ...parts.get(name), [key]: part });
    }
  }
  for (const [name, values] of parts) answers[variableOf(name, env)] = JSON.stringify(values);
  return answers;
}

/** The variable that holds a secret: of the two that may, the one with a prefix wins. */
function variableOf(name: string, env: Environment): string {
  const prefixed = `SECRET_${name}`;
  return isSet(env, prefixed) ? prefixed : name;
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

/** Shows how the list falls into the bands, and proposes some that fit it better. */
async function askForBands(ask: Questions, env: Environment, source: EnvFiles): Promise<Answers> {
  const { title } = serviceNamed(env.READING_LIST ?? '') ?? SERVICES.pocket;
  const { rules } = readSettings(env);
  const decisions = await lookAtList(env, source);
  const minutes = decisions.flatMap((one) => ('minutes' in one && one.minutes ? [one.minutes] : []));
  say(`\n${knownText(title, minutes.length, decisions.length)}`);
  const proposed = proposeBands(minutes);
  const list = typedSource(source);
  if (proposed === undefined || !isAccepted({ ...env, ...answersFor(proposed, rules) })) {
    say(
      `No other bands can be proposed from that; the bands stay as they are. Once \`${typedCommand()} tag --full${list}\` has read the pages, \`${typedCommand()} init${list}\` can propose some.\n`,
    );
    return {};
  }
  console.log(`\nAs the bands are:\n${bandTable(minutes, rules)}`);
  console.log(`\nIn quarters:\n${bandTable(minutes, proposed)}\n`);
  const chosen = await ask.choose<Bands>('Which bands?', [
    { name: `As they are: ${bandsText(rules)}`, value: rules },
    { name: `In quarters: ${bandsText(proposed)}`, value: proposed },
  ]);
  return chosen === rules ? {} : answersFor(chosen, rules);
}

function answersFor(bands: Bands, rules: PlanRules): Answers {
  const retired = retiredTags(bands, rules).join(', ');
  const isSame = retired === rules.retiredTags.join(', ');
  return { BANDS: bandsText(bands), ...(isSame ? {} : { RETIRED_TAGS: retired }) };
}

/** Whether settings make sense together: a proposed tag may be one that means something else. */
function isAccepted(env: Environment): boolean {
  try {
    readSettings(env);
    return true;
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}

/** `Of 300 unread items the length of 120 is known; the others need their pages.` */
function knownText(title: string, known: number, all: number): string {
  const items = `${formatNumber(all)} unread items`;
  if (known === 0) return `${title} tells no length of your ${items}; their pages have to be read for it.`;
  const others = known < all ? '; the others need their pages' : '';
  return `Of ${items} ${title} or an earlier run tells the length of ${formatNumber(known)}${others}.`;
}

/** Every unread item, with its length as far as the service or what is kept tells it; none where it does not answer. */
async function lookAtList(env: Environment, source: EnvFiles): Promise<readonly Decision[]> {
  try {
    const settings = readSettings(env);
    const isKept = existsSync(listFile(source) ?? findEnvFile() ?? '');
    const lengths = isKept ? openKeptLengths(settings, { ...source, quiet: true }) : undefined;
    const list = withoutPages({ env, settings, ...(lengths && { lengths }) });
    const found = dryRun(list, { mode: 'full', refetch: false }, { quiet: false, ...TIME_LIMIT });
    return (await found.finally(() => lengths?.close())).decisions;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    say(endSentence(error.message));
    return [];
  }
}

/** Sentences on lines that are no wider than the terminal. */
const say = (text: string) => console.log(wrapped(text));

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
