import * as z from 'zod';
import { type Band, ownedTags, type PlanRules } from './core/plan.ts';
import type { ReaderSpeed } from './core/reading-speed.ts';
import { Failure } from './failure.ts';
import { pocketTagName } from './reading-lists/pocket.ts';

/** What the environment says, read and checked. */
export type Settings = {
  readonly readingList: 'pocket';
  /** Base URL up to and including `/v3`, without a slash at the end. */
  readonly pocketApiUrl: string;
  readonly secretsFrom: 'aws' | 'env';
  /** How long a secret that was read is good for. */
  readonly secretMaxAgeMs: number;
  /** From this age on a check warns: days. */
  readonly secretMaxAgeDays: number;
  readonly secretNames: { readonly consumerKey: string; readonly accessToken: string };
  readonly rules: PlanRules;
  readonly speed: ReaderSpeed;
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

const optional = z.string().optional();
const variables = z.object({
  READING_LIST: z
    .literal('pocket', { error: 'is not a service the tagger knows; choose: pocket' })
    .default('pocket'),
  POCKET_API_URL: optional.transform(readApiUrl),
  SECRETS_FROM: z.enum(['aws', 'env'], { error: 'choose aws or env' }).default('aws'),
  POCKET_KEY_SECRET: z.string().default('POCKET_KEY'),
  POCKET_TOKEN_SECRET: z.string().default('POCKET_TOKEN'),
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
  FETCH_PAGES: z.enum(['true', 'false'], { error: 'choose true or false' }).default('true'),
  PAGES_ALLOW_HOSTS: z.string().default('').transform(list),
  PAGES_RECENT_DAYS: z.coerce.number(notDays).min(0, notDays).default(7),
});

/** The names of the secrets alone, which make sense without the other settings. */
export function readSecretNames(env: Environment): readonly string[] {
  return [env.POCKET_KEY_SECRET?.trim() || 'POCKET_KEY', env.POCKET_TOKEN_SECRET?.trim() || 'POCKET_TOKEN'];
}

/**
 * Reads the settings. Throws one `Failure` of kind `settings` that names everything that is wrong, each with
 * its remedy. An empty variable counts as not set, except `VIDEO_TAG`, where it means: no such tag.
 */
export function readSettings(env: Environment): Settings {
  const given = Object.entries(env).filter(([name, value]) => name === 'VIDEO_TAG' || value?.trim());
  const parsed = variables.safeParse(Object.fromEntries(given));
  if (!parsed.success) throw failureOf(parsed.error.issues.map((issue) => sentenceOf(issue, env)));
  const found = parsed.data;
  const videoTag = found.VIDEO_TAG.trim();
  const rules = { ...found.BANDS, retiredTags: found.RETIRED_TAGS, ...(videoTag && { videoTag }) };
  const problems = tagProblems(rules);
  if (problems.length > 0) throw failureOf(problems);
  return {
    readingList: found.READING_LIST,
    pocketApiUrl: found.POCKET_API_URL,
    secretsFrom: found.SECRETS_FROM,
    secretMaxAgeMs: found.SECRET_MAX_AGE_S * 1000,
    secretMaxAgeDays: found.SECRET_MAX_AGE_DAYS,
    secretNames: { consumerKey: found.POCKET_KEY_SECRET, accessToken: found.POCKET_TOKEN_SECRET },
    rules,
    speed: {
      ...(found.WORDS_PER_MINUTE && { wordsPerMinute: found.WORDS_PER_MINUTE }),
      ...(found.CJK_CHARACTERS_PER_MINUTE && { cjkCharactersPerMinute: found.CJK_CHARACTERS_PER_MINUTE }),
    },
    maxChanges: found.MAX_CHANGES,
    pages: {
      fetch: found.FETCH_PAGES === 'true',
      allowHosts: found.PAGES_ALLOW_HOSTS,
      recentDays: found.PAGES_RECENT_DAYS,
    },
  };
}

function readApiUrl(text: string | undefined, context: z.RefinementCtx): string {
  const example = 'the base URL of a Pocket v3 server, such as http://127.0.0.1:8383/v3 of `npm run pocket`';
  if (text === undefined) {
    return refuse(context, `is not set: Pocket's own API closed on 2025-10-08; set ${example}`);
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    return refuse(context, `is not an http address; give ${example}`);
  }
  if (url.username || url.password || url.search || url.hash) {
    return refuse(context, `may hold no credentials, query or fragment; give ${example}`);
  }
  if (/(^|\.)getpocket\.com$/.test(url.hostname)) {
    return refuse(context, `is Pocket's own API, which closed on 2025-10-08; give ${example}`);
  }
  return url.href.replace(/\/+$/, '');
}

/** `tag:minutes, tag:minutes, tag`: rising, the last without a limit. A tag may hold colons of its own. */
function readBands(text: string, context: z.RefinementCtx): { bands: readonly Band[]; beyond: string } {
  const entries = list(text);
  const beyond = entries.at(-1) ?? '';
  const bands = entries.slice(0, -1).map((entry) => {
    const [, tag = '', minutes] = /^(.*):\s*(\d+)$/.exec(entry) ?? [];
    return { tag: tag.trim(), upToMinutes: Number(minutes), entry };
  });
  const odd = bands.find(({ tag, upToMinutes }) => !tag || !(upToMinutes > 0));
  if (odd) return refuse(context, `"${odd.entry}" has no limit; write "${odd.entry}:5" for up to 5 minutes`);
  if (!beyond || /:\s*\d+$/.test(beyond)) {
    return refuse(
      context,
      `the last band, "${beyond}", covers everything longer and takes no limit; write "${DEFAULT_BANDS}"`,
    );
  }
  const falling = bands.find(({ upToMinutes }, at) => upToMinutes <= (bands[at - 1]?.upToMinutes ?? 0));
  if (falling) return refuse(context, `"${falling.entry}" is out of order; the limits have to rise`);
  return { bands: bands.map(({ tag, upToMinutes }) => ({ tag, upToMinutes })), beyond };
}

/** Tags that contradict each other, or that the service would keep under another name. */
function tagProblems(rules: PlanRules): string[] {
  const tags = ownedTags(rules);
  const rewritten = tags.filter((tag) => pocketTagName(tag) !== tag);
  const twice = tags.filter((tag, at) => tags.indexOf(tag) !== at);
  return [
    ...rewritten.map(
      (tag) =>
        `Tag "${tag}": Pocket lower-cases and trims tags, cuts them to 25 characters and escapes quotes, so it would come back as "${pocketTagName(tag)}"; write it that way in BANDS, VIDEO_TAG or RETIRED_TAGS`,
    ),
    ...twice.map(
      (tag) =>
        `Tag "${tag}": stands twice in BANDS, VIDEO_TAG and RETIRED_TAGS; each tag may mean one thing only`,
    ),
  ];
}

function list(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
}

function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}

/** `NAME "value": what is wrong`, without the value where an address may carry credentials. */
function sentenceOf({ path, message }: z.core.$ZodIssue, env: Environment): string {
  const name = path.join('.');
  const value = env[name];
  const shown = value?.trim() && !(name === 'POCKET_API_URL' && /[@?#]/.test(value)) ? ` "${value}"` : '';
  return `${name}${shown}: ${message}`;
}

function failureOf(problems: readonly string[]): Failure {
  return new Failure('settings', problems.join('. '));
}
