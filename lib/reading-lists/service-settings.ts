import * as z from 'zod';
import type { Request } from '../http/request.ts';
import type { Credentials } from '../secrets/credentials.ts';
import { isLikeToken, secretNameProblem } from '../secrets/get-secret.ts';
import type { ReadingList } from './reading-list.ts';

/** A setting of one service. */
export type ServiceSetting = {
  /** The environment variable. */
  readonly variable: string;
  /** Its meaning, in a clause. */
  readonly meaning: string;
  /** Default value; absent: the setting is required. */
  readonly byDefault?: string;
  /** Parses the variable. Messages of issues are clauses that follow `NAME "value":`. */
  readonly schema: z.ZodType<string>;
};

/** Where somebody gets the credentials of a service, and what these may do. */
type HowToGetCredentials = {
  /** The page where they are made: an address, or a path below that of the server. Absent: there is none. */
  readonly page?: string;
  /** What to do there, in a sentence without its full stop. */
  readonly steps: string;
  /** What somebody who has them can do there, in a clause. */
  readonly mayDo: string;
};

/** A service that holds a reading list: a row of the table in `services.ts`. */
export type Service<SettingKey extends string = string, SecretKey extends string = string> = {
  /** Its name as it writes it itself, for messages. */
  readonly title: string;
  readonly settings: Readonly<Record<SettingKey, ServiceSetting>>;
  /** The required secrets: the default name of each secret, by the adapter's name for it. */
  readonly secrets: Readonly<Record<SecretKey, string>>;
  readonly credentials: HowToGetCredentials;
  /** The name under which the service stores a tag. Tags with the same stored name are one tag. */
  normalizeTag(tag: string): string;
  /** How the service changes tags. If present, settings with a tag that it would change are invalid. */
  readonly keepsOnly?: string;
  /** The longest tag that the service keeps: characters. If present, settings with a longer one are invalid. */
  readonly maxTagCharacters?: number;
  /** Capitals make no other tag, but are kept: a reader's own `A Quick Read` is our `a quick read`. */
  readonly ignoresCapitals?: true;
  /**
   * The id of the item that an event of the service's webhook makes known; `undefined` for an event of another kind, or
   * none of this service. Absent: it has no webhook. Its list has `findUnread`.
   */
  readonly newItemIn?: (event: unknown) => Promise<string | undefined>;
  /** Opens the list. Loads the adapter by `import()`, so that a run loads that of its own service alone. */
  open(opened: {
    readonly settings: Readonly<Record<SettingKey, string>>;
    readonly credentials: Credentials<SecretKey>;
    readonly request: Request;
  }): Promise<ReadingList>;
};

/** The secret that the events of a service's webhook have to show; needed by nothing else. */
export const WEBHOOK_SECRET = 'WEBHOOK_TOKEN';

const optional = z.string().optional();

/** The setting for the address of a service, such as `https://example.com/base`; parsed without a trailing slash. */
export function addressSetting(variable: string, hosted?: string): ServiceSetting {
  const example = hosted ?? `https://${variable.split('_')[0]?.toLowerCase()}.example.com`;
  return {
    variable,
    meaning: hosted ? 'address of the service' : 'address of your server',
    ...(hosted && { byDefault: hosted }),
    schema: optional.transform((text, context) => readAddress(text ?? hosted, context, example)),
  };
}

/** A setting whose value has to match a pattern. */
export function textSetting(
  variable: string,
  how: { meaning: string; byDefault: string; pattern: RegExp; problem: string },
): ServiceSetting {
  const { meaning, byDefault, pattern, problem } = how;
  return {
    variable,
    meaning,
    byDefault,
    schema: optional.transform((text = byDefault, context) =>
      pattern.test(text) ? text.trim() : addIssue(context, problem),
    ),
  };
}

/** The address of the page where the credentials of a service are made; `undefined` where it has none. */
export function credentialsPage(
  { credentials: { page } }: Pick<Service, 'credentials'>,
  address: string | undefined,
): string | undefined {
  return page?.startsWith('/') ? address && `${address}${page}` : page;
}

function readAddress(text: string | undefined, context: z.RefinementCtx, example: string): string {
  if (text === undefined)
    return addIssue(context, `is not set; give the address of your server, such as ${example}`);
  const problem = addressProblem(text);
  if (problem !== undefined) return addIssue(context, `${problem}; give one such as ${example}`);
  return new URL(text).href.replace(/\/+$/, '');
}

/** What is wrong with an address, in a clause; `undefined` if it is valid. */
export function addressProblem(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) return 'is not an http address';
  if (/^eyj|^[^.]+$/.test(url.hostname) && isLikeToken(url.hostname))
    return 'looks like a token, not an address';
  const hasMore = url.username || url.password || url.search || url.hash;
  return hasMore ? 'may hold no credentials, query or fragment' : undefined;
}

/** Adds an issue to the value that a schema parses, and returns zod's `NEVER`. */
export function addIssue(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}

/** The variable that overrides the name of a secret: `POCKET_KEY` is overridden by `POCKET_KEY_SECRET`. */
export function secretVariable(secretName: string): string {
  return `${secretName.split('#')[0]}_SECRET`;
}

/**
 * Names of the secrets, as overridden by the environment, by the adapter's names for them. Several keys of one JSON
 * secret are overridden together: its name changes, the keys stay.
 */
export function secretNamesOf(
  { secrets }: Pick<Service, 'secrets'>,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(secrets).map(([key, byDefault]) => {
      const [, jsonKey] = byDefault.split('#');
      const given = env[secretVariable(byDefault)]?.trim();
      if (!given) return [key, byDefault];
      return [key, jsonKey === undefined ? given : `${given}#${jsonKey}`];
    }),
  );
}

/** A sentence for each variable that is to name a secret and does not, or holds the secret itself. */
export function secretNameProblems(
  { secrets }: Pick<Service, 'secrets'>,
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  return [...new Set(Object.values(secrets).map(secretVariable))].flatMap((variable) => {
    const given = env[variable]?.trim();
    const problem = given && secretNameProblem(given);
    return problem ? [`${variable}: ${problem}`] : [];
  });
}

/** The variables of a service: its settings, and the names of its secrets. */
export function variablesOf({ settings, secrets }: Service): string[] {
  return [
    ...Object.values(settings).map(({ variable }) => variable),
    ...Object.values(secrets).map(secretVariable),
  ];
}

/** What the service alone reads, by its own names. */
export function readServiceSettings(
  service: Service | undefined,
  given: Readonly<Record<string, string | undefined>>,
): { settings: Record<string, string>; issues: readonly z.core.$ZodIssue[] } {
  const entries = Object.entries(service?.settings ?? {});
  const shape = Object.fromEntries(entries.map(([, { variable, schema }]) => [variable, schema]));
  const { data = {}, error } = z.object(shape).safeParse(given);
  const settings = Object.fromEntries(entries.map(([key, { variable }]) => [key, data[variable] ?? '']));
  return { settings, issues: error?.issues ?? [] };
}
