import { Failure, joinSentences } from '../failure.ts';
import type { Service } from '../reading-lists/service-settings.ts';
import { SERVICES } from '../reading-lists/services.ts';
import { splitKey } from '../secrets/get-secret.ts';
import { parseObject } from '../secrets/with-json-keys.ts';
import { mayBeSecret, nearestName } from '../setting-names.ts';
import { type Environment, GENERAL_SETTINGS, SETTINGS } from '../settings.ts';
import { checkAccountName } from './account.ts';

/** Variables of an account by name, as `.env` would have them; a JSON secret such as `WALLABAG` is JSON text. */
export type AccountVariables = Readonly<Record<string, string>>;

/** A Lambda with many accounts in a packed secret of 64 kB has about 300 bytes for each. */
const MAX_ACCOUNT_BYTES = 8_192;

/**
 * The variables that an account may have: which service, what that service asks for, and how its owner reads. Not what
 * the operator answers for, such as `LOG_LEVEL` or `PAGES_ALLOW_HOSTS`, and no names of secrets, which would read those
 * of others.
 * @internal
 */
export function accountVariableNames(): readonly string[] {
  const ofReader = Object.entries(SETTINGS)
    .filter(([, { isOfOperator }]) => !isOfOperator)
    .map(([name]) => name);
  const ofServices = Object.values<Service>(SERVICES).flatMap(({ settings, secrets }) => [
    ...Object.values(settings).map(({ variable }) => variable),
    ...Object.values(secrets).map((name) => splitKey(name).name),
  ]);
  return [...new Set([...ofReader, ...ofServices])];
}

/**
 * Reads the variables of an account from its JSON: an object whose values are text, numbers or booleans, or objects
 * where a service has several keys in one secret. Throws a `settings` failure that names the account and every variable
 * that is not allowed, never a value.
 *
 * @example
 * readAccountVariables('anna', '{"READING_LIST":"karakeep","WORDS_PER_MINUTE":250}').WORDS_PER_MINUTE; // '250'
 */
export function readAccountVariables(name: string, json: string | object): AccountVariables {
  const account = `Account "${checkAccountName(name)}"`;
  const values = typeof json === 'string' ? parseObject(json) : json;
  if (!values)
    throw new Failure(
      'settings',
      `${account}: is not a JSON object of variables, such as {"READING_LIST":"karakeep"}`,
    );
  const known = accountVariableNames();
  const problems = Object.entries(values).flatMap(([variable, value]) => {
    if (!known.includes(variable)) return [notAllowed(variable, known)];
    return textOf(value) === undefined ? [`${variable} is neither text nor a number`] : [];
  });
  if (problems.length > 0) throw new Failure('settings', `${account}: ${joinSentences(problems)}`);
  const read = Object.fromEntries(
    Object.entries(values).map(([variable, value]) => [variable, textOf(value) ?? '']),
  );
  const bytes = Buffer.byteLength(JSON.stringify(read));
  if (bytes <= MAX_ACCOUNT_BYTES) return read;
  throw new Failure(
    'settings',
    `${account}: its variables have ${bytes} bytes, and ${MAX_ACCOUNT_BYTES} at most are kept`,
  );
}

/**
 * The environment that an account's settings are read from: its variables, and of the stage's those that are of no one
 * list, as defaults. Its pages may come from where the operator lets addresses of accounts be.
 */
export function accountEnvironment(variables: AccountVariables, env: Environment): Environment {
  // Not those that the stage does not set: an empty VIDEO_TAG means that there is none.
  const ofStage = GENERAL_SETTINGS.filter((name) => env[name] !== undefined);
  return {
    ...Object.fromEntries(ofStage.map((name) => [name, env[name]])),
    ...variables,
    PAGES_ALLOW_HOSTS: env.ACCOUNTS_ALLOW_HOSTS,
    SECRETS_FROM: 'aws',
  };
}

/** The variables that are no secrets. */
export function withoutSecrets(variables: AccountVariables): AccountVariables {
  const secrets = Object.values<Service>(SERVICES).flatMap((service) => Object.values(service.secrets));
  const names = secrets.map((name) => splitKey(name).name);
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !names.includes(name)));
}

/** Words of letters, as in the name of a variable, however many: no secret. */
const PLAIN_NAME = /^_*[A-Z]{1,16}(_+[A-Z]{1,16})*_*$/i;

function notAllowed(variable: string, known: readonly string[]): string {
  if (!PLAIN_NAME.test(variable) && (mayBeSecret(variable) || !/^\w+$/.test(variable)))
    return 'a name of a variable is not known, and not shown, since it may be a secret';
  const isOfOperator = Object.hasOwn(SETTINGS, variable) || /^(AWS|SECRET)_|_(SECRET|proxy)$/i.test(variable);
  if (isOfOperator) return `${variable} is set by who runs the stage, not by an account; remove it`;
  return `${variable} is no variable of an account; did you mean ${nearestName(variable, known)}?`;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? JSON.stringify(value) : undefined;
}
