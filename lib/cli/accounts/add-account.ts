import { text } from 'node:stream/consumers';
import { checkAccountName } from '../../accounts/account.ts';
import { accountEnvironment, readAccountVariables } from '../../accounts/variables.ts';
import { Failure } from '../../failure.ts';
import { httpRequest } from '../../http/request.ts';
import type { Service } from '../../reading-lists/service-settings.ts';
import { SERVICES, serviceNamed } from '../../reading-lists/services.ts';
import type { SecretsCheck } from '../../secrets/check-secrets.ts';
import { askForBands } from '../setup/ask-for-bands.ts';
import { type Answers, askForCredentials, askForList, type TryThem, tryAt } from '../setup/ask-for-list.ts';
import { type Questions, questions } from '../view/questions.ts';
import { say } from '../view/wrapped.ts';
import type { Stage } from './open-stage.ts';

/** `check`: whether the service is asked first. */
export type TriedFirst = { readonly check: boolean };

/** Adds an account, with variables that are asked for, or else JSON on standard input. */
export async function addAccount(name: string, { check }: TriedFirst, stage: Stage): Promise<void> {
  checkAccountName(name);
  const { accounts, typed } = stage;
  const tryThem = check ? (variables: Answers) => accounts.check(name, variables) : undefined;
  const variables = process.stdin.isTTY
    ? await askForVariables(name, stage, tryThem)
    : await readVariables(name, typed(`add ${name}`), tryThem);
  if (variables === undefined) return;
  const added = await accounts.add(name, variables);
  say(
    added === 'added'
      ? `Account "${name}": added to the stage ${stage.stage}; its first run begins within an hour. ${typed(`list ${name}`)} shows it.`
      : `Account "${name}": is there already, with these variables; nothing is changed.`,
  );
}

/** Changes what an account has stored: its credentials, which are asked for, or else what JSON on standard input names. */
export async function rotateAccount(name: string, { check }: TriedFirst, stage: Stage): Promise<void> {
  checkAccountName(name);
  const { accounts, typed } = stage;
  const tryThem = check ? (changed: Answers) => accounts.checkRotated(name, changed) : undefined;
  const changed = process.stdin.isTTY
    ? await askForNewCredentials(await accounts.settings(name), tryThem)
    : await readVariables(name, typed(`rotate ${name}`), tryThem);
  await accounts.rotate(name, changed);
  say(`Account "${name}": ${Object.keys(changed).join(', ')} changed; its next run uses what is new.`);
}

/** The variables on standard input. Rejects with a `Failure` where there are none, or the service does not accept them. */
async function readVariables(name: string, command: string, tryThem?: TryThem): Promise<Answers> {
  const json = await text(process.stdin);
  if (!json.trim())
    throw new Failure(
      'settings',
      `Account "${name}": there is no terminal to ask at; give its variables as JSON on standard input: ${command} < ${name}.json`,
    );
  const variables = readAccountVariables(name, json);
  const found = tryThem && withRemedy(await tryThem(variables));
  if (found?.ok === false)
    throw new Failure(
      found.readingList.kind ?? 'credentials',
      `Account "${name}": nothing is written. ${found.message}`,
    );
  return variables;
}

/** What was found, with what else can be done where the service does not answer. */
function withRemedy(found: SecretsCheck): SecretsCheck {
  if (found.readingList.kind !== 'unavailable') return found;
  return { ...found, message: `${found.message} With --no-check it is not asked.` };
}

/** Asks as `readtime init` does; `undefined` where the last answer is no. */
async function askForVariables(name: string, stage: Stage, tryThem?: TryThem): Promise<Answers | undefined> {
  if (await stage.accounts.get(name))
    throw new Failure(
      'settings',
      `Account "${name}": is there already; its credentials are changed with: ${stage.typed(`rotate ${name}`)}`,
    );
  const ask = questions();
  say('Until the last answer nothing is written, and Ctrl-C leaves it.\n');
  const list = await askForList(ask, {}, tryThem && (async (answers) => withRemedy(await tryThem(answers))));
  const bands = tryThem && (await bandsOf(ask, list, stage));
  const variables = { ...list, ...bands };
  const names = Object.keys(variables).join(', ');
  if (await ask.yes(`Add ${name} to the stage ${stage.stage}, with ${names}?`, true)) return variables;
  console.log('Nothing is written.');
  return undefined;
}

/** Proposes bands, by a list that is called as its runs will call it. */
function bandsOf(ask: Questions, variables: Answers, stage: Stage): Promise<Answers> {
  const env = { ...accountEnvironment(variables, stage.env), SECRETS_FROM: 'env', LOG_LEVEL: 'SILENT' };
  const http = httpRequest({ env: {}, publicOnly: { allowHosts: stage.allowHosts } });
  return askForBands(ask, { env, http, later: 'BANDS can be changed at any time with rotate.' });
}

/** Asks for the credentials of a service, whose settings stay, until they are accepted. */
async function askForNewCredentials(settings: Answers, tryThem?: TryThem): Promise<Answers> {
  const service: Service = serviceNamed(settings.READING_LIST ?? '') ?? SERVICES.pocket;
  const [address] = Object.values(service.settings).map(({ variable }) => settings[variable]);
  const ask = questions();
  for (;;) {
    const answers = await askForCredentials(ask, service, { address });
    if (!tryThem || (await tryAt(service, async () => withRemedy(await tryThem(answers)))).ok) return answers;
  }
}
