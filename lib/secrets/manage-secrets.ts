import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { Failure } from '../failure.ts';
import { failureOfAws, isNotFound } from './aws-failure.ts';
import { parseObject } from './json-object.ts';
import { isPlaceholder } from './placeholder.ts';
import { setCommand, splitKey } from './secret-name.ts';

/** One version of a secret, without its value. */
export type Version = { readonly versionId: string; readonly createdAt?: Date };

export type Versions = {
  readonly current?: Version;
  readonly previous?: Version;
  /** When it is to be deleted for good, if it is. */
  readonly deletedAt?: Date;
};

/**
 * Stores a value as the current version, of a new secret where there is none; the version before becomes the
 * previous one. `name#key` sets one key and leaves the others. Rejects with a `Failure` where the value is
 * blank, where a key is to be set in a secret that is not a JSON object, or as AWS answers.
 */
export async function setSecret(
  client: SecretsManagerClient,
  reference: string,
  value: string,
): Promise<{ created: boolean; versionId?: string }> {
  const { name, key } = splitKey(reference);
  if (!value.trim())
    throw new Failure('settings', `Secret "${reference}": the value is empty; nothing was set`);
  const actions = ['PutSecretValue', 'CreateSecret', ...(key === undefined ? [] : ['GetSecretValue'])];
  return told(client, { name, actions }, async () => {
    const whole = key === undefined ? value : await withKey(client, { name, key, value });
    try {
      const { VersionId } = await client.send(
        new PutSecretValueCommand({ SecretId: name, SecretString: whole }),
      );
      return { created: false, ...(VersionId && { versionId: VersionId }) };
    } catch (error) {
      if (!isNotFound(error)) throw error;
      const { VersionId } = await client.send(new CreateSecretCommand({ Name: name, SecretString: whole }));
      return { created: true, ...(VersionId && { versionId: VersionId }) };
    }
  });
}

/** The versions of a secret that can be read, and whether it is to be deleted. */
export async function versionsOf(client: SecretsManagerClient, reference: string): Promise<Versions> {
  const { name } = splitKey(reference);
  return told(client, { name, actions: ['DescribeSecret', 'ListSecretVersionIds'] }, async () => {
    const { DeletedDate } = await client.send(new DescribeSecretCommand({ SecretId: name }));
    if (DeletedDate) return { deletedAt: DeletedDate };
    const { Versions = [] } = await client.send(new ListSecretVersionIdsCommand({ SecretId: name }));
    const at = (stage: string): Version | undefined => {
      const found = Versions.find(({ VersionStages }) => VersionStages?.includes(stage));
      if (!found?.VersionId) return undefined;
      return { versionId: found.VersionId, ...(found.CreatedDate && { createdAt: found.CreatedDate }) };
    };
    const [current, previous] = [at('AWSCURRENT'), at('AWSPREVIOUS')];
    return { ...(current && { current }), ...(previous && { previous }) };
  });
}

/** Has a secret deleted after so many days (7 to 30); until the date returned it can be restored. */
export async function deleteSecret(
  client: SecretsManagerClient,
  name: string,
  recoveryDays: number,
): Promise<Date | undefined> {
  if (splitKey(name).key !== undefined) {
    throw new Failure('settings', `Secret "${name}": one key cannot be deleted; name the whole secret`);
  }
  return told(client, { name, actions: ['DeleteSecret'] }, async () => {
    const { DeletionDate } = await client.send(
      new DeleteSecretCommand({ SecretId: name, RecoveryWindowInDays: recoveryDays }),
    );
    return DeletionDate;
  });
}

async function withKey(
  client: SecretsManagerClient,
  { name, key, value }: { name: string; key: string; value: string },
): Promise<string> {
  const text = await client.send(new GetSecretValueCommand({ SecretId: name })).then(
    ({ SecretString }) => SecretString ?? '',
    (error: unknown) => {
      if (isNotFound(error)) return '{}';
      throw error;
    },
  );
  const json = isPlaceholder(text) ? {} : parseObject(text);
  if (json) return JSON.stringify({ ...json, [key]: value });
  throw new Failure(
    'settings',
    `Secret "${name}" is not a JSON object, so no key of it can be set; set the whole of it with: ${setCommand(name)}`,
  );
}

/** Does something, with AWS's errors told as failures that name the secret. */
async function told<Result>(
  client: SecretsManagerClient,
  { name, actions }: { name: string; actions: readonly string[] },
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failure) throw error;
    const describe = async (name: string) => {
      const { DeletedDate } = await client.send(new DescribeSecretCommand({ SecretId: name }));
      return DeletedDate ? { deletedAt: DeletedDate } : {};
    };
    throw await failureOfAws(error, { name, actions, region: client.config.region, describe });
  }
}
