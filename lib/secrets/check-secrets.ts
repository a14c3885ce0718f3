import type { Deadline } from '../deadline.ts';
import { Failure } from '../failure.ts';
import type { ReadingList } from '../reading-lists/reading-list.ts';
import type { SecretSource } from './secret-source.ts';

const DAY_MS = 86_400_000;

/** What is known of one secret. `name` may carry a key. */
type SecretState = {
  readonly name: string;
  /** Read, and neither empty nor a placeholder. */
  readonly usable: boolean;
  /** Why it is not usable, and the remedy. */
  readonly problem?: string;
  /** What should be seen to, although the secret can be used. */
  readonly warning?: string;
  readonly versionId?: string;
  /** Age of the current version, where the source knows: whole days. */
  readonly ageDays?: number;
  /** Whether the store changes it by itself, where there is such a thing. */
  readonly rotates?: boolean;
};

/** The result of a check: `ok` where a run can work with the secrets as they are. */
export type SecretsCheck = {
  /** The whole of it in one sentence or two. */
  readonly message: string;
  readonly mode: 'check';
  readonly ok: boolean;
  readonly secrets: readonly SecretState[];
  readonly readingList: { readonly accepts: boolean; readonly problem?: string };
};

export type Check = {
  readonly source: SecretSource;
  readonly names: readonly string[];
  /** From this age on a secret is warned of. */
  readonly maxAgeDays: number;
  /** Resolves where the reading list accepts the current versions. */
  readonly ask: () => Promise<void>;
  readonly now?: () => number;
};

/** Looks at each secret, and asks the reading list when all of them can be used. */
export async function checkSecrets(check: Check): Promise<SecretsCheck> {
  const secrets = await Promise.all(check.names.map((name) => stateOf(name, check)));
  const usable = secrets.every((secret) => secret.usable);
  const problem = usable ? await problemOf(check.ask) : 'not asked, because of the secrets';
  const ok = problem === undefined;
  const sentences = [
    ...secrets.flatMap(({ problem, warning }) => [problem, warning].filter((text) => text !== undefined)),
    ok ? 'The reading list accepts the secrets' : `The reading list: ${problem}`,
  ];
  const readingList = { accepts: ok, ...(problem !== undefined && { problem }) };
  return { message: `${sentences.join('. ')}.`, mode: 'check', ok, secrets, readingList };
}

/** Asks for the first page of the list, and for no more. */
export function asksReadingList(list: ReadingList, deadline: Deadline): () => Promise<void> {
  return async () => {
    try {
      await list.listUnread(deadline)[Symbol.asyncIterator]().next();
    } catch (error) {
      if (!deadline.signal.aborted) throw error;
      throw new Failure('unavailable', 'no answer in time');
    }
  };
}

async function stateOf(name: string, { source, maxAgeDays, now = Date.now }: Check): Promise<SecretState> {
  const [read, described] = await Promise.all([
    settled(() => source.read(name)),
    settled(() => source.describe(name)),
  ]);
  if ('problem' in read) return { name, usable: false, problem: read.problem };
  const { versionId, createdAt } = read.value;
  const ageDays = createdAt && Math.floor((now() - createdAt.getTime()) / DAY_MS);
  const warnings = [
    (ageDays ?? 0) > maxAgeDays
      ? `Secret "${name}" is ${ageDays} days old, over ${maxAgeDays}; change it where it was made, and set it anew`
      : undefined,
    'problem' in described ? described.problem : undefined,
  ].filter((text) => text !== undefined);
  const rotates = 'value' in described ? described.value.rotates : undefined;
  return {
    name,
    usable: true,
    ...(warnings.length > 0 && { warning: warnings.join('. ') }),
    ...(versionId !== undefined && { versionId }),
    ...(ageDays !== undefined && { ageDays }),
    ...(rotates !== undefined && { rotates }),
  };
}

async function problemOf(ask: () => Promise<void>): Promise<string | undefined> {
  const asked = await settled(ask);
  return 'problem' in asked ? asked.problem : undefined;
}

/** A `Failure` is a finding; anything else is a mistake of ours. */
async function settled<Result>(
  work: () => Promise<Result>,
): Promise<{ value: Result } | { problem: string }> {
  try {
    return { value: await work() };
  } catch (error) {
    if (error instanceof Failure) return { problem: error.message };
    throw error;
  }
}
