import { distance } from 'fastest-levenshtein';
import {
  type Service,
  secretNamesOf,
  secretVariable,
  WEBHOOK_SECRET,
} from './reading-lists/service-settings.ts';
import { SERVICES } from './reading-lists/services.ts';
import { isLikeToken } from './secrets/get-secret.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** From this length on, two typing mistakes still tell which name is meant. */
const LONG_NAME_CHARACTERS = 12;

/**
 * The known name that a misspelt variable means: `WORD_PER_MINUTE` means `WORDS_PER_MINUTE`. `undefined` where the
 * name is known, or is so different that it is likely a variable of another program: another first letter, a digit
 * (`POCKET_TOKEN_2`), or more mistakes than one, two in a long name.
 */
function intendedName(name: string, known: readonly string[]): string | undefined {
  if (known.includes(name) || /\d/.test(name)) return undefined;
  const upper = name.toUpperCase();
  return known
    .filter((one) => one[0] === upper[0])
    .map((one) => ({ one, mistakes: wordsOf(one) === wordsOf(upper) ? 1 : distance(upper, one) }))
    .filter(({ one, mistakes }) => mistakes <= (one.length < LONG_NAME_CHARACTERS ? 1 : 2))
    .toSorted((a, b) => a.mistakes - b.mistakes)[0]?.one;
}

/** The words of a name in one order: `POCKET_SECRET_KEY` means `POCKET_KEY_SECRET`. */
function wordsOf(name: string): string {
  return name.split('_').toSorted().join(' ');
}

/** The known name with the fewest differences, however many: for a name that cannot mean anything else. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  return known
    .map((one) => ({ one, mistakes: distance(name.toLowerCase(), one.toLowerCase()) }))
    .toSorted((a, b) => a.mistakes - b.mistakes)[0]?.one;
}

/** The parameter of a stage that sets a variable: `pocketApiUrl` for `POCKET_API_URL`. */
export function parameterOf(variable: string): string {
  return variable.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** The variables that hold a secret, of any service, with `SECRETS_FROM=env`. */
export function secretsIn(env: Environment): string[] {
  const webhook = { secrets: { token: WEBHOOK_SECRET } };
  return [...Object.values<Pick<Service, 'secrets'>>(SERVICES), webhook]
    .flatMap((service) => [...Object.values(service.secrets), ...Object.values(secretNamesOf(service, env))])
    .map((name) => name.split('#')[0] ?? name);
}

/**
 * A sentence where a variable of a service is set, such as `KARAKEEP_URL`, and `READING_LIST`, which names the service,
 * is not. Beside the address of a Pocket, which needs no `READING_LIST`, a secret of another service tells nothing.
 */
export function forgottenName(env: Environment): string | undefined {
  if (isSet(env, 'READING_LIST')) return undefined;
  const isPocket = isSet(env, 'POCKET_API_URL');
  const [name, variable] =
    Object.entries<Service>(SERVICES)
      .filter(([name]) => name !== 'pocket')
      .map(([name, service]) => [name, variablesNaming(service, !isPocket).find((one) => isSet(env, one))])
      .find(([, variable]) => variable !== undefined) ?? [];
  if (variable === undefined) return undefined;
  return `READING_LIST: is not set, but ${variable} is; set READING_LIST=${name}, or to the list that is meant`;
}

/** The variables that show which service is meant. */
function variablesNaming({ settings, secrets }: Service, withSecrets: boolean): string[] {
  const ofSecrets = Object.values(secrets).flatMap((name) => [
    name.split('#')[0] ?? name,
    secretVariable(name),
  ]);
  return [...Object.values(settings).map(({ variable }) => variable), ...(withSecrets ? ofSecrets : [])];
}

/** Whether a value that is wrong may be a token that was pasted, which is not shown: it is one long word. */
export function mayBeSecret(value: string): boolean {
  return /^[^\s,:]{20,}$/.test(value) || isLikeToken(value);
}

/** `NAME "value": what is wrong`, without a value that may be a pasted token, or an address with credentials. */
export function problemText(name: string, problem: string, env: Environment): string {
  const value = env[name]?.trim() ?? '';
  const isHidden = mayBeSecret(value) || (name.endsWith('_URL') && /[@?#]|^(?!https?:).{20}/.test(value));
  return `${name}${value === '' || isHidden ? '' : ` "${env[name]}"`}: ${problem}`;
}

/** Whether a variable is there, and not blank. */
export function isSet(env: Environment, variable: string): boolean {
  return Boolean(env[variable]?.trim());
}

/**
 * A sentence for each variable of the environment whose name is a misspelt one of ours, which are `variables`. A
 * misspelt name would silently set nothing. Variables that are not set, and names of secrets, are never misspelt.
 */
export function misspeltVariables(env: Environment, variables: readonly string[]): string[] {
  // LOG_LEVEL is not ours alone: LOGLEVEL is a variable of many programs.
  const secrets = secretsIn(env);
  const known = [...variables, ...secrets, ...secrets.map((name) => `SECRET_${name}`)].filter(
    (name) => name !== 'LOG_LEVEL',
  );
  return Object.keys(env)
    .filter((name) => name !== 'LOG_LEVEL' && isSet(env, name))
    .flatMap((name) => {
      const intended = intendedName(name, known);
      return intended ? [`${name}: is not a variable of the tagger; did you mean ${intended}?`] : [];
    });
}
