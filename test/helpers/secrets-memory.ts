import { randomUUID } from 'node:crypto';
import { awsError, type SecretsAnswer, type SecretsCall } from './fake-secrets-manager.ts';

type Version = { readonly id: string; readonly text: string; stages: readonly string[] };
type StoredSecret = { versions: Version[]; deletedAt?: number };

export type SecretsMemory = {
  /** For `startFakeSecretsManager`. */
  readonly answer: (call: SecretsCall) => SecretsAnswer;
  /** By name. */
  readonly secrets: Map<string, StoredSecret>;
  /** The current text of a secret that is not scheduled for deletion. */
  text(name: string): string | undefined;
  /** Creates a secret, or makes a text its current one, as somebody else would. */
  set(name: string, text: string): void;
};

/** What is answered in place of what is due; `isDone`: it is done all the same. */
type Fault = { readonly answer: SecretsAnswer; readonly isDone: boolean };

/** As AWS has it: docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const MAX_BYTES = 65_536;
const MAX_VERSIONS = 100;
const DAY_S = 86_400;

const MISSING = awsError('ResourceNotFoundException');
const DELETED = awsError('InvalidRequestException', 'it was marked for deletion');
const ok = (body: object = {}): SecretsAnswer => ({ body });

/** A small Secrets Manager with a memory: texts, versions and their labels, deletion with a recovery window, pages. */
export function secretsMemory(
  fault: (call: SecretsCall) => Fault | undefined = () => undefined,
): SecretsMemory {
  const secrets = new Map<string, StoredSecret>();
  const current = (secret: StoredSecret | undefined, stage = 'AWSCURRENT') =>
    secret?.versions.find(({ stages }) => stages.includes(stage));

  function label(secret: StoredSecret, stage: string, id: string): void {
    const before = current(secret, stage)?.id;
    for (const version of secret.versions) {
      version.stages = version.stages.filter((one) => one !== stage);
      if (version.id === id) version.stages = [...version.stages, stage];
    }
    if (stage === 'AWSCURRENT' && before !== undefined && before !== id) label(secret, 'AWSPREVIOUS', before);
  }

  const actions: Record<string, (body: Record<string, unknown>, secret: StoredSecret) => SecretsAnswer> = {
    GetSecretValue({ VersionStage }, secret) {
      const version = current(secret, VersionStage as string | undefined);
      return version ? ok({ SecretString: version.text, VersionId: version.id }) : MISSING;
    },
    PutSecretValue({ SecretString, VersionStages = ['AWSCURRENT'], ClientRequestToken }, secret) {
      if (Buffer.byteLength(String(SecretString)) > MAX_BYTES) return awsError('InvalidParameterException');
      if (secret.versions.length >= MAX_VERSIONS) return awsError('LimitExceededException');
      const id = String(ClientRequestToken);
      secret.versions.push({ id, text: String(SecretString), stages: [] });
      for (const stage of VersionStages as string[]) label(secret, stage, id);
      return ok({ VersionId: id });
    },
    UpdateSecretVersionStage({ VersionStage, MoveToVersionId, RemoveFromVersionId }, secret) {
      const holder = current(secret, String(VersionStage));
      if (holder && holder.id !== MoveToVersionId && holder.id !== RemoveFromVersionId)
        return awsError('InvalidParameterException', 'the label is attached to another version');
      label(secret, String(VersionStage), String(MoveToVersionId));
      return ok();
    },
    ListSecretVersionIds: (_body, { versions }) =>
      ok({ Versions: versions.map(({ id, stages }) => ({ VersionId: id, VersionStages: stages })) }),
    DeleteSecret({ RecoveryWindowInDays = 30 }, secret) {
      const days = Number(RecoveryWindowInDays);
      if (!(days >= 7 && days <= 30)) return awsError('InvalidParameterException');
      secret.deletedAt = Math.floor(Date.now() / 1000) + days * DAY_S;
      return ok({ DeletionDate: secret.deletedAt });
    },
  };

  function list({ Filters, NextToken = '', MaxResults = 100 }: Record<string, unknown>): SecretsAnswer {
    const [{ Values: [prefix = ''] = [] } = {}] = Filters as { Values?: string[] }[];
    const names = [...secrets].flatMap(([name, { deletedAt }]) =>
      name.startsWith(prefix) && deletedAt === undefined && name > String(NextToken) ? name : [],
    );
    const page = names.toSorted().slice(0, Number(MaxResults));
    return ok({
      SecretList: page.map((Name) => ({ Name })),
      ...(names.length > page.length && { NextToken: page.at(-1) }),
    });
  }

  function create({ Name, SecretString, ClientRequestToken }: Record<string, unknown>): SecretsAnswer {
    const found = secrets.get(String(Name));
    if (found?.deletedAt !== undefined)
      return awsError('InvalidRequestException', 'a secret with this name is already scheduled for deletion');
    if (found) return awsError('ResourceExistsException');
    if (Buffer.byteLength(String(SecretString)) > MAX_BYTES) return awsError('InvalidParameterException');
    const version = { id: String(ClientRequestToken), text: String(SecretString), stages: ['AWSCURRENT'] };
    secrets.set(String(Name), { versions: [version] });
    return ok({ VersionId: version.id });
  }

  function due({ action, body }: SecretsCall): SecretsAnswer {
    if (action === 'ListSecrets') return list(body);
    if (action === 'CreateSecret') return create(body);
    const secret = secrets.get(String(body.SecretId));
    if (!secret) return MISSING;
    if (action === 'DescribeSecret') return ok({ DeletedDate: secret.deletedAt });
    if (secret.deletedAt !== undefined) return DELETED;
    return actions[action]?.(body, secret) ?? awsError('UnknownOperationException');
  }

  return {
    secrets,
    answer(call) {
      const given = fault(call);
      if (given?.isDone) due(call);
      return given?.answer ?? due(call);
    },
    text: (name) => {
      const secret = secrets.get(name);
      return secret?.deletedAt === undefined ? current(secret)?.text : undefined;
    },
    set(name, text) {
      const secret = secrets.get(name) ?? { versions: [] };
      const id = randomUUID();
      secrets.set(name, secret);
      secret.versions.push({ id, text, stages: [] });
      label(secret, 'AWSCURRENT', id);
    },
  };
}
