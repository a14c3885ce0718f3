import { writeFileSync } from 'node:fs';
import { Failure } from '../failure.ts';
import { reportFacts } from '../report/report-facts.ts';
import { reportPage } from '../report/report-page.ts';
import { readSettings } from '../settings.ts';
import type { ExitStatus } from './exit-status.ts';
import { lookAtList } from './look-at-list.ts';

export type ReportOptions = { readonly out: string; readonly pages: boolean };

/** Writes the whole reading list as a page, for its owner's eyes only. Rejects as `run` does. */
export async function reportList({ out, pages }: ReportOptions): Promise<ExitStatus> {
  if (!pages) process.env.FETCH_PAGES = 'false';
  const { decisions, summary } = await lookAtList({ mode: 'full' }, { quiet: false });
  const facts = reportFacts(decisions, readSettings(process.env).rules);
  try {
    writeFileSync(out, await reportPage(facts, { madeAt: new Date() }), { mode: 0o600 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new Failure('settings', `Cannot write "${out}": the system says ${code}.`);
  }
  console.log(`Wrote ${facts.items.length} items to "${out}".`);
  return summary.complete ? 0 : 3;
}
