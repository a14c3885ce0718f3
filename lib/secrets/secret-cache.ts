import type { SecretSource } from './get-secret.ts';

type Entry = { readonly startedAt: number; readonly text: Promise<string>; pending: boolean };

/**
 * Wraps a source so that each secret is read at most once in `maxAgeMs` milliseconds (0: only concurrent reads are
 * shared). Promises are cached, so that concurrent callers share one read. Failures are not cached, nor are previous
 * versions, which are rarely read.
 */
export function cached(
  source: SecretSource,
  // The wall clock, because Lambda freezes a process between runs.
  { maxAgeMs, now = Date.now }: { maxAgeMs: number; now?: () => number },
): SecretSource {
  const entries = new Map<string, Entry>();
  return {
    ...source,
    getSecret: (name, options) => {
      if (options?.version === 'previous') return source.getSecret(name, options);
      const existing = entries.get(name);
      // A read in progress is as fresh as a new one.
      if (existing && (existing.pending || (!options?.forceFetch && now() - existing.startedAt < maxAgeMs)))
        return existing.text;
      const entry: Entry = { startedAt: now(), text: source.getSecret(name, options), pending: true };
      entries.set(name, entry);
      entry.text.then(
        () => {
          entry.pending = false;
        },
        () => entries.delete(name),
      );
      return entry.text;
    },
  };
}
