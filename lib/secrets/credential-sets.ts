import { Failure } from '../failure.ts';
import { splitKey } from './secret-name.ts';
import type { SecretSource, SecretText } from './secret-source.ts';

/** Values that belong together, and the previous versions among them. */
export type CredentialSet<Key extends string> = {
  readonly values: Readonly<Record<Key, string>>;
  readonly previous: readonly { readonly name: string; readonly versionId?: string }[];
};

/** What one key's secret holds. */
type Versions<Key> = {
  readonly key: Key;
  readonly reference: string;
  readonly current: SecretText;
  readonly previous?: SecretText;
};

/**
 * The sets of values worth trying, in order; the next is read only when it is asked for, and no set comes twice:
 *
 * 1. the current versions, which may come from memory;
 * 2. the current versions, read again: they may have been rotated since;
 * 3. the overlap of a rotation, in which the service does not take the new value yet: the previous version of
 *    one secret beside the current ones of the others, beginning with the secret that changed last;
 * 4. all previous versions together, when there are several.
 *
 * So two secrets make at most five. Rejects with one `Failure` that tells of every secret that cannot be read.
 */
export async function* credentialSets<Key extends string>(
  source: SecretSource,
  secretNames: Readonly<Record<Key, string>>,
): AsyncGenerator<CredentialSet<Key>, undefined> {
  const given = new Set<string>();
  for await (const set of everySet(source, secretNames)) {
    const values = JSON.stringify(set.values);
    if (!given.has(values)) yield set;
    given.add(values);
  }
}

async function* everySet<Key extends string>(
  source: SecretSource,
  secretNames: Readonly<Record<Key, string>>,
): AsyncGenerator<CredentialSet<Key>> {
  yield setOf(await readAll(source, secretNames));
  const current = await readAll(source, secretNames, { forceFetch: true });
  yield setOf(current);
  const versions = await Promise.all(current.map((read) => withPrevious(source, read)));
  const rotated = namesOfRotated(versions);
  for (const name of rotated) yield setOf(versions, [name]);
  yield setOf(versions, rotated);
}

/** Every secret, or one failure that tells of all that is wrong. */
async function readAll<Key extends string>(
  source: Pick<SecretSource, 'read'>,
  secretNames: Readonly<Record<Key, string>>,
  how?: { forceFetch: boolean },
): Promise<Versions<Key>[]> {
  const reading = (Object.keys(secretNames) as Key[]).map(async (key) => {
    const reference = secretNames[key];
    return { key, reference, current: await source.read(reference, how) };
  });
  const results = await Promise.allSettled(reading);
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  if (errors.length > 0) throw oneFailure(errors);
  return Promise.all(reading);
}

/** A previous version that is missing or unusable is none. */
async function withPrevious<Key>(source: SecretSource, read: Versions<Key>): Promise<Versions<Key>> {
  const previous = await source.readPrevious(read.reference).catch(() => undefined);
  return previous ? { ...read, previous } : read;
}

/** Names of the secrets that have a previous version to try, the one that changed last first. */
function namesOfRotated(versions: readonly Versions<string>[]): string[] {
  const rotated = versions
    .filter(({ previous }) => previous)
    .sort((one, other) => changedAt(other) - changedAt(one));
  return [...new Set(rotated.map(({ reference }) => splitKey(reference).name))];
}

function changedAt({ current }: Versions<string>): number {
  return current.createdAt?.getTime() ?? 0;
}

function setOf<Key extends string>(
  versions: readonly Versions<Key>[],
  previousOf: readonly string[] = [],
): CredentialSet<Key> {
  const chosen = versions.map(({ key, reference, current, previous }) => {
    const { name } = splitKey(reference);
    return { key, name, secret: (previousOf.includes(name) && previous) || current };
  });
  const previous = previousOf.map((name) => {
    const versionId = chosen.find((one) => one.name === name)?.secret.versionId;
    return { name, ...(versionId && { versionId }) };
  });
  const values = Object.fromEntries(chosen.map(({ key, secret }) => [key, secret.text]));
  return { values: values as Record<Key, string>, previous };
}

const GRAVEST_FIRST = ['credentials', 'settings', 'unexpected-response', 'unavailable'] as const;

/** All of it in one, as the kind that takes the most to put right; what is not a failure is thrown as it is. */
function oneFailure(errors: readonly unknown[]): unknown {
  const failures = errors.filter((error) => error instanceof Failure);
  if (failures.length < errors.length) return errors.find((error) => !(error instanceof Failure));
  const kind = GRAVEST_FIRST.find((kind) => failures.some((failure) => failure.kind === kind));
  return new Failure(kind ?? 'credentials', [...new Set(failures.map(({ message }) => message))].join('. '));
}
