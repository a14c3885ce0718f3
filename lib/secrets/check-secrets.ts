import { endSentence, Failure, type FailureKind, joinSentences } from '../failure.ts';
import { type SecretSource, splitKey } from './get-secret.ts';
import { pastedWrongly } from './with-json-keys.ts';

const DAY_MS = 86_400_000;

/** The result for one secret. `name` may be `name#key`. */
export type SecretState = {
  readonly name: string;
  /** It could be read, and is neither empty nor a placeholder. */
  readonly usable: boolean;
  /** Why it is not usable, with the remedy. */
  readonly problem?: string;
  /** A problem that does not prevent its use. */
  readonly warning?: string;
  readonly versionId?: string;
  /** Age of the current version in whole days, if the store knows it. */
  readonly ageDays?: number;
  /** Whether automatic rotation is on, if the store supports it. */
  readonly rotates?: boolean;
};

/** What became of a write that changes nothing: `{}` if it was allowed, else why it was refused, or was not tried. */
export type WriteTry = { readonly refused?: string; readonly untried?: string };

/** The result of a check; `ok` if a run can use the secrets as they are. */
export type SecretsCheck = {
  /** The result in words, for people. */
  readonly message: string;
  readonly mode: 'check';
  readonly ok: boolean;
  readonly secrets: readonly SecretState[];
  readonly readingList: {
    /** Whether it accepts the secrets for reading. */
    readonly accepts: boolean;
    /** Whether it accepts them for writing; absent if that could not be tried. */
    readonly writes?: boolean;
    /** Why they are not accepted, and who can fix it. */
    readonly problem?: string;
    readonly kind?: FailureKind;
    /** Why writing could not be tried. */
    readonly untried?: string;
  };
};

export type Check = {
  readonly source: SecretSource;
  readonly names: readonly string[];
  /** Age in days above which a secret gets a warning. */
  readonly maxAgeDays: number;
  /** Calls the reading list: resolves if it can be read with the current versions, else rejects with a `Failure`. */
  readonly callReadingList: () => Promise<WriteTry>;
  readonly now?: () => number;
};

/** Reads each secret, and calls the reading list if all are usable. Rejects only for an error that is not a `Failure`. */
export async function checkSecrets(check: Check): Promise<SecretsCheck> {
  const secrets = await Promise.all(check.names.map((name) => stateOf(name, check)));
  const usable = secrets.every((secret) => secret.usable);
  const called = usable
    ? await settled(check.callReadingList)
    : { problem: 'not asked, because of the secrets', kind: 'credentials' as const };
  const readingList = 'value' in called ? accepted(called.value) : { accepts: false, ...called };
  const ok = readingList.problem === undefined;
  const sentences = [
    ...secrets.flatMap(({ problem, warning }) => [problem, warning].filter((text) => text !== undefined)),
    sentenceOf(readingList),
  ];
  // Several keys of one secret have the same trouble.
  return {
    message: endSentence(joinSentences([...new Set(sentences)])),
    mode: 'check',
    ok,
    secrets,
    readingList,
  };
}

function accepted({ refused, untried }: WriteTry): SecretsCheck['readingList'] {
  if (refused !== undefined) return { accepts: true, writes: false, problem: refused, kind: 'credentials' };
  return untried === undefined ? { accepts: true, writes: true } : { accepts: true, untried };
}

function sentenceOf({ accepts, problem, untried }: SecretsCheck['readingList']): string {
  if (!accepts) return `The reading list: ${problem}`;
  if (problem !== undefined)
    return `The reading list accepts the secrets for reading, not for writing: ${problem}`;
  return untried === undefined
    ? 'The reading list accepts the secrets, for writing too'
    : `The reading list accepts the secrets for reading; whether for writing could not be tried: ${untried}`;
}

async function stateOf(name: string, { source, maxAgeDays, now = Date.now }: Check): Promise<SecretState> {
  const [read, rotation] = await Promise.all([
    settled(() => source.getSecret(name)),
    settled(() => source.rotates(name)),
  ]);
  if ('problem' in read) return { name, usable: false, problem: read.problem };
  const { versionId, createdAt } = source.versionOf(name) ?? {};
  const ageDays = createdAt && Math.floor((now() - createdAt.getTime()) / DAY_MS);
  const warnings = [
    splitKey(name).key === undefined ? pastedWrongly(name, read.value, source.howToSet(name)) : undefined,
    (ageDays ?? 0) > maxAgeDays
      ? `Secret "${splitKey(name).name}" is ${ageDays} days old, over ${maxAgeDays}; change it where it was made, and set it again`
      : undefined,
    'problem' in rotation ? rotation.problem : undefined,
  ].filter((text) => text !== undefined);
  const rotates = 'value' in rotation ? rotation.value : undefined;
  return {
    name,
    usable: true,
    ...(warnings.length > 0 && { warning: joinSentences(warnings) }),
    ...(versionId !== undefined && { versionId }),
    ...(ageDays !== undefined && { ageDays }),
    ...(rotates !== undefined && { rotates }),
  };
}

/** The value, or the message and the kind of a `Failure`. Rethrows any other error, which is a bug. */
async function settled<Result>(
  work: () => Promise<Result>,
): Promise<{ value: Result } | { problem: string; kind: FailureKind }> {
  try {
    return { value: await work() };
  } catch (error) {
    if (error instanceof Failure) return { problem: error.message, kind: error.kind };
    throw error;
  }
}
