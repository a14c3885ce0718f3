import { Failure } from '../../failure.ts';
import { credentialsPage, type Service, secretVariable } from '../../reading-lists/service-settings.ts';
import { SERVICES, type ServiceName } from '../../reading-lists/services.ts';
import type { SecretsCheck } from '../../secrets/check-secrets.ts';
import { splitKey } from '../../secrets/get-secret.ts';
import { isSet } from '../../setting-names.ts';
import type { Environment } from '../../settings.ts';
import type { Questions } from '../view/questions.ts';
import { say } from '../view/wrapped.ts';

/** Variables, and what they are to be. */
export type Answers = Readonly<Record<string, string>>;

/** Tries variables at their service, and writes nothing. */
export type TryThem = (answers: Answers) => Promise<SecretsCheck>;

/** Parts of a JSON secret that are not secret by themselves. */
const SHOWN_KEYS = ['client_id', 'username'];

/**
 * Asks for the service, its address and credentials, until `tryThem` says that they are accepted; without it, once. What
 * is set in `env` is offered as an answer.
 */
export async function askForList(ask: Questions, env: Environment, tryThem?: TryThem): Promise<Answers> {
  const choices = Object.entries<Service>(SERVICES).map(([value, { title }]) => ({ name: title, value }));
  const name = (await ask.choose('Where is your reading list?', choices, env.READING_LIST)) as ServiceName;
  const service: Service = SERVICES[name];
  checkSecretsAreOurs(service, env);
  let given: Environment = env;
  let kept: Environment = env;
  for (;;) {
    const addresses = await askForSettings(ask, service, given);
    const secrets = await askForCredentials(ask, service, {
      env,
      kept,
      address: Object.values(addresses)[0],
    });
    const answers = { READING_LIST: name, ...addresses, ...secrets };
    if (!tryThem) return answers;
    const found = await tryAt(service, () => tryThem(answers));
    if (found.ok) return answers;
    given = answers;
    // A token that was refused is not offered again; after any other trouble it is.
    kept = found.readingList.kind === 'credentials' ? {} : { ...env, ...answers };
  }
}

/** Says what the service says of them, and what to do where it does not accept them. */
export async function tryAt({ title }: Service, tryThem: () => Promise<SecretsCheck>): Promise<SecretsCheck> {
  console.log(`Asking ${title} ...`);
  const found = await tryThem();
  say(`${found.message}\n`);
  if (!found.ok) say('Give them once more, or leave by Ctrl-C.\n');
  return found;
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

/** Says where credentials are made and what they may do, and asks for them. `kept` are offered, and not shown. */
export async function askForCredentials(
  ask: Questions,
  service: Service,
  {
    env = {},
    kept = {},
    address,
  }: { readonly env?: Environment; readonly kept?: Environment; readonly address?: string | undefined },
): Promise<Answers> {
  const page = credentialsPage(service, address?.replace(/\/+$/, ''));
  const { steps, mayDo } = service.credentials;
  say([...(page ? [page] : []), `${steps}.`, `Whoever has it can ${mayDo}.`].join('\n'));
  const answers: Record<string, string> = {};
  const parts = new Map<string, Record<string, string>>();
  for (const reference of Object.values(service.secrets)) {
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

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
