import { Failure } from '../failure.ts';
import { type Log, noLog } from '../telemetry/telemetry.ts';
import { type CredentialSet, credentialSets } from './credential-sets.ts';
import type { SecretSource } from './secret-source.ts';

/** The secrets that a reading list asks for, under the adapter's own names for them. */
export type Credentials<Key extends string> = {
  /**
   * Does something with the values. An attempt that rejects with a `Failure` of kind `credentials` was refused:
   * it is made again with the next set of values (see `credentialSets`), so it has to be repeatable. Rejects as
   * the attempt does, with `credentials` once every set was refused, or as reading the secrets does.
   */
  use<Result>(attempt: (values: Readonly<Record<Key, string>>) => Promise<Result>): Promise<Result>;
};

/**
 * Credentials read from named secrets, all started together, at first use, for one run. Attempts at the same
 * time share each set: the first to be refused moves all of them on, and a set that works is kept.
 */
export function credentialsFrom<Key extends string>(
  source: SecretSource,
  secretNames: Readonly<Record<Key, string>>,
  log: Log = noLog,
): Credentials<Key> {
  const sets = credentialSets(source, secretNames);
  let current: ReturnType<typeof sets.next> | undefined;
  let refusal: Failure | undefined;
  let told: CredentialSet<Key> | undefined;

  function accepted(set: CredentialSet<Key>): void {
    if (set !== told) for (const version of set.previous) warn(log, version);
    told = set;
  }

  async function tryNext<Result>(attempt: (values: CredentialSet<Key>['values']) => Promise<Result>) {
    current ??= sets.next();
    const trying = current;
    const { value: set } = await trying;
    if (!set) throw exhausted(secretNames, refusal);
    try {
      const result = await attempt(set.values);
      accepted(set);
      return { result };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      refusal ??= error;
      if (current === trying) current = sets.next();
      return undefined;
    }
  }

  return {
    async use(attempt) {
      for (;;) {
        const done = await tryNext(attempt);
        if (done) return done.result;
      }
    },
  };
}

function isRefusal(error: unknown): error is Failure {
  return error instanceof Failure && error.kind === 'credentials';
}

function warn(log: Log, { name, versionId }: CredentialSet<string>['previous'][number]): void {
  const which = versionId ? `previous version ${versionId}` : 'previous version';
  log(
    'WARN',
    `Secret "${name}": the current version was refused, and the ${which} accepted; until the current one is accepted, each run tries both`,
    { secret: name, version: 'previous', ...(versionId && { versionId }) },
  );
}

function exhausted(secretNames: Readonly<Record<string, string>>, refusal: Failure | undefined): Failure {
  const names = Object.values(secretNames).map((name) => `"${name}"`);
  return new Failure(
    'credentials',
    `${refusal?.message ?? 'Refused'}; nothing in the secrets ${names.join(' and ')} was accepted; set the right values, and see: npm run secrets -- check`,
    refusal?.status === undefined ? {} : { status: refusal.status },
  );
}
