import { Failure } from '../failure.ts';
import type { SecretSource } from './get-secret.ts';

const DAY_MS = 86_400_000;

/** What a check found out about one secret. `name` may be `name#key`. */
type SecretState = {
  readonly name: string;
  /** Read, and neither empty nor a placeholder. */
  readonly usable: boolean;
  /** Why it is not usable, and the remedy. */
  readonly problem?: string;
  /** What to look into although the secret can be used. */
  readonly warning?: string;
  readonly versionId?: string;
  /** Age of the current version, where the store knows it: whole days. */
  readonly ageDays?: number;
  /** Whether the store rotates it by itself, where it can. */
  readonly rotates?: boolean;
};

/** The result of a check: `ok` where a run can work with the secrets as they are. */
export type SecretsCheck = {
  /** All of it in a few sentences. */
  readonly message: string;
  readonly mode: 'check';
  readonly ok: boolean;
  readonly secrets: readonly SecretState[];
  readonly readingList: { readonly accepts: boolean; readonly problem?: string };
};

export type Check = {
  readonly source: SecretSource;
  readonly names: readonly string[];
  /** A secret older than this has a warning. */
  readonly maxAgeDays: number;
  /** Calls the reading list: resolves where it accepts the current versions, else rejects with a `Failure`. */
  readonly ask: () => Promise<void>;
  readonly now?: () => number;
};

/** Reads each secret, and calls the reading list where all of them can be used. */
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

async function stateOf(name: string, { source, maxAgeDays, now = Date.now }: Check): Promise<SecretState> {
  const [read, rotation] = await Promise.all([
    settled(() => source.getSecret(name)),
    settled(() => source.rotates(name)),
  ]);
  if ('problem' in read) return { name, usable: false, problem: read.problem };
  const { versionId, createdAt } = source.versionOf(name) ?? {};
  const ageDays = createdAt && Math.floor((now() - createdAt.getTime()) / DAY_MS);
  const warnings = [
    (ageDays ?? 0) > maxAgeDays
      ? `Secret "${name}" is ${ageDays} days old, over ${maxAgeDays}; change it where it was made, and set it again`
      : undefined,
    'problem' in rotation ? rotation.problem : undefined,
  ].filter((text) => text !== undefined);
  const rotates = 'value' in rotation ? rotation.value : undefined;
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

/** The value, or the message of a `Failure`. Anything else is a bug, and thrown. */
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
