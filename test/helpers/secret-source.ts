import { Failure } from '../../lib/failure.ts';
import type { SecretSource, SecretText } from '../../lib/secrets/secret-source.ts';

export type Kept = { current: SecretText; previous?: SecretText };

/** A source over an object that may be changed meanwhile, and the calls it had. */
export function sourceOf(secrets: Record<string, Kept>): { source: SecretSource; calls: string[] } {
  const calls: string[] = [];
  const find = async (call: string, name: string) => {
    calls.push(`${call} ${name}`);
    await new Promise((resolve) => setImmediate(resolve));
    const kept = secrets[name];
    if (kept) return kept;
    throw new Failure('credentials', `Secret "${name}": not found`);
  };
  const source: SecretSource = {
    read: async (name) => (await find('read', name)).current,
    readPrevious: async (name) => (await find('previous', name)).previous,
    describe: async (name) => {
      await find('describe', name);
      return { rotates: false };
    },
  };
  return { source, calls };
}

/** A version made so many days after the first of January. */
export function version(text: string, versionId: string, day = 1): SecretText {
  return { text, versionId, createdAt: new Date(Date.UTC(2026, 0, day)) };
}
