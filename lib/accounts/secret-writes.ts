import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  InvalidParameterException,
  InvalidRequestException,
  LimitExceededException,
  PutSecretValueCommand,
  ResourceExistsException,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { Failure } from '../failure.ts';
import { isNotFound } from '../secrets/aws-failure.ts';
import { DESCRIPTION } from '../secrets/get-secret.ts';
import { rejectAsFailure } from '../secrets/secrets-manager.ts';

/** How often a change is made again because another writer was first. */
const MAX_TRIES = 8;
/** Before the next try, so that two writers do not meet for ever: milliseconds. */
const MAX_PAUSE_MS = 500;
const CHANGE = ['GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage'];

/** What a secret has: its current text, or why it has none; `deleted`: it is scheduled for deletion. */
export type Stored = { readonly text: string; readonly versionId: string | undefined } | 'absent' | 'deleted';

export function readSecret(client: SecretsManagerClient, name: string): Promise<Stored> {
  return readVersion(client, name).catch(rejectAsFailure(client, name, ['GetSecretValue']));
}

/**
 * Creates a secret. Resolves to `false` where there is one already, and to a `Failure` with the command that restores it
 * where one is scheduled for deletion.
 */
export async function createSecret(
  client: SecretsManagerClient,
  name: string,
  text: string,
): Promise<boolean | Failure> {
  const command = new CreateSecretCommand({ Name: name, SecretString: text, Description: DESCRIPTION });
  try {
    await client.send(command);
    return true;
  } catch (error) {
    const isThere = error instanceof ResourceExistsException;
    // An emulator of AWS says that it exists, where AWS says that it is being deleted.
    const problem = isThere ? await problemOfReading(client, name) : error;
    const rejected = () => rejectAsFailure(client, name, ['CreateSecret', 'DescribeSecret'])(problem);
    if (isBeingDeleted(problem)) return rejected().catch((failure: Failure) => failure);
    return isThere ? false : rejected();
  }
}

/**
 * Writes what `change` makes of a secret's current text, so that of two writers at the same time neither loses what it
 * wrote: a new version is stored beside the current one, and becomes current only where that still is the one that was
 * read. If not, `change` is called again with what the other wrote. Resolves to `false` where there is nothing to change
 * by then, and to `undefined` where there is no such secret. Rejects with a `Failure`, also with that of `change`.
 */
export async function changeSecret(
  client: SecretsManagerClient,
  name: string,
  change: (text: string) => string,
): Promise<boolean | undefined> {
  const changeAgain = async () => {
    for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
      const done = await tryToChange(client, name, change);
      if (done !== 'again') return done;
      await sleep(Math.random() * MAX_PAUSE_MS);
    }
    throw new Failure('unavailable', `Secret "${name}": others write it all the time; try again later`);
  };
  return changeAgain().catch(rejectAsFailure(client, name, CHANGE));
}

async function tryToChange(
  client: SecretsManagerClient,
  name: string,
  change: (text: string) => string,
): Promise<boolean | undefined | 'again'> {
  const read = await readVersion(client, name);
  if (typeof read === 'string') return undefined;
  const text = change(read.text);
  if (text === read.text) return false;
  // The label is the one that AWS has for a version that is to become current; another writer may take it away.
  const put = new PutSecretValueCommand({
    SecretId: name,
    SecretString: text,
    VersionStages: ['AWSPENDING'],
  });
  // The client takes this error for throttling, and would try for a minute.
  put.middlewareStack.add(
    (next) => (request) =>
      next(request).catch((error: unknown) => {
        throw error instanceof LimitExceededException ? tooManyVersions(name) : error;
      }),
    { step: 'finalizeRequest', priority: 'low' },
  );
  const { VersionId: mine } = await client.send(put);
  try {
    await client.send(
      new UpdateSecretVersionStageCommand({
        SecretId: name,
        VersionStage: 'AWSCURRENT',
        MoveToVersionId: mine,
        // Refused where another version is current by now.
        RemoveFromVersionId: read.versionId,
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof InvalidParameterException) return 'again';
    // It may be done all the same: then there is nothing to change when it is tried again.
    const now = await readVersion(client, name);
    if (typeof now !== 'string' && now.versionId === read.versionId) throw error;
    return 'again';
  }
}

function problemOfReading(client: SecretsManagerClient, name: string): Promise<unknown> {
  return client.send(new GetSecretValueCommand({ SecretId: name })).then(
    () => undefined,
    (error: unknown) => error,
  );
}

async function readVersion(client: SecretsManagerClient, name: string): Promise<Stored> {
  try {
    const answer = await client.send(new GetSecretValueCommand({ SecretId: name }));
    return { text: answer.SecretString ?? '', versionId: answer.VersionId };
  } catch (error) {
    if (isNotFound(error)) return 'absent';
    if (isBeingDeleted(error)) return 'deleted';
    throw error;
  }
}

/** Whether a secret is, or was already, scheduled for deletion. */
export function isBeingDeleted(error: unknown): boolean {
  return error instanceof InvalidRequestException && /delet/i.test(error.message);
}

/** Secrets Manager keeps 100 versions, and all of the last 24 hours: docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
function tooManyVersions(name: string): Failure {
  return new Failure(
    'unavailable',
    `Secret "${name}": was written about 100 times within a day, which is the most that Secrets Manager keeps; try again tomorrow`,
  );
}
