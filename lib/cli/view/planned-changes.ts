import stringWidth from 'string-width';
import { formatNumber } from '../../core/format-number.ts';
import type { Tag } from '../../core/item.ts';
import type { Decision, PlannedRow } from '../../core/plan.ts';
import { bandColours, plainTable, printable } from './format.ts';

/** Widths of the column of titles. */
const [MIN_COLUMNS, MAX_COLUMNS] = [20, 60];
/** Width of the table where the output is no terminal. */
const DEFAULT_COLUMNS = 100;

/** The line of `tag --dry-run` for an item that would change: what is added and removed, its minutes and its title. */
export function dryRunLine(decision: Decision): string | undefined {
  if (decision.kind !== 'change') return undefined;
  const { add, remove, item } = decision;
  const tags = [...add.map((tag) => `+ ${tag}`), ...remove.map(({ name }) => `- ${printable(name)}`)];
  const minutes = decision.minutes === undefined ? '' : `${decision.minutes} min`;
  return `${tags.join('  ').padEnd(24)} ${minutes.padStart(7)}  ${printable(item.title ?? item.url ?? item.id)}`;
}

/** A line for each item that would change, no wider than `columns`. Titles are somebody else's text. */
export function planTable(
  rows: readonly PlannedRow[],
  {
    tags,
    columns = process.stdout.columns || DEFAULT_COLUMNS,
  }: { tags: readonly string[]; columns?: number },
): string {
  const titleWidth = Math.max(MIN_COLUMNS, Math.min(MAX_COLUMNS, columns - widthBesideTitles(rows)));
  const coloured = bandColours(tags);
  return plainTable(
    { head: ['title', 'words', 'minutes', 'from', 'to'], align: ['left', 'right', 'right', 'left', 'left'] },
    rows.map((row) => [
      printable(row.title, titleWidth),
      optional(row.words),
      optional(row.minutes),
      fromText(row),
      coloured(row.to ?? '', printable(row.to ?? '')),
    ]),
  );
}

/** The columns of the table but for the titles: heads, texts, and two spaces between them. */
function widthBesideTitles(rows: readonly PlannedRow[]): number {
  const longest = (texts: readonly string[]) => Math.max(...texts.map((text) => stringWidth(text)));
  return (
    4 * 2 +
    longest(['words', ...rows.map(({ words }) => optional(words))]) +
    'minutes'.length +
    longest(['from', ...rows.map(fromText)]) +
    longest(['    ', ...rows.map(({ to = '' }) => printable(to))])
  );
}

function fromText({ from }: PlannedRow): string {
  return from.map((tag) => printable(tag)).join(', ');
}

/** A line for each tag of ours: how many items have it now, how many would, and their minutes. */
export function totalsTable(rows: readonly PlannedRow[], tags: readonly string[]): string {
  const coloured = bandColours(tags);
  return plainTable(
    { head: ['', 'now', 'then', 'minutes'], align: ['left', 'right', 'right', 'right'] },
    tags.map((tag) => {
      const then = rows.filter(({ to }) => to === tag);
      return [
        coloured(tag, printable(tag)),
        formatNumber(rows.filter(({ from }) => from.includes(tag)).length),
        formatNumber(then.length),
        formatNumber(then.reduce((sum, row) => sum + (row.minutes ?? 0), 0)),
      ];
    }),
  );
}

/**
 * A sentence where the reader had a tag of ours before the first run, in other capitals, on a service for which these
 * make no other tag. `undefined` after that run: an item with a tag as we write it shows that there was one.
 */
export function capitalsNotice(decisions: readonly Decision[], ours: readonly string[]): string | undefined {
  const managed = decisions.flatMap(({ item }) => item.tags).filter(({ name }) => ours.includes(name));
  const [tag] = managed;
  if (tag?.storedAs === undefined || !managed.every(hasOtherCapitals)) return undefined;
  const [own, our] = [printable(tag.storedAs), printable(tag.name)];
  return `"${own}" is on the list already. Capitals make no other tag here, so it counts as "${our}", and a run removes it where another band is right. If it is yours, rename one of the two first: ours in BANDS.`;
}

/** Services also write hyphens for spaces, which says nothing about who wrote the tag. */
function hasOtherCapitals({ name, storedAs = name }: Tag): boolean {
  const lettersOf = (text: string) => text.replace(/[^\p{L}\p{N}]/gu, '');
  return lettersOf(name) !== lettersOf(storedAs);
}

function optional(count: number | undefined): string {
  return count === undefined ? '' : formatNumber(count);
}
