import * as z from 'zod';
import { DEFAULT_BANDS, list, readBands, tagProblems } from './bands.ts';
import { CODE_READING, MIN_CONFIDENCE, type ReaderSettings } from './core/estimate.ts';
import type { PlanRules } from './core/plan.ts';
import { Failure, joinSentences, withoutControls } from './failure.ts';
import {
  addIssue,
  readServiceSettings,
  type Service,
  type ServiceSetting,
  secretNameProblems,
  secretNamesOf,
  variablesOf,
} from './reading-lists/service-settings.ts';
import { SERVICES, type ServiceName, serviceNamed } from './reading-lists/services.ts';
import { forgottenName, misspeltVariables, problemText } from './setting-names.ts';

/** What the environment says, read and checked. */
export type Settings = {
  readonly readingList: ServiceName;
  /** What the service alone asks for, by its adapter's own names. */
  readonly serviceSettings: Readonly<Record<string, string>>;
  readonly secretsFrom: 'aws' | 'env';
  /** How long a secret that was read is good for. */
  readonly secretMaxAgeMs: number;
  /** From this age on a check warns: days. */
  readonly secretMaxAgeDays: number;
  /** Names of the secrets that the service needs, by its adapter's own names for them. */
  readonly secretNames: Readonly<Record<string, string>>;
  readonly rules: PlanRules;
  readonly speed: ReaderSettings;
  /** The most items that one run may change. */
  readonly maxChanges: number;
  /** Whether and how to read the page of an item whose length the service does not know. */
  readonly pages: {
    readonly fetch: boolean;
    /** `host:port` that may be reached although private. */
    readonly allowHosts: readonly string[];
    /** How long ago an item may have been saved for a recent run to read its page. */
    readonly recentDays: number;
  };
};

/** Variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

type Row<Schema extends z.ZodType = z.ZodType> = Pick<ServiceSetting, 'meaning' | 'byDefault'> & {
  /** Reads the text of the variable, or of the default. Its issues are clauses that follow `NAME "value":`. */
  readonly schema: Schema;
  /** A deployed function has it from its parameter alone: in the environment it is meant for the terminal. */
  readonly isParameterOnly?: true;
  /** Set by who runs the tagger, never by one of the accounts that it serves. */
  readonly isOfOperator?: true;
};

const AGE_S = 'is not a time to remember a secret; give seconds between 0 and 86400, such as 3600';
const AGE_DAYS = "is not a secret's age; give whole days above 0, such as 90";
const CHANGES = 'is not a number of items; give a whole one above 0, such as 2000';
const CONFIDENCE = `is not a share; give one from 0 to 1, such as ${MIN_CONFIDENCE}`;
const PICTURE = 'is not a time for a picture; give seconds between 0 and 600, such as 12';
const DAYS = 'is not a number of days; give one such as 7';
const LOG_LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'SILENT'] as const;
const LEVEL = `is not a level; choose ${LOG_LEVELS.join(', ')}`;
const CODE_WAYS = Object.keys(CODE_READING) as (keyof typeof CODE_READING)[];
const CODE_WAY = `choose ${CODE_WAYS.join(', ')}`;
const SPEED = 'is not a reading speed; give a number a minute between 20 and 2000, such as 238';

const speed = z.coerce.number(SPEED).min(20, SPEED).max(2000, SPEED).optional();
const flag = z.enum(['true', 'false'], 'choose true or false').transform((text) => text === 'true');

/**
 * The settings that do not depend on the service, by their variables. A row is the only place that knows a setting:
 * the parameters of a stage are made from it, and README.md, serverless.yml and .env.example are tested against it.
 */
const ROWS = {
  READING_LIST: {
    byDefault: 'pocket',
    meaning: 'which service; docs/reading-lists.md has the settings of each',
    schema: z.string().trim().transform(readService),
  },
  SECRETS_FROM: {
    byDefault: 'aws',
    meaning: 'aws (Secrets Manager) or env; at a terminal, env',
    schema: z.enum(['aws', 'env'], 'choose aws or env'),
    isParameterOnly: true,
    isOfOperator: true,
  },
  BANDS: {
    byDefault: DEFAULT_BANDS,
    meaning: 'tag and the most minutes it covers, rising; the last has no limit',
    schema: z.string().transform(readBands),
  },
  RETIRED_TAGS: {
    byDefault: '',
    meaning: 'tags that an earlier setting wrote, to be removed where they are found',
    schema: z.string().transform(list),
  },
  VIDEO_TAG: {
    byDefault: 'article with video',
    meaning: 'tag for an article that is really about a video; empty: treat it as any article',
    schema: z.string().trim(),
  },
  WORDS_PER_MINUTE: { meaning: 'your own speed in English; other languages scale with it', schema: speed },
  CJK_CHARACTERS_PER_MINUTE: { meaning: 'your own speed in Chinese and Japanese', schema: speed },
  CODE: {
    byDefault: 'prose',
    meaning: 'words in blocks of code: prose, slow (a third of the speed) or skip; of pages and stored texts',
    schema: z.string().trim().toLowerCase().pipe(z.enum(CODE_WAYS, CODE_WAY)),
  },
  SECONDS_PER_PICTURE: {
    byDefault: '0',
    meaning: 'time for each picture among the text; of pages and stored texts',
    schema: z.coerce.number(PICTURE).min(0, PICTURE).max(600, PICTURE),
  },
  TIME_LEFT: {
    byDefault: 'false',
    meaning: 'tag by the time still to read, where the service knows how far you are',
    schema: flag,
  },
  MIN_CONFIDENCE: {
    byDefault: String(MIN_CONFIDENCE),
    meaning: 'how sure the length of a page has to be, 0 to 1, to give a tag; 0: always',
    schema: z.coerce.number(CONFIDENCE).min(0, CONFIDENCE).max(1, CONFIDENCE),
  },
  MAX_CHANGES: {
    byDefault: '2000',
    meaning: 'the most items that one run changes, newest first; the result says how many are left',
    schema: z.coerce.number(CHANGES).int(CHANGES).min(1, CHANGES),
  },
  FETCH_PAGES: {
    byDefault: 'true',
    meaning: 'read the page of an item whose length the service does not know',
    schema: flag,
  },
  PAGES_RECENT_DAYS: {
    byDefault: '7',
    meaning: 'hourly runs try the pages of items added so many days ago; the weekly run tries all',
    schema: z.coerce.number(DAYS).min(0, DAYS),
  },
  PAGES_ALLOW_HOSTS: {
    byDefault: '',
    meaning: 'host:port, ... that page reading may reach although private',
    schema: z.string().transform(list),
    isParameterOnly: true,
    isOfOperator: true,
  },
  SECRET_MAX_AGE_S: {
    byDefault: '3600',
    meaning: 'how long a secret that was read is kept in memory',
    schema: z.coerce.number(AGE_S).min(0, AGE_S).max(86_400, AGE_S),
    isOfOperator: true,
  },
  SECRET_MAX_AGE_DAYS: {
    byDefault: '90',
    meaning: 'from which age on a check warns',
    schema: z.coerce.number(AGE_DAYS).int(AGE_DAYS).min(1, AGE_DAYS),
    isOfOperator: true,
  },
  LOG_LEVEL: {
    byDefault: 'INFO',
    meaning: 'DEBUG, INFO, WARN, ERROR or SILENT',
    // Read by the log itself; here only to refuse a level that it does not know.
    schema: z.string().trim().toUpperCase().pipe(z.enum(LOG_LEVELS, LEVEL)),
    isParameterOnly: true,
    isOfOperator: true,
  },
} as const satisfies Record<string, Row>;

type Values = { readonly [Name in keyof typeof ROWS]: z.output<(typeof ROWS)[Name]['schema']> };

/** The settings that every reading list has: `SETTINGS.BANDS` is the row of `BANDS`. */
export const SETTINGS: Readonly<Record<keyof typeof ROWS, Row>> = ROWS;

/** Settings that belong to a list, not to whoever has several: which service, and where its secrets are. */
const OF_ONE_LIST = ['READING_LIST', 'SECRETS_FROM'];

/** The settings that count for every list of one environment, unless a list has its own. */
export const GENERAL_SETTINGS: readonly string[] = Object.keys(ROWS).filter(
  (name) => !OF_ONE_LIST.includes(name),
);

/**
 * Every variable that a stage may set by its parameter, for all the services: settings, and names of secrets, such
 * as `POCKET_KEY_SECRET`.
 */
export function stageVariables(): string[] {
  return [...new Set([...Object.keys(ROWS), ...Object.values<Service>(SERVICES).flatMap(variablesOf)])];
}

/** The names of the secrets alone, which make sense without the other settings. */
export function readSecretNames(env: Environment): readonly string[] {
  return Object.values(secretNamesOf(chosenService(env) ?? SERVICES.pocket, env));
}

function chosenService(env: Environment): Service | undefined {
  return serviceNamed(env.READING_LIST?.trim() || ROWS.READING_LIST.byDefault);
}

function readService(name: string, context: z.RefinementCtx): ServiceName {
  if (serviceNamed(name)) return name as ServiceName;
  return addIssue(context, `is not a service the tagger knows; choose: ${Object.keys(SERVICES).join(', ')}`);
}

/**
 * Reads the settings. Throws one `Failure` of kind `settings` that names everything that is wrong, each with
 * its remedy. An empty variable counts as not set, except `VIDEO_TAG`, where it means: no such tag.
 */
export function readSettings(env: Environment): Settings {
  const given = Object.fromEntries(
    Object.entries(env).filter(([name, value]) => name === 'VIDEO_TAG' || value?.trim()),
  );
  const service = chosenService(env);
  const common = readCommon(given);
  const forgotten = forgottenName(env);
  const own = readServiceSettings(service, given);
  const issues = [...(common.error?.issues ?? []), ...(forgotten ? [] : own.issues)];
  const problems = [
    ...misspeltVariables(env, stageVariables()),
    ...(forgotten ? [forgotten] : []),
    ...(service ? secretNameProblems(service, env) : []),
    ...issues.map(({ path, message }) => problemText(path.join('.'), message, env)),
  ];
  if (!service || !common.success || problems.length > 0) throw failureOf(problems);
  const found = common.data;
  const videoTag = found.VIDEO_TAG;
  const rules = { ...found.BANDS, retiredTags: found.RETIRED_TAGS, ...(videoTag && { videoTag }) };
  const tagTroubles = tagProblems(rules, service);
  if (tagTroubles.length > 0) throw failureOf(tagTroubles);
  return {
    readingList: found.READING_LIST,
    serviceSettings: own.settings,
    secretsFrom: found.SECRETS_FROM,
    secretMaxAgeMs: found.SECRET_MAX_AGE_S * 1000,
    secretMaxAgeDays: found.SECRET_MAX_AGE_DAYS,
    secretNames: secretNamesOf(service, env),
    rules,
    speed: {
      ...(found.WORDS_PER_MINUTE && { wordsPerMinute: found.WORDS_PER_MINUTE }),
      ...(found.CJK_CHARACTERS_PER_MINUTE && { cjkCharactersPerMinute: found.CJK_CHARACTERS_PER_MINUTE }),
      ...(found.TIME_LEFT && { timeLeft: true }),
      ...(found.CODE !== 'prose' && { code: found.CODE }),
      ...(found.SECONDS_PER_PICTURE && { secondsPerPicture: found.SECONDS_PER_PICTURE }),
      minConfidence: found.MIN_CONFIDENCE,
    },
    maxChanges: found.MAX_CHANGES,
    pages: {
      fetch: found.FETCH_PAGES,
      allowHosts: found.PAGES_ALLOW_HOSTS,
      recentDays: found.PAGES_RECENT_DAYS,
    },
  };
}

/** What every service has, by the names of the variables. */
function readCommon(given: Environment): z.ZodSafeParseResult<Values> {
  const schemas = Object.entries<Row>(ROWS).map(([name, { schema }]) => [name, schema] as const);
  const defaults = Object.entries<Row>(ROWS).map(([name, { byDefault }]) => [name, byDefault] as const);
  const shape = z.object(Object.fromEntries(schemas));
  return shape.safeParse({ ...Object.fromEntries(defaults), ...given }) as z.ZodSafeParseResult<Values>;
}

function failureOf(problems: readonly string[]): Failure {
  return new Failure('settings', withoutControls(joinSentences(problems)));
}
