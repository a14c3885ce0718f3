import { formatNumber } from '../../core/format-number.ts';
import type { Bands, Decision, PlanRules } from '../../core/plan.ts';
import { proposeBands, retiredTags } from '../../core/propose-bands.ts';
import { endSentence, Failure } from '../../failure.ts';
import type { HttpClient } from '../../http/request.ts';
import type { Lengths } from '../../lengths/lengths.ts';
import { SERVICES, serviceNamed } from '../../reading-lists/services.ts';
import { type Environment, readSettings } from '../../settings.ts';
import { dryRun, withoutPages } from '../run-at-terminal.ts';
import { bandsText, bandTable } from '../view/band-table.ts';
import type { Questions } from '../view/questions.ts';
import { say } from '../view/wrapped.ts';
import type { Answers } from './ask-for-list.ts';

/** How long somebody waits for the whole list. */
const TIME_LIMIT = { maxMinutes: 2 };

type Asked = {
  /** What leads to the list, with its credentials. */
  readonly env: Environment;
  /** What was read of its items before. */
  readonly lengths?: Lengths | undefined;
  /** How the list is called; default: by the proxies of `env`. */
  readonly http?: HttpClient;
  /** How bands can be proposed at another time: a sentence. */
  readonly later: string;
};

/** Shows how the list falls into the bands, and proposes some that fit it better. */
export async function askForBands(ask: Questions, { later, ...list }: Asked): Promise<Answers> {
  const { env } = list;
  const { title } = serviceNamed(env.READING_LIST ?? '') ?? SERVICES.pocket;
  const { rules } = readSettings(env);
  const decisions = await lookAtList(list);
  const minutes = decisions.flatMap((one) => ('minutes' in one && one.minutes ? [one.minutes] : []));
  say(`\n${knownText(title, minutes.length, decisions.length)}`);
  const proposed = proposeBands(minutes);
  if (proposed === undefined || !isAccepted({ ...env, ...answersFor(proposed, rules) })) {
    say(`No other bands can be proposed from that; the bands stay as they are. ${later}\n`);
    return {};
  }
  console.log(`\nAs the bands are:\n${bandTable(minutes, rules)}`);
  console.log(`\nIn quarters:\n${bandTable(minutes, proposed)}\n`);
  const chosen = await ask.choose<Bands>('Which bands?', [
    { name: `As they are: ${bandsText(rules)}`, value: rules },
    { name: `In quarters: ${bandsText(proposed)}`, value: proposed },
  ]);
  return chosen === rules ? {} : answersFor(chosen, rules);
}

function answersFor(bands: Bands, rules: PlanRules): Answers {
  const retired = retiredTags(bands, rules).join(', ');
  const isSame = retired === rules.retiredTags.join(', ');
  return { BANDS: bandsText(bands), ...(isSame ? {} : { RETIRED_TAGS: retired }) };
}

/** Whether settings make sense together: a proposed tag may be one that means something else. */
function isAccepted(env: Environment): boolean {
  try {
    readSettings(env);
    return true;
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}

/** `Of 300 unread items the length of 120 is known; the others need their pages.` */
function knownText(title: string, known: number, all: number): string {
  const items = `${formatNumber(all)} unread items`;
  if (known === 0) return `${title} tells no length of your ${items}; their pages have to be read for it.`;
  const others = known < all ? '; the others need their pages' : '';
  return `Of ${items} ${title} or an earlier run tells the length of ${formatNumber(known)}${others}.`;
}

/** Every unread item, with its length as far as the service or what is kept tells it; none where it does not answer. */
async function lookAtList({ env, lengths, http }: Omit<Asked, 'later'>): Promise<readonly Decision[]> {
  try {
    const list = withoutPages({ env, settings: readSettings(env), http, ...(lengths && { lengths }) });
    const found = await dryRun(list, { mode: 'full', refetch: false }, { quiet: false, ...TIME_LIMIT });
    return found.decisions;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    say(endSentence(error.message));
    return [];
  }
}
