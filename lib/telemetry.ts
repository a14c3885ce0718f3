const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;

type LogLevel = (typeof LEVELS)[number];

/** All that a log line may hold beside its sentence. There is no field for a value on purpose. */
export type LogFields = {
  /** The name of a secret. */
  readonly secret?: string;
  readonly versionId?: string;
  readonly version?: 'current' | 'previous';
};

export type Log = (level: LogLevel, message: string, fields?: LogFields) => void;

export const noLog: Log = () => {};

/**
 * One JSON object a line, on standard error, so that standard output stays the result's. Lines below
 * `LOG_LEVEL` (by default INFO; SILENT for none) are dropped.
 */
export function jsonLog(
  env: Readonly<Record<string, string | undefined>>,
  write: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
): Log {
  const asked = env.LOG_LEVEL?.trim().toUpperCase() || 'INFO';
  const least = asked === 'SILENT' ? LEVELS.length : Math.max(0, LEVELS.indexOf(asked as LogLevel));
  return (level, message, { secret, versionId, version } = {}) => {
    if (LEVELS.indexOf(level) >= least) write(JSON.stringify({ level, message, secret, versionId, version }));
  };
}
