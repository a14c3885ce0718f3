import { formatNumber } from '../core/format-number.ts';
import type { Decision } from '../core/plan.ts';
import { reasonLabel } from '../core/skip-labels.ts';
import { SKIP_SENTENCES } from '../core/skip-reason.ts';
import type { Lengths } from '../lengths/lengths.ts';
import type { Environment } from '../settings.ts';
import { dryRun } from './open-list.ts';
import type { TimeLimit } from './options.ts';
import { printable } from './view/format.ts';
import { type ExitStatus, statusOf } from './view/run-result.ts';
import { printError, wrapped } from './view/wrapped.ts';

/** Items that are listed of each reason, unless all are asked for. */
const MAX_LISTED = 20;
/** Columns. */
const [TITLE_WIDTH, URL_WIDTH] = [50, 100];

type Skip = Extract<Decision, { kind: 'skip' }>;

type UnknownOptions = TimeLimit & {
  readonly lengths: Lengths | undefined;
  readonly refetch: boolean;
  readonly all: boolean;
  readonly json: boolean;
};

/** Lists the items of unknown length, by reason, as a full run finds them; nothing is written. Rejects as `run` does. */
export async function listUnknown(
  env: Environment,
  { all, json, refetch, ...options }: UnknownOptions,
): Promise<ExitStatus> {
  const found = await dryRun(env, { mode: 'full', refetch }, { ...options, quiet: json });
  const skips = found.decisions.filter((decision): decision is Skip => decision.kind === 'skip');
  const rows = skips.map(({ item: { id, title, url }, reason }) => ({ id, title, url, reason }));
  if (json) console.log(JSON.stringify({ unknown: rows }));
  else console.log(unknownText(skips, all ? skips.length : MAX_LISTED));
  if (!found.summary.complete) printError(`this is of a part of the list. ${found.summary.message}`);
  return found.tellOffline() ? 1 : statusOf(found.summary);
}

/** The reasons, the most frequent first, each with its items. */
function unknownText(skips: readonly Skip[], maxListed: number): string {
  if (skips.length === 0) return 'Every length is known.';
  const byReason = [...Map.groupBy(skips, ({ reason }) => reason)].sort(
    ([, one], [, other]) => other.length - one.length,
  );
  return byReason
    .map(([reason, items]) => {
      const left = items.length - maxListed;
      return [
        wrapped(`${formatNumber(items.length)} ${reasonLabel(reason)}: ${SKIP_SENTENCES[reason]}`),
        ...items.slice(0, maxListed).map(({ item }) => `  ${lineOf(item)}`),
        ...(left > 0 ? [`  … ${formatNumber(left)} more (--all)`] : []),
      ].join('\n');
    })
    .join('\n\n');
}

function lineOf({ id, title, url }: Skip['item']): string {
  return [...(title ? [printable(title, TITLE_WIDTH)] : []), printable(url ?? id, URL_WIDTH)].join('  ');
}
