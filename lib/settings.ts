import * as z from 'zod';
import { withoutControls } from './core/control-characters.ts';
import type { ReaderSettings } from './core/estimate.ts';
import { type Band, managedTags, type PlanRules } from './core/plan.ts';
import { Failure } from './failure.ts';
import { refuse, type Service, secretNamesOf } from './reading-lists/service.ts';
import { SERVICES, type ServiceName, serviceNamed } from './reading-lists/services.ts';

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

export type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_BANDS = 'a quick read:2, a medium read:5, a long read';
const DEFAULT_VIDEO_TAG = 'article with video';

const notASpeed = {
  error: 'is not a reading speed; give a number a minute between 20 and 2000, such as 238',
};
const notACap = { error: 'is not a number of items; give a whole one above 0, such as 2000' };
const notDays = { error: 'is not a number of days; give one such as 7' };
const secretAgeS = 'is not a time to remember a secret; give seconds between 0 and 86400, such as 3600';
const secretAgeDays = "is not a secret's age; give whole days above 0, such as 90";

const commonVariables = {
  SECRETS_FROM: z.enum(['aws', 'env'], { error: 'choose aws or env' }).default('aws'),
  SECRET_MAX_AGE_S: z.coerce
    .number({ error: secretAgeS })
    .min(0, { error: secretAgeS })
    .max(86_400, { error: secretAgeS })
    .default(3600),
  SECRET_MAX_AGE_DAYS: z.coerce
    .number({ error: secretAgeDays })
    .int({ error: secretAgeDays })
    .min(1, { error: secretAgeDays })
    .default(90),
  BANDS: z.string().default(DEFAULT_BANDS).transform(readBands),
  RETIRED_TAGS: z.string().default('').transform(list),
  VIDEO_TAG: z.string().default(DEFAULT_VIDEO_TAG),
  WORDS_PER_MINUTE: z.coerce.number(notASpeed).min(20, notASpeed).max(2000, notASpeed).optional(),
  CJK_CHARACTERS_PER_MINUTE: z.coerce.number(notASpeed).min(20, notASpeed).max(2000, notASpeed).optional(),
  MAX_CHANGES: z.coerce.number(notACap).int(notACap).min(1, notACap).default(2000),
  TIME_LEFT: flag('false'),
  FETCH_PAGES: flag('true'),
  PAGES_ALLOW_HOSTS: z.string().default('').transform(list),
  PAGES_RECENT_DAYS: z.coerce.number(notDays).min(0, notDays).default(7),
};

function flag(byDefault: 'true' | 'false') {
  return z
    .enum(['true', 'false'], { error: 'choose true or false' })
    .default(byDefault)
    .transform((text) => text === 'true');
}

/** The names of the secrets alone, which make sense without the other settings. */
export function readSecretNames(env: Environment): readonly string[] {
  return Object.values(secretNamesOf(chosenService(env) ?? SERVICES.pocket, env));
}

/** The name that `READING_LIST` gives. */
function chosenName(env: Environment): string {
  return env.READING_LIST?.trim() || 'pocket';
}

function chosenService(env: Environment): Service | undefined {
  return serviceNamed(chosenName(env));
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
  const common = z.object(commonVariables).safeParse(given);
  const own = readOwn(service, given);
  const issues = [...(common.error?.issues ?? []), ...own.issues];
  const problems = [
    ...(service ? [] : [`READING_LIST "${chosenName(env)}": ${UNKNOWN_SERVICE}`]),
    ...issues.map((issue) => sentenceOf(issue, env)),
  ];
  if (!service || !common.success || problems.length > 0) throw failureOf(problems);
  const found = common.data;
  const videoTag = found.VIDEO_TAG.trim();
  const rules = { ...found.BANDS, retiredTags: found.RETIRED_TAGS, ...(videoTag && { videoTag }) };
  const tagTroubles = tagProblems(rules, service);
  if (tagTroubles.length > 0) throw failureOf(tagTroubles);
  return {
    readingList: chosenName(env) as ServiceName,
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
    },
    maxChanges: found.MAX_CHANGES,
    pages: {
      fetch: found.FETCH_PAGES,
      allowHosts: found.PAGES_ALLOW_HOSTS,
      recentDays: found.PAGES_RECENT_DAYS,
    },
  };
}

const UNKNOWN_SERVICE = `is not a service the tagger knows; choose: ${Object.keys(SERVICES).join(', ')}`;

/** What the service alone reads, by its own names. */
function readOwn(
  service: Service | undefined,
  given: Environment,
): { settings: Record<string, string>; issues: readonly z.core.$ZodIssue[] } {
  const entries = Object.entries(service?.settings ?? {});
  const shape = Object.fromEntries(entries.map(([, { variable, schema }]) => [variable, schema]));
  const { data = {}, error } = z.object(shape).safeParse(given);
  const settings = Object.fromEntries(entries.map(([key, { variable }]) => [key, data[variable] ?? '']));
  return { settings, issues: error?.issues ?? [] };
}

/** `tag:minutes, tag:minutes, tag`: rising, the last without a limit. A tag may hold colons of its own. */
function readBands(text: string, context: z.RefinementCtx): { bands: readonly Band[]; longestTag: string } {
  const entries = list(text);
  const longestTag = entries.at(-1) ?? '';
  const bands = entries.slice(0, -1).map((entry) => {
    const [, tag = '', minutes] = /^(.*):\s*(\d+)$/s.exec(entry) ?? [];
    return { tag: tag.trim(), upToMinutes: Number(minutes), entry };
  });
  const odd = bands.find(({ tag, upToMinutes }) => !tag || !(upToMinutes > 0));
  if (odd) return refuse(context, `"${odd.entry}" has no limit; write "${odd.entry}:5" for up to 5 minutes`);
  if (!longestTag || /:\s*\d+$/.test(longestTag)) {
    return refuse(
      context,
      `the last band, "${longestTag}", covers everything longer and takes no limit; write "${DEFAULT_BANDS}"`,
    );
  }
  const falling = bands.find(({ upToMinutes }, at) => upToMinutes <= (bands[at - 1]?.upToMinutes ?? 0));
  if (falling) return refuse(context, `"${falling.entry}" is out of order; the limits have to rise`);
  return { bands: bands.map(({ tag, upToMinutes }) => ({ tag, upToMinutes })), longestTag };
}

/** Tags that cannot be shown, that contradict each other, or that the service would keep under another name, or as one. */
function tagProblems(rules: PlanRules, { keepsOnly, normalizeTag }: Service): string[] {
  const tags = managedTags(rules);
  const stored = tags.map((tag) => normalizeTag(tag));
  const rewritten = keepsOnly === undefined ? [] : tags.filter((tag, at) => stored[at] !== tag);
  const twice = tags.filter((tag, at) => tags.indexOf(tag) !== at);
  const alike = tags.filter((tag, at) => stored.indexOf(stored[at] ?? '') !== at && !twice.includes(tag));
  const unseen = tags.filter((tag) => withoutControls(tag) !== tag);
  return [
    ...unseen.map(
      (tag) =>
        `Tag "${tag}": holds control characters, such as tabs, line breaks or marks of the writing direction; write it without them in BANDS, VIDEO_TAG or RETIRED_TAGS`,
    ),
    ...rewritten.map(
      (tag) =>
        `Tag "${tag}": ${keepsOnly}, so it would come back as "${normalizeTag(tag)}"; write it that way in BANDS, VIDEO_TAG or RETIRED_TAGS`,
    ),
    ...twice.map(
      (tag) =>
        `Tag "${tag}": stands twice in BANDS, VIDEO_TAG and RETIRED_TAGS; each tag may mean one thing only`,
    ),
    ...alike.map(
      (tag) =>
        `Tag "${tag}": the reading list keeps it as "${normalizeTag(tag)}", and another one of BANDS, VIDEO_TAG and RETIRED_TAGS too; give them names that differ`,
    ),
    ...tags
      .filter((_, at) => stored[at] === '')
      .map((tag) => `Tag "${tag}": the reading list would keep nothing of it; give it another name`),
  ];
}

function list(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
}

/** `NAME "value": what is wrong`, without the value where an address may carry credentials. */
function sentenceOf({ path, message }: z.core.$ZodIssue, env: Environment): string {
  const name = path.join('.');
  const value = env[name];
  const shown = value?.trim() && !(name.endsWith('_URL') && /[@?#]/.test(value)) ? ` "${value}"` : '';
  return `${name}${shown}: ${message}`;
}

function failureOf(problems: readonly string[]): Failure {
  return new Failure('settings', withoutControls(problems.join('. ')));
}
