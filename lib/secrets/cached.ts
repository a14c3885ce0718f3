import type { SecretSource, SecretText } from './secret-source.ts';

type Kept = { readonly since: number; readonly reading: Promise<SecretText>; pending: boolean };

/**
 * The same source, with each secret read at most once in `maxAgeMs`. It keeps the promise, so that callers at
 * the same time share one reading, and forgets a failure at once.
 */
export function cached(
  source: SecretSource,
  // The wall clock: Lambda freezes a process between runs, and the hour goes on.
  { maxAgeMs, now = Date.now }: { maxAgeMs: number; now?: () => number },
): SecretSource {
  const memory = new Map<string, Kept>();

  function begin(name: string, how: { forceFetch?: boolean } | undefined): Promise<SecretText> {
    const kept: Kept = { since: now(), reading: source.read(name, how), pending: true };
    memory.set(name, kept);
    kept.reading.then(
      () => {
        kept.pending = false;
      },
      () => memory.delete(name),
    );
    return kept.reading;
  }

  return {
    ...source,
    read(name, how) {
      const kept = memory.get(name);
      // A reading that is still under way is as new as one begun now.
      const isGood = kept && (kept.pending || (!how?.forceFetch && now() - kept.since < maxAgeMs));
      return isGood ? kept.reading : begin(name, how);
    },
  };
}
