import type { Log } from '../telemetry/telemetry.ts';
import type { SecretSource } from './secret-source.ts';

/** The same source, with each version that is read told to the log: its name and id, and nothing else of it. */
export function withReadLog(source: SecretSource, log: Log): SecretSource {
  const tell = (secret: string, version: 'current' | 'previous', versionId: string | undefined) =>
    log('INFO', 'Read a secret', { secret, version, ...(versionId !== undefined && { versionId }) });
  return {
    ...source,
    async read(name, how) {
      const found = await source.read(name, how);
      tell(name, 'current', found.versionId);
      return found;
    },
    async readPrevious(name) {
      const found = await source.readPrevious(name);
      if (found) tell(name, 'previous', found.versionId);
      return found;
    },
  };
}
