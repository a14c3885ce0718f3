import type { SecretSource } from './get-secret.ts';

type Entry = { readonly startedAt: number; readonly text: Promise<string>; pending: boolean };

/**
 * The same source, with each secret read at most once in `maxAgeMs` (0: only reads at the same time are shared).
 * The promise is kept, so that callers at the same time share one read; a failure is not kept, and neither are
 * previous versions, which are read once in a rotation.
 */
export function cached(
  source: SecretSource,
  // The wall clock: Lambda freezes a process between runs, and secrets grow older meanwhile.
  { maxAgeMs, now = Date.now }: { maxAgeMs: number; now?: () => number },
): SecretSource {
  const entries = new Map<string, Entry>();
  return {
    ...source,
    getSecret: (name, options) => {
      if (options?.version === 'previous') return source.getSecret(name, options);
      const kept = entries.get(name);
      // A read that is under way is as new as one started now.
      if (kept && (kept.pending || (!options?.forceFetch && now() - kept.startedAt < maxAgeMs)))
        return kept.text;
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
