import type { Summary } from '../core/summary.ts';
import { Failure, type FailureKind } from '../failure.ts';

const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;

export type LogLevel = (typeof LEVELS)[number];

/**
 * The fields that a log line may have. There is none for the value of a secret, on purpose.
 * @internal
 */
export type LogFields = {
  /** The name of a secret. */
  readonly secret?: string;
  readonly versionId?: string;
  readonly version?: 'current' | 'previous';
};

export type Log = (level: LogLevel, message: string, fields?: LogFields) => void;

export const noLog: Log = () => {};

/** What the log says of a run besides its summary. */
type RunFacts = {
  /** Requests that the reading list refused because of a limit on calls. */
  readonly throttled: number;
  /** Whether every unread item was decided about. If not, as in most recent runs, the backlog is unknown. */
  readonly wholeList: boolean;
};

/** Events of a run, for logs and metrics. Titles and URLs are private, so there is no field for them. */
export type RunEvent =
  | {
      readonly name: 'run-started';
      readonly mode: string;
      readonly dryRun: boolean;
      /** Maximum number of items to change; absent: no limit. */
      readonly limit?: number;
      /** How many runs, with this one, have gone on by themselves; absent: it continues none. */
      readonly continuation?: number;
    }
  /** A page of the reading list was read: its number of items, and that of all pages so far. */
  | { readonly name: 'page-read'; readonly items: number; readonly listed: number; readonly total?: number }
  | { readonly name: 'item-failed'; readonly itemId: string; readonly reason: string }
  | ({ readonly name: 'run-finished'; readonly summary: Summary } & RunFacts)
  | {
      readonly name: 'run-failed';
      readonly kind: FailureKind | 'unknown';
      readonly reason: string;
      /** Of an account, whose runs before it had not failed. */
      readonly isFirst?: true;
    };

export type Telemetry = {
  readonly log: Log;
  /** Called with each event of a run. */
  readonly emit: (event: RunEvent) => void;
};

/** Telemetry of a stage, and of the accounts that it serves: each line names the account. */
export type StageTelemetry = Telemetry & { readonly forAccount: (account: string) => Telemetry };

/** The event of a failed run. Only the name of an error that is no `Failure` is logged: its message may hold secrets. */
export function runFailed(error: unknown): Extract<RunEvent, { name: 'run-failed' }> {
  if (error instanceof Failure) return { name: 'run-failed', kind: error.kind, reason: error.message };
  return {
    name: 'run-failed',
    kind: 'unknown',
    reason: error instanceof Error ? error.name : 'not an error',
  };
}

/** An event as a log line: its level, and its fields without the name. */
function logLineOf(event: RunEvent): { readonly level: LogLevel; readonly fields: object } {
  const { name, ...fields } = event;
  if (event.name === 'item-failed') return { level: 'WARN', fields };
  if (event.name === 'run-failed') return { level: 'ERROR', fields };
  if (event.name !== 'run-finished') return { level: 'INFO', fields };
  const { summary, throttled, wholeList } = event;
  const { message, failed, ...counts } = summary;
  return {
    level: 'INFO',
    fields: {
      result: message,
      ...counts,
      failed: failed.count,
      throttled,
      wholeList,
      ...(wholeList && backlogOf(summary)),
    },
  };
}

/** The backlog over all bands, whose names a query need not know. */
function backlogOf({ backlog }: Summary): object {
  const bands = Object.values(backlog);
  return {
    backlogItems: bands.reduce((sum, { items }) => sum + items, 0),
    backlogMinutes: bands.reduce((sum, { minutes }) => sum + minutes, 0),
  };
}

type Environment = Readonly<Record<string, string | undefined>>;
type WriteLine = (line: string) => void;

const toStandardError: WriteLine = (line) => process.stderr.write(`${line}\n`);

/**
 * A log of one JSON object a line on standard error, since standard output is for the result. Lines below `LOG_LEVEL`
 * (default INFO; SILENT drops all) are dropped.
 */
export function jsonLog(env: Environment, write: WriteLine = toStandardError): Log {
  return jsonTelemetry(env, write).log;
}

/** Telemetry outside Lambda: as `jsonLog`, with a line for each event, and no metrics. */
export function jsonTelemetry(env: Environment, write: WriteLine = toStandardError): StageTelemetry {
  const isLogged = levelFilter(env);
  const of = (account?: string) =>
    telemetryOf((level, message, fields) => {
      if (isLogged(level)) write(JSON.stringify({ level, message, ...fields }));
    }, account);
  return { ...of(), forAccount: of };
}

/** Whether lines of a level are logged, by `LOG_LEVEL`. */
export function levelFilter(env: Environment): (level: LogLevel) => boolean {
  const name = env.LOG_LEVEL?.trim().toUpperCase() || 'INFO';
  const lowest = name === 'SILENT' ? LEVELS.length : Math.max(0, LEVELS.indexOf(name as LogLevel));
  return (level) => LEVELS.indexOf(level) >= lowest;
}

/**
 * Telemetry that writes log calls and events as lines, each with the name of the account where there is one. Fields
 * other than those of `LogFields` are not written.
 */
export function telemetryOf(
  writeLine: (level: LogLevel, message: string, fields: object) => void,
  account?: string,
): Telemetry {
  const ofAccount = account === undefined ? {} : { account };
  return {
    log: (level, message, { secret, versionId, version } = {}) =>
      writeLine(level, message, { ...ofAccount, secret, versionId, version }),
    emit: (event) => {
      const { level, fields } = logLineOf(event);
      writeLine(level, event.name, { ...ofAccount, ...fields });
    },
  };
}
