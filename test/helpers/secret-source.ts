import { Failure } from '../../lib/failure.ts';
import { noPreviousVersion, type SecretSource, type SecretVersion } from '../../lib/secrets/get-secret.ts';

type Version = { text: string } & Partial<SecretVersion>;
export type StoredSecret = { current: Version; previous?: Version };

/** A source of the secrets in an object, which a test may change, and a record of its calls. */
export function sourceOf(secrets: Record<string, StoredSecret>): { source: SecretSource; calls: string[] } {
  const calls: string[] = [];
  const find = async (call: string, name: string) => {
    calls.push(`${call} ${name}`);
    await new Promise((resolve) => setImmediate(resolve));
    const stored = secrets[name];
    if (stored) return stored;
    throw new Failure('credentials', `Secret "${name}": not found`);
  };
  const source: SecretSource = {
    async getSecret(name, { version = 'current' } = {}) {
      const found = (await find(version === 'current' ? 'read' : version, name))[version];
      if (found) return found.text;
      throw noPreviousVersion(name);
    },
    versionOf(name, version = 'current') {
      const { versionId, createdAt } = secrets[name]?.[version] ?? {};
      return versionId ? { versionId, ...(createdAt && { createdAt }) } : undefined;
    },
    async rotates(name) {
      await find('rotates', name);
      return false;
    },
    howToSet: (reference) => `SET ${reference}`,
  };
  return { source, calls };
}

/** A version made so many days after the first of January. */
export function version(text: string, versionId: string, day = 1): Version {
  return { text, versionId, createdAt: new Date(Date.UTC(2026, 0, day)) };
}
