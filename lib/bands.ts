import type * as z from 'zod';
import { type Band, managedTags, type PlanRules } from './core/plan.ts';
import { withoutControls } from './failure.ts';
import { addIssue, type Service } from './reading-lists/service-settings.ts';

/** Up to 2 minutes, up to 5, and anything longer. */
export const DEFAULT_BANDS = 'a quick read:2, a medium read:5, a long read';

/** More tags than anybody tells apart in a list. */
const MAX_BANDS = 20;
/** A day: minutes. */
const MAX_LIMIT_MINUTES = 1440;

/**
 * Reads `BANDS`: `tag:minutes, tag:minutes, tag`, rising, the last without a limit. A tag may hold colons of its
 * own. Adds an issue to `context` where the text is anything else.
 */
export function readBands(
  text: string,
  context: z.RefinementCtx,
): { bands: readonly Band[]; longestTag: string } {
  const entries = list(text);
  const longestTag = entries.at(-1) ?? '';
  const bands = entries.slice(0, -1).map((entry) => {
    const [, tag = '', minutes] = LIMITED.exec(entry) ?? [];
    return { tag: tag.trim(), upToMinutes: Number(minutes), entry };
  });
  const problem = separatorProblem(text) ?? entries.map(limitProblem).find(Boolean);
  if (problem !== undefined) return addIssue(context, problem);
  const unlimited = bands.find(({ tag, upToMinutes }) => !tag || Number.isNaN(upToMinutes));
  if (unlimited)
    return addIssue(
      context,
      `"${unlimited.entry}" has no limit; write "${unlimited.entry}:5" for up to 5 minutes`,
    );
  if (!longestTag || LIMITED.test(longestTag)) {
    return addIssue(
      context,
      `the last band, "${longestTag}", covers everything longer and takes no limit; write "${DEFAULT_BANDS}"`,
    );
  }
  if (bands.length === 0)
    return addIssue(context, `is one band only, which every item would get; write "${DEFAULT_BANDS}"`);
  if (entries.length > MAX_BANDS)
    return addIssue(context, `has ${entries.length} bands; give at most ${MAX_BANDS}`);
  const falling = bands.find(({ upToMinutes }, at) => upToMinutes <= (bands[at - 1]?.upToMinutes ?? 0));
  if (falling) return addIssue(context, `"${falling.entry}" is out of order; the limits have to rise`);
  return { bands: bands.map(({ tag, upToMinutes }) => ({ tag, upToMinutes })), longestTag };
}

const LIMITED = /^(.*):\s*(\d+)$/s;

function separatorProblem(text: string): string | undefined {
  return /:\s*\d+\s*;/.test(text)
    ? `has a semicolon; put a comma between bands: "${DEFAULT_BANDS}"`
    : undefined;
}

/** What is wrong with the limit of a band, such as `a:2.5`, `a:5 min` or `a:0`. */
function limitProblem(entry: string): string | undefined {
  const [, tag = '', number = '', unit = ''] =
    /^(.*):\s*(-?\d+(?:\.\d+)?)\s*(m|min|mins|minutes?)?\.?$/is.exec(entry) ?? [];
  if (number === '') return undefined;
  const minutes = Math.min(Math.max(Math.ceil(Number(number)), 1), MAX_LIMIT_MINUTES);
  if (unit === '' && String(minutes) === number) return undefined;
  const range = `a limit is a whole number of minutes from 1 to ${MAX_LIMIT_MINUTES}, without a unit`;
  return `"${entry}": ${range}; write "${tag}:${minutes}"`;
}

/**
 * A sentence for each tag that cannot be shown, has two meanings, or that the service would store under another
 * name, under the name of another tag, or not at all. Empty where the tags can be used.
 */
export function tagProblems(
  rules: PlanRules,
  { keepsOnly, normalizeTag, maxTagCharacters = Number.POSITIVE_INFINITY }: Service,
): string[] {
  const tags = managedTags(rules);
  const stored = tags.map((tag) => normalizeTag(tag));
  const isRepeated = (tag: string, at: number) => tags.indexOf(tag) !== at;
  const problem = (tag: string, sentence: string) => `Tag "${tag}": ${sentence}`;
  const where = 'BANDS, VIDEO_TAG';
  return [
    ...tags
      .filter((tag) => withoutControls(tag) !== tag)
      .map((tag) =>
        problem(
          tag,
          `holds control characters, such as tabs, line breaks or marks of the writing direction; write it without them in ${where} or RETIRED_TAGS`,
        ),
      ),
    ...(keepsOnly === undefined ? [] : tags.filter((tag, at) => stored[at] !== tag)).map((tag) =>
      problem(
        tag,
        `${keepsOnly}, so it would come back as "${normalizeTag(tag)}"; write it that way in ${where} or RETIRED_TAGS`,
      ),
    ),
    ...tags
      .filter((_, at) => lengthOf(stored[at]) > maxTagCharacters)
      .map((tag) =>
        problem(
          tag,
          `has ${lengthOf(normalizeTag(tag))} characters, and the reading list keeps at most ${maxTagCharacters}; give it a shorter name in ${where} or RETIRED_TAGS`,
        ),
      ),
    ...tags
      .filter(isRepeated)
      .map((tag) =>
        problem(tag, `stands twice in ${where} and RETIRED_TAGS; each tag may mean one thing only`),
      ),
    ...tags
      .filter(
        (tag, at) => stored.indexOf(stored[at] ?? '') !== at && tags.indexOf(tag) === tags.lastIndexOf(tag),
      )
      .map((tag) =>
        problem(
          tag,
          `the reading list keeps it as "${normalizeTag(tag)}", and another one of ${where} and RETIRED_TAGS too; give them names that differ`,
        ),
      ),
    ...tags
      .filter((_, at) => stored[at] === '')
      .map((tag) => problem(tag, 'the reading list would keep nothing of it; give it another name')),
  ];
}

/** Characters as databases count them: an emoji of one code point is one. */
function lengthOf(text = ''): number {
  return Array.from(text).length;
}

/** The entries of a text with commas, without those that are empty. */
export function list(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
}
