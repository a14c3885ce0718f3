import type { Decision } from '../core/plan.ts';
import type { Summary } from '../core/summary.ts';
import { SERVICES } from '../reading-lists/services.ts';
import type { EventRequest, RunRequest } from '../run/event.ts';
import { run, type WarmState } from '../run/run.ts';
import type { Progress } from '../run/tag-unread.ts';
import type { ListAtTerminal } from './environment.ts';
import { pageCounts } from './offline.ts';
import { contextOf, type TimeLimit } from './options.ts';
import { progressLine } from './view/progress.ts';

type TerminalOptions = TimeLimit & {
  /** No status line. */
  readonly quiet: boolean;
};

type RunOptions = TerminalOptions & {
  /** The time that is left, where the run is one of several. */
  readonly context?: ReturnType<typeof contextOf>;
  /** Abort it to end the run early. */
  readonly stop?: AbortSignal;
  /** Kept from run to run where one process makes several. */
  readonly warm?: WarmState;
  /** Called after each page of the list; `clear` removes the status line, so that output can be printed. */
  readonly onPage?: (page: Progress, clear: () => void) => void;
};

type Ran = {
  readonly summary: Summary;
  /** Says on standard error where there seems to be no network, and returns whether it is so. */
  readonly tellOffline: ReturnType<typeof pageCounts>['tellOffline'];
  /** The same sentence, for others to say; `undefined` where it is not so. */
  readonly offlineSentence: () => string | undefined;
};

/** What a run would do. */
export type DryRun = Ran & { readonly decisions: readonly Decision[] };

/** One run, with a status line. Rejects as `run` does. */
export async function runAtTerminal(
  { env, settings, lengths, http }: ListAtTerminal,
  request: RunRequest,
  { quiet, stop, warm, onPage, context, ...time }: RunOptions,
): Promise<Ran> {
  const progress = progressLine({ quiet, service: SERVICES[settings.readingList].title });
  const pages = pageCounts();
  const summary = await run({
    request,
    settings,
    env,
    lengths,
    http,
    context: context ?? contextOf(time),
    stop,
    ...(warm && { warm }),
    onWait: progress.wait,
    onPage(page) {
      progress.page(page);
      onPage?.(page, progress.clear);
    },
    onPageRead(page) {
      pages.count(page);
      progress.read();
    },
  }).finally(progress.end);
  const { tellOffline, offlineSentence } = pages;
  return { summary, tellOffline, offlineSentence };
}

/** Goes through the reading list without writing, and keeps every decision. Rejects as `run` does. */
export async function dryRun(
  list: ListAtTerminal,
  request: Pick<EventRequest, 'mode' | 'limit' | 'refetch'>,
  options: TerminalOptions,
): Promise<DryRun> {
  const decisions: Decision[] = [];
  const ran = await runAtTerminal(
    list,
    { ...request, dryRun: true },
    { ...options, onPage: (page) => decisions.push(...page.decisions) },
  );
  return { ...ran, decisions };
}

/** The same list, of whose items no page is read. */
export function withoutPages(list: ListAtTerminal): ListAtTerminal {
  const { settings } = list;
  return { ...list, settings: { ...settings, pages: { ...settings.pages, fetch: false } } };
}
