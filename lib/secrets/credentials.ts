import { Failure, joinSentences } from '../failure.ts';
import { type Log, noLog } from '../telemetry/telemetry.ts';
import { getSecretsFrom, type SecretSource, splitKey } from './get-secret.ts';

type Values<Key extends string> = Readonly<Record<Key, string>>;

/** The secrets of a reading list, by the adapter's names for them. */
export type Credentials<Key extends string> = {
  /**
   * Calls `attempt` with the values. If it rejects with a `Failure` of kind `credentials`, the values were refused, and
   * it is called again with the next set (see `credentialSets`), so it has to be repeatable. Rejects with `credentials`
   * if every set was refused, otherwise as `attempt` or reading the secrets does.
   *
   * @example
   * await credentials.use(({ token }) => request({ ...spec, headers: { Authorization: `Bearer ${token}` } }));
   */
  use<Result>(attempt: (values: Values<Key>) => Promise<Result>): Promise<Result>;
};

/**
 * Creates the credentials of one run from named secrets, which are read together at first use. All attempts use the
 * same set: when it is refused, all change to the next one, and a set that works stays in use.
 *
 * @example
 * const credentials = credentialsFrom(openSecrets(settings, { env, log }), { token: 'READECK_TOKEN' }, log);
 */
export function credentialsFrom<Key extends string>(
  source: SecretSource,
  secretNames: Values<Key>,
  log: Log = noLog,
): Credentials<Key> {
  const sets = credentialSets(source, secretNames);
  let current: ReturnType<typeof sets.next> | undefined;
  let refusal: Failure | undefined;
  let warnedAbout: CredentialSet<Key> | undefined;

  function warnOnce(set: CredentialSet<Key>): void {
    if (set !== warnedAbout) for (const version of set.previous) warnAboutPrevious(log, version);
    warnedAbout = set;
  }

  function useNextSet(refused: typeof current, error: Failure): void {
    refusal ??= error;
    if (current === refused) current = sets.next();
  }

  return {
    async use(attempt) {
      for (;;) {
        current ??= sets.next();
        const attempted = current;
        const { value: set } = await attempted;
        if (!set) throw everySetRefused(source, secretNames, refusal);
        try {
          const result = await attempt(set.values);
          warnOnce(set);
          return result;
        } catch (error) {
          if (!(error instanceof Failure && error.kind === 'credentials')) throw error;
          useNextSet(attempted, withoutSecrets(error, Object.values(set.values)));
        }
      }
    },
  };
}

/** The failure without the service's own sentence, which ends its message in quotes, if that repeats a secret. */
function withoutSecrets(failure: Failure, values: readonly string[]): Failure {
  const message = failure.message.replace(/: "([^"]*)"$/, (quoted, sentence: string) =>
    values.some((value) => sentence.includes(value.replaceAll('"', "'"))) ? '' : quoted,
  );
  return new Failure(failure.kind, message, failure);
}

/** Values to be used together, and which of them are previous versions. */
type CredentialSet<Key extends string> = {
  readonly values: Values<Key>;
  readonly previous: readonly { readonly name: string; readonly versionId: string | undefined }[];
};

/**
 * Yields the sets of values to try, in order, without duplicates; each is read only when it is requested:
 *
 * 1. the current versions, which may come from the cache;
 * 2. the current versions, read again: they may have been rotated since;
 * 3. during a rotation, when the service does not accept the new value yet: the previous version of one secret and
 *    the current versions of the others, beginning with the secret that changed last;
 * 4. all previous versions together, if there are several.
 *
 * Two secrets have at most five sets. Rejects with one `Failure` about every secret that cannot be read.
 */
async function* credentialSets<Key extends string>(
  source: SecretSource,
  secretNames: Values<Key>,
): AsyncGenerator<CredentialSet<Key>, undefined> {
  const keys = Object.keys(secretNames) as Key[];
  const references = keys.map((key) => secretNames[key]);
  const nameOf = (key: Key) => splitKey(secretNames[key]).name;
  const valuesOf = (texts: readonly (string | undefined)[]) =>
    Object.fromEntries(keys.map((key, at) => [key, texts[at]])) as Values<Key>;

  const cachedTexts = await allOf(getSecretsFrom(source.getSecret)(...references));
  yield { values: valuesOf(cachedTexts), previous: [] };
  const texts = await allOf(getSecretsFrom(source.getSecret, { forceFetch: true })(...references));
  const tried = new Set([cachedTexts, texts].map((set) => JSON.stringify(set)));
  if (tried.size > 1) yield { values: valuesOf(texts), previous: [] };

  // A previous version that is missing or unusable is ignored.
  const reading = getSecretsFrom(source.getSecret, { version: 'previous' })(...references);
  const previousTexts = await Promise.all(reading.map((text) => text.catch(() => undefined)));
  // Stryker disable next-line OptionalChaining: a version with an id has a date, which its type leaves open
  const createdAt = (key: Key) => source.versionOf(secretNames[key])?.createdAt?.getTime() ?? 0;
  const rotated = keys
    .filter((_, at) => previousTexts[at] !== undefined)
    .sort((one, other) => createdAt(other) - createdAt(one));
  const rotatedNames = [...new Set(rotated.map(nameOf))];
  for (const names of [...rotatedNames.map((name) => [name]), rotatedNames]) {
    const chosen = keys.map((key, at) => (names.includes(nameOf(key)) && previousTexts[at]) || texts[at]);
    if (tried.has(JSON.stringify(chosen))) continue;
    tried.add(JSON.stringify(chosen));
    const previous = names.map((name) => ({
      name,
      versionId: source.versionOf(name, 'previous')?.versionId,
    }));
    yield { values: valuesOf(chosen), previous };
  }
}

const KINDS_BY_SEVERITY = ['credentials', 'settings', 'unexpected-response', 'unavailable'] as const;

/**
 * All texts, or one `Failure` with every message, of the most severe kind. An error that is not a `Failure` is rethrown.
 */
async function allOf(reading: readonly Promise<string>[]): Promise<string[]> {
  const results = await Promise.allSettled(reading);
  const errors: unknown[] = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason] : [],
  );
  if (errors.length === 0) return Promise.all(reading);
  const failures = errors.filter((error) => error instanceof Failure);
  if (failures.length < errors.length) throw errors.find((error) => !(error instanceof Failure));
  const kind = KINDS_BY_SEVERITY.find((kind) => failures.some((failure) => failure.kind === kind));
  throw new Failure(
    // Stryker disable next-line StringLiteral: the kinds by severity are all there are
    kind ?? 'credentials',
    joinSentences([...new Set(failures.map(({ message }) => message))]),
  );
}

function warnAboutPrevious(log: Log, { name, versionId }: CredentialSet<string>['previous'][number]): void {
  const which = versionId ? `previous version ${versionId}` : 'previous version';
  log(
    'WARN',
    `Secret "${name}": the current version was refused, and the ${which} accepted; until the current one is accepted, each run tries both`,
    { secret: name, version: 'previous', ...(versionId && { versionId }) },
  );
}

function everySetRefused(
  { howToSet }: SecretSource,
  secretNames: Values<string>,
  refusal: Failure | undefined,
): Failure {
  const names = [...new Set(Object.values(secretNames).map((name) => splitKey(name).name))];
  const secrets = `the ${names.length > 1 ? 'secrets' : 'secret'} ${names.map((name) => `"${name}"`).join(' and ')}`;
  return new Failure(
    'credentials',
    // Stryker disable next-line OptionalChaining,StringLiteral: a set that was tried was refused
    `${refusal?.message ?? 'Refused'}; nothing in ${secrets} was accepted; set the right values with: ${names.map(howToSet).join('; ')}`,
    // Stryker disable next-line OptionalChaining: a set that was tried was refused
    { status: refusal?.status },
  );
}
