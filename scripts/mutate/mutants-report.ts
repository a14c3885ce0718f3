import type { Mutated } from './mutated.ts';
import type { Mutant } from './run-stryker.ts';
import { SURVIVORS } from './survivors.ts';

/** Of the mutants that could be run, how many the tests found: 0 to 100. */
export function shareKilled(mutants: readonly Mutant[]): number {
  const killed = countOf(mutants, 'killed');
  const survived = countOf(mutants, 'survived');
  return killed + survived === 0 ? 100 : (100 * killed) / (killed + survived);
}

/** What a run found in a folder, in Markdown. */
export function folderReport({ folder, leastKilled }: Mutated, mutants: readonly Mutant[]): string {
  const files = Map.groupBy(mutants, ({ file }) => within(folder, file));
  const rows = [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([file, some]) => fileRow(file, some));
  const survivors = mutants.filter(({ status }) => status === 'survived');
  return `### \`lib/${folder}/\`: ${percent(mutants)} killed, at least ${leastKilled} % asked

| file | mutants | killed | survived | share killed |
|---|--:|--:|--:|--:|
${[...rows, fileRow('all', mutants)].join('\n')}

${survivors.length === 0 ? 'No mutant survived.' : survivorTable(folder, survivors)}`;
}

/** The survivors without a reason, one a line. */
export function unexplained(mutants: readonly Mutant[]): readonly string[] {
  return mutants
    .filter((mutant) => mutant.status === 'survived' && whyOf(mutant) === undefined)
    .map(({ file, line, code, replacement }) => `${file}:${line}  ${code}  ->  ${replacement}`);
}

/** Reasons for mutants that no longer survive: these may go. */
export function needless(mutants: readonly Mutant[]): readonly string[] {
  const files = new Set(mutants.map(({ file }) => file));
  const survivors = mutants.filter(({ status }) => status === 'survived');
  return SURVIVORS.filter(({ file }) => files.has(file)).flatMap((reason) =>
    reason.code
      .filter((code) => !survivors.some((mutant) => explains({ ...reason, code: [code] }, mutant)))
      .map((code) => `${reason.file}  ${code}`),
  );
}

function fileRow(file: string, mutants: readonly Mutant[]): string {
  const killed = countOf(mutants, 'killed');
  const survived = countOf(mutants, 'survived');
  return `| ${file} | ${killed + survived} | ${killed} | ${survived} | ${percent(mutants)} |`;
}

function survivorTable(folder: string, survivors: readonly Mutant[]): string {
  const groups = Map.groupBy(
    survivors,
    (mutant) => `${within(folder, mutant.file)} | ${whyOf(mutant) ?? ''}`,
  );
  const rows = [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, some]) => survivorRow(folder, some));
  return `| survivors in | changes that no test tells | why |\n|---|---|---|\n${rows.join('\n')}`;
}

function survivorRow(folder: string, survivors: readonly Mutant[]): string {
  const [first] = survivors;
  if (!first) return '';
  const changes = survivors.map(({ code, replacement }) => `${quoted(code)} → ${quoted(replacement)}`);
  return `| ${within(folder, first.file)} | ${changes.join('<br>')} | ${whyOf(first) ?? 'no reason is known yet'} |`;
}

const MAX_CODE = 60;

function quoted(code: string): string {
  const short = code.length > MAX_CODE ? `${code.slice(0, MAX_CODE)}…` : code;
  return `\`\` ${short.replaceAll('|', '\\|')} \`\``;
}

function whyOf(mutant: Mutant): string | undefined {
  return SURVIVORS.find((survivor) => explains(survivor, mutant))?.why;
}

function explains({ file, code, to }: (typeof SURVIVORS)[number], mutant: Mutant): boolean {
  return file === mutant.file && code.includes(mutant.code) && (!to || to.includes(mutant.replacement));
}

function countOf(mutants: readonly Mutant[], status: Mutant['status']): number {
  return mutants.filter((mutant) => mutant.status === status).length;
}

function percent(mutants: readonly Mutant[]): string {
  return `${shareKilled(mutants).toFixed(1)} %`;
}

function within(folder: string, file: string): string {
  return file.slice(`lib/${folder}/`.length);
}
