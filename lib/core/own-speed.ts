/** What the setting takes: words a minute. */
const [SLOWEST, FASTEST] = [20, 2000];

/** The reader's speed in whole words a minute; `undefined` where the time cannot have been spent reading. */
export function ownSpeed(words: number, elapsedMs: number): number | undefined {
  const speed = Math.round((words / elapsedMs) * 60_000);
  return speed >= SLOWEST && speed <= FASTEST ? speed : undefined;
}
