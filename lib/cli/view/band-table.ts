import { formatNumber } from '../../core/format-number.ts';
import type { Bands } from '../../core/plan.ts';
import { countByBand } from '../../core/propose-bands.ts';
import { formatShare, plainTable, printable } from './format.ts';

/** A line for each band: up to how many minutes, and how many items of these minutes it gets. */
export function bandTable(minutes: readonly number[], bands: Bands): string {
  return plainTable(
    { align: ['left', 'left', 'right', 'right'] },
    countByBand(minutes, bands).map(({ tag, items }, at) => {
      const limit = bands.bands[at]?.upToMinutes;
      return [
        printable(tag),
        limit === undefined ? 'longer' : `up to ${limit} min`,
        formatNumber(items),
        formatShare(items / minutes.length),
      ];
    }),
  );
}

/** The bands as the setting `BANDS` has them. */
export function bandsText({ bands, longestTag }: Bands): string {
  return [...bands.map(({ tag, upToMinutes }) => `${tag}:${upToMinutes}`), longestTag].join(', ');
}
