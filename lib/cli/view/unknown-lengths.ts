import { formatNumber } from '../../core/format-number.ts';
import type { Decision } from '../../core/plan.ts';
import { reasonCount } from '../../core/skip-labels.ts';
import { SKIP_SENTENCES } from '../../core/skip-reason.ts';
import { printable } from './format.ts';
import { wrapped } from './wrapped.ts';

/** Columns. */
const [TITLE_WIDTH, URL_WIDTH] = [50, 100];

/** A decision to leave an item of unknown length alone. */
export type Skip = Extract<Decision, { kind: 'skip' }>;

/** The reasons, the most frequent first, each with at most so many of its items. */
export function unknownText(skips: readonly Skip[], maxListed: number): string {
  if (skips.length === 0) return 'Every length is known.';
  const byReason = [...Map.groupBy(skips, ({ reason }) => reason)].sort(
    ([, one], [, other]) => other.length - one.length,
  );
  return byReason
    .map(([reason, items]) => {
      const left = items.length - maxListed;
      return [
        wrapped(`${reasonCount(reason, items.length)}: ${SKIP_SENTENCES[reason]}`),
        ...items.slice(0, maxListed).map(({ item }) => `  ${lineOf(item)}`),
        ...(left > 0 ? [`  … ${formatNumber(left)} more (--all)`] : []),
      ].join('\n');
    })
    .join('\n\n');
}

function lineOf({ id, title, url }: Skip['item']): string {
  return [...(title ? [printable(title, TITLE_WIDTH)] : []), printable(url ?? id, URL_WIDTH)].join('  ');
}
