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
import { isNotFound } from './aws-failure.ts';
import { DESCRIPTION, parseArn, type SecretVersion, setCommand, splitKey } from './get-secret.ts';
import { rejectAsFailure, versionFrom } from './secrets-manager.ts';
import { isPlaceholder, parseObject } from './with-json-keys.ts';

export type Versions = {
  readonly current?: SecretVersion;
  readonly previous?: SecretVersion;
  /** When the secret will be deleted permanently; absent if it will not. */
  readonly deletedAt?: Date;
};

/**
 * Stores a value as the current version of a secret, and creates the secret if it does not exist; the version before
 * becomes the previous one. `name#key` sets one key and leaves the others. Rejects with a `Failure` if the value is
 * blank, if a key is to be set in a secret that is not a JSON object, or for an error of AWS.
 *
 * @example
 * await setSecret(client, 'prod/pocket#key', value); // { created: false, versionId: '...' }
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
  const write = async () => {
    const text = key === undefined ? value : await withKey(client, { name, key, value });
    const put = new PutSecretValueCommand({ SecretId: name, SecretString: text });
    try {
      const { VersionId } = await client.send(put);
      return { created: false, ...(VersionId && { versionId: VersionId }) };
    } catch (error) {
      // An ARN names a secret that exists.
      if (!isNotFound(error) || parseArn(name)) throw error;
      const create = new CreateSecretCommand({ Name: name, SecretString: text, Description: DESCRIPTION });
      const { VersionId } = await client.send(create);
      return { created: true, ...(VersionId && { versionId: VersionId }) };
    }
  };
  return write().catch(rejectAsFailure(client, name, actions));
}

/** The versions of a secret, or the date of its deletion. Rejects with a `Failure` for an error of AWS. */
export async function versionsOf(client: SecretsManagerClient, reference: string): Promise<Versions> {
  const { name } = splitKey(reference);
  const list = async () => {
    const { DeletedDate } = await client.send(new DescribeSecretCommand({ SecretId: name }));
    if (DeletedDate) return { deletedAt: DeletedDate };
    // Stryker disable next-line ArrayDeclaration: AWS always answers a list, which its type leaves open
    const { Versions = [] } = await client.send(new ListSecretVersionIdsCommand({ SecretId: name }));
    const at = (stage: string): SecretVersion | undefined => {
      const found = Versions.find(({ VersionStages }) => VersionStages?.includes(stage));
      return found?.VersionId ? versionFrom(found.VersionId, found.CreatedDate) : undefined;
    };
    const [current, previous] = [at('AWSCURRENT'), at('AWSPREVIOUS')];
    return { ...(current && { current }), ...(previous && { previous }) };
  };
  return list().catch(rejectAsFailure(client, name, ['DescribeSecret', 'ListSecretVersionIds']));
}

/**
 * Schedules the deletion of a secret in `recoveryDays` days (7 to 30) and returns the date, until which it can be
 * restored. Rejects with a `Failure` if `name` has a key, or for an error of AWS.
 */
export async function deleteSecret(
  client: SecretsManagerClient,
  name: string,
  recoveryDays: number,
): Promise<Date | undefined> {
  if (splitKey(name).key !== undefined) {
    throw new Failure('settings', `Secret "${name}": one key cannot be deleted; name the whole secret`);
  }
  const command = new DeleteSecretCommand({ SecretId: name, RecoveryWindowInDays: recoveryDays });
  const { DeletionDate } = await client.send(command).catch(rejectAsFailure(client, name, ['DeleteSecret']));
  return DeletionDate;
}

/** The text of a JSON secret with one key set; the others stay. */
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
