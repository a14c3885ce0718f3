/** What a schedule of EventBridge Scheduler says of when it begins. */
type Timing = {
  readonly ScheduleExpression?: string | undefined;
  /** Of a cron expression. Default: UTC. */
  readonly ScheduleExpressionTimezone?: string | undefined;
  readonly StartDate?: Date | undefined;
  readonly CreationDate?: Date | undefined;
};

const UNIT_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
/** Offsets of time zones from UTC are whole multiples of this: minutes. */
const OFFSET_STEP_MINUTES = 15;

/**
 * When the window of a schedule begins next: of a rate, and of a cron expression that has a minute and hours alone, as
 * those of accounts have; `undefined` for any other.
 */
export function nextRun(timing: Timing, now: number): Date | undefined {
  const at = nextOfRate(timing, now) ?? nextOfCron(timing, now);
  return at === undefined ? undefined : new Date(at);
}

/** AWS counts from when it was made. Whether a change begins it anew is not documented. */
function nextOfRate({ ScheduleExpression = '', StartDate, CreationDate }: Timing, now: number) {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(ScheduleExpression) ?? [];
  const begin = (StartDate ?? CreationDate)?.getTime();
  if (begin === undefined || !Number(count)) return undefined;
  const everyMs = Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
  return begin + everyMs * Math.max(0, Math.floor((now - begin) / everyMs) + 1);
}

function nextOfCron({ ScheduleExpression = '', ScheduleExpressionTimezone = 'UTC' }: Timing, now: number) {
  const [, minute, from, step] =
    /^cron\((\d{1,2}) (\*|\d{1,2}(?:\/(\d{1,2}))?) \* \* \? \*\)$/.exec(ScheduleExpression) ?? [];
  if (minute === undefined || from === undefined) return undefined;
  const first = Number.parseInt(from, 10) || 0;
  const isHour = (hour: number) =>
    from === '*' || (step ? hour >= first && (hour - first) % Number(step) === 0 : hour === first);
  const clock = new Intl.DateTimeFormat('en', {
    timeZone: ScheduleExpressionTimezone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const stepMs = OFFSET_STEP_MINUTES * UNIT_MS.minute;
  const start = Math.floor(now / stepMs) * stepMs + (Number(minute) % OFFSET_STEP_MINUTES) * UNIT_MS.minute;
  // Where clocks go forward, an hour that is left out comes two days later.
  for (let at = start; at < now + 2 * UNIT_MS.day; at += stepMs) {
    const [hour, shown] = clock.format(at).split(':').map(Number);
    if (at > now && shown === Number(minute) && isHour(hour ?? 0)) return at;
  }
  return undefined;
}
