import type { Summary } from '../core/summary.ts';
import { Failure, type FailureKind } from '../failure.ts';
import type { RunFacts } from './measures.ts';

const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;

export type LogLevel = (typeof LEVELS)[number];

/** All that a log line may hold beside its sentence. There is no field for a value on purpose. */
export type LogFields = {
  /** The name of a secret. */
  readonly secret?: string;
  readonly versionId?: string;
  readonly version?: 'current' | 'previous';
};

export type Log = (level: LogLevel, message: string, fields?: LogFields) => void;

export const noLog: Log = () => {};

/** What happens in a run, for whoever watches. Titles and URLs are private, so there is no field for them. */
export type RunEvent =
  | {
      readonly name: 'run-started';
      readonly mode: string;
      readonly dryRun: boolean;
      /** The most items it may change, where there is a limit. */
      readonly limit?: number;
    }
  /** One page of the reading list: its items, and the items up to here. */
  | { readonly name: 'page-read'; readonly items: number; readonly listed: number; readonly total?: number }
  | { readonly name: 'item-failed'; readonly itemId: string; readonly reason: string }
  | ({ readonly name: 'run-finished'; readonly summary: Summary } & RunFacts)
  | { readonly name: 'run-failed'; readonly kind: FailureKind | 'unknown'; readonly reason: string };

export type Telemetry = {
  readonly log: Log;
  readonly watch: (event: RunEvent) => void;
};

/** A failed run as an event. What is no `Failure` of ours may hold anything, so only its name is told. */
export function runFailed(error: unknown): RunEvent {
  if (error instanceof Failure) return { name: 'run-failed', kind: error.kind, reason: error.message };
  return {
    name: 'run-failed',
    kind: 'unknown',
    reason: error instanceof Error ? error.name : 'not an error',
  };
}

/** An event as a log line: its level, and the fields beside its name. */
export function lineOf(event: RunEvent): { readonly level: LogLevel; readonly fields: object } {
  const { name, ...fields } = event;
  if (event.name === 'item-failed') return { level: 'WARN', fields };
  if (event.name === 'run-failed') return { level: 'ERROR', fields };
  if (event.name !== 'run-finished') return { level: 'INFO', fields };
  const { message, failed, ...counts } = event.summary;
  return {
    level: 'INFO',
    fields: { result: message, ...counts, failed: failed.count, throttled: event.throttled },
  };
}

type Write = (line: string) => void;

const toStandardError: Write = (line) => process.stderr.write(`${line}\n`);

/**
 * One JSON object a line, on standard error, so that standard output stays the result's. Lines below
 * `LOG_LEVEL` (by default INFO; SILENT for none) are dropped.
 */
export function jsonLog(
  env: Readonly<Record<string, string | undefined>>,
  write: Write = toStandardError,
): Log {
  const put = jsonLines(env, write);
  return (level, message, { secret, versionId, version } = {}) =>
    put(level, message, { secret, versionId, version });
}

/** The log of a run that is not in Lambda, with a line for each event, and no metrics. */
export function jsonTelemetry(
  env: Readonly<Record<string, string | undefined>>,
  write: Write = toStandardError,
): Telemetry {
  const put = jsonLines(env, write);
  const watch = (event: RunEvent) => {
    const { level, fields } = lineOf(event);
    put(level, event.name, fields);
  };
  return { log: jsonLog(env, write), watch };
}

function jsonLines(env: Readonly<Record<string, string | undefined>>, write: Write) {
  const asked = env.LOG_LEVEL?.trim().toUpperCase() || 'INFO';
  const least = asked === 'SILENT' ? LEVELS.length : Math.max(0, LEVELS.indexOf(asked as LogLevel));
  return (level: LogLevel, message: string, fields: object) => {
    if (LEVELS.indexOf(level) >= least) write(JSON.stringify({ level, message, ...fields }));
  };
}
