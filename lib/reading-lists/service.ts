import * as z from 'zod';
import type { Request } from '../http/request.ts';
import type { Credentials } from '../secrets/credentials.ts';
import type { ReadingList } from './reading-list.ts';

/** A setting that one service alone reads. */
export type ServiceSetting = {
  /** The environment variable. */
  readonly variable: string;
  /** What it means, in a clause. */
  readonly meaning: string;
  /** What it means when it is not set; absent: it has to be set, or the service has no such thing. */
  readonly byDefault?: string;
  /** Reads the text of the variable. Its issues are clauses that follow `NAME "value":`. */
  readonly schema: z.ZodType<string>;
};

/** A service that holds a reading list, a row of the table in `services.ts`. */
export type Service<SettingKey extends string = string, SecretKey extends string = string> = {
  readonly settings: Readonly<Record<SettingKey, ServiceSetting>>;
  /** The secrets it needs: the adapter's own name for each, and the name of the secret unless it is overridden. */
  readonly secrets: Readonly<Record<SecretKey, string>>;
  /** The name under which the service keeps a tag. Names that it keeps alike are one tag. */
  normalizeTag(tag: string): string;
  /** What the service does to a tag; present: a tag that it would not keep as it is written is refused. */
  readonly keepsOnly?: string;
  open(opened: {
    readonly settings: Readonly<Record<SettingKey, string>>;
    readonly credentials: Credentials<SecretKey>;
    readonly request: Request;
  }): ReadingList;
};

const optional = z.string().optional();

/** The address of a service: `https://example.com/base`, without a slash at the end. */
export function addressSetting(variable: string, hosted?: string): ServiceSetting {
  const example = hosted ?? `https://${variable.split('_')[0]?.toLowerCase()}.example.com`;
  return {
    variable,
    meaning: hosted ? 'address of the service' : 'address of your server',
    ...(hosted && { byDefault: hosted }),
    schema: optional.transform((text, context) => readAddress(text ?? hosted, context, example)),
  };
}

/** A text that has to match, or its default. */
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
      pattern.test(text) ? text.trim() : refuse(context, problem),
    ),
  };
}

function readAddress(text: string | undefined, context: z.RefinementCtx, example: string): string {
  if (text === undefined)
    return refuse(context, `is not set; give the address of your server, such as ${example}`);
  const problem = addressProblem(text);
  if (problem !== undefined) return refuse(context, `${problem}; give one such as ${example}`);
  return new URL(text).href.replace(/\/+$/, '');
}

/** What is wrong with an address, in a clause; `undefined` where it is one. */
export function addressProblem(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) return 'is not an http address';
  const isMore = url.username || url.password || url.search || url.hash;
  return isMore ? 'may hold no credentials, query or fragment' : undefined;
}

/** Adds an issue to what is being read. */
export function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}

/** The variable that overrides the name of a secret: `POCKET_KEY` is overridden by `POCKET_KEY_SECRET`. */
export function secretVariable(secretName: string): string {
  return `${secretName.split('#')[0]}_SECRET`;
}

/**
 * Names of the secrets, by the adapter's own names for them, as the environment overrides them. Several keys of
 * one JSON secret are overridden together: only its name changes, the keys stay.
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
