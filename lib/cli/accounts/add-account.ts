import { text } from 'node:stream/consumers';
import { checkAccountName } from '../../accounts/account.ts';
import { accountEnvironment, readAccountVariables } from '../../accounts/variables.ts';
import { Failure } from '../../failure.ts';
import type { Service } from '../../reading-lists/service-settings.ts';
import { SERVICES, serviceNamed } from '../../reading-lists/services.ts';
import type { SecretsCheck } from '../../secrets/check-secrets.ts';
import { askForBands } from '../setup/ask-for-bands.ts';
import { type Answers, askForCredentials, askForList, tryAt } from '../setup/ask-for-list.ts';
import { type Questions, questions } from '../view/questions.ts';
import { say } from '../view/wrapped.ts';
import type { Stage } from './open-stage.ts';

/** `check`: whether the service is asked first. */
export type TriedFirst = { readonly check: boolean };

/** Adds an account, with variables that are asked for, or else JSON on standard input. */
export async function addAccount(name: string, { check }: TriedFirst, stage: Stage): Promise<void> {
  checkAccountName(name);
  const { accounts, typed } = stage;
  const variables = process.stdin.isTTY
    ? await askForVariables(name, { check }, stage)
    : await readVariables(name, typed(`add ${name}`));
  if (variables === undefined) return;
  if (check && !process.stdin.isTTY) await checkFirst(name, variables, stage);
  const added = await accounts.add(name, variables);
  say(
    added === 'added'
      ? `Account "${name}": added to the stage ${stage.stage}; its first run begins within minutes. ${typed(`list ${name}`)} shows it.`
      : `Account "${name}": is there already, with these variables; nothing is changed.`,
  );
}

/** Changes what an account has stored: its credentials, which are asked for, or else what JSON on standard input names. */
export async function rotateAccount(name: string, { check }: TriedFirst, stage: Stage): Promise<void> {
  checkAccountName(name);
  const changed = process.stdin.isTTY
    ? await askForNewCredentials(name, { check }, stage)
    : await readVariables(name, stage.typed(`rotate ${name}`));
  if (check && !process.stdin.isTTY) await checkFirst(name, changed, stage);
  await stage.accounts.rotate(name, changed);
  say(`Account "${name}": ${Object.keys(changed).join(', ')} changed; its next run uses what is new.`);
}

/** The variables on standard input. Rejects with a `Failure` that says what to type, where there are none. */
async function readVariables(name: string, command: string): Promise<Answers> {
  const json = await text(process.stdin);
  if (json.trim()) return readAccountVariables(name, json);
  throw new Failure(
    'settings',
    `Account "${name}": there is no terminal to ask at; give its variables as JSON on standard input: ${command} < ${name}.json`,
  );
}

/** Rejects with a `Failure` where the service does not accept the variables. */
async function checkFirst(name: string, variables: Answers, stage: Stage): Promise<void> {
  const { ok, message, readingList } = await tried(name, variables, stage);
  if (!ok)
    throw new Failure(readingList.kind ?? 'credentials', `Account "${name}": nothing is written. ${message}`);
}

/** What the service says of them, with what else can be done where it does not answer. */
async function tried(name: string, variables: Answers, { accounts }: Stage): Promise<SecretsCheck> {
  const found = await accounts.check(name, variables);
  if (found.readingList.kind !== 'unavailable') return found;
  return { ...found, message: `${found.message} With --no-check they are written all the same.` };
}

/** Asks as `readtime init` does; `undefined` where the last answer is no. */
async function askForVariables(
  name: string,
  { check }: TriedFirst,
  stage: Stage,
): Promise<Answers | undefined> {
  if (await stage.accounts.get(name))
    throw new Failure(
      'settings',
      `Account "${name}": is there already; its credentials are changed with: ${stage.typed(`rotate ${name}`)}`,
    );
  const ask = questions();
  say('Until the last answer nothing is written, and Ctrl-C leaves it.\n');
  const list = await askForList(ask, {}, check ? (answers) => tried(name, answers, stage) : undefined);
  const variables = { ...list, ...(check && (await bandsOf(ask, list))) };
  const names = Object.keys(variables).join(', ');
  if (await ask.yes(`Add ${name} to the stage ${stage.stage}, with ${names}?`, true)) return variables;
  console.log('Nothing is written.');
  return undefined;
}

function bandsOf(ask: Questions, list: Answers): Promise<Answers> {
  const env = { ...accountEnvironment(list, process.env), SECRETS_FROM: 'env', LOG_LEVEL: 'SILENT' };
  return askForBands(ask, { env, later: 'BANDS can be changed at any time with rotate.' });
}

async function askForNewCredentials(name: string, { check }: TriedFirst, stage: Stage): Promise<Answers> {
  const settings = await stage.accounts.settings(name);
  const service: Service = serviceNamed(settings.READING_LIST ?? '') ?? SERVICES.pocket;
  const [address] = Object.values(service.settings).map(({ variable }) => settings[variable]);
  const ask = questions();
  for (;;) {
    const answers = await askForCredentials(ask, service, { address });
    if (!check || (await tryAt(service, () => tried(name, answers, stage))).ok) return answers;
  }
}
