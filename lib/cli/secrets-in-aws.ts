import { text } from 'node:stream/consumers';
import password from '@inquirer/password';
import { Failure } from '../failure.ts';
import { check } from '../run/run.ts';
import { deleteSecret, setSecret, type Versions, versionsOf } from '../secrets/manage-secrets.ts';
import { secretsManagerClient } from '../secrets/secrets-manager.ts';
import { readSecretNames, readSettings } from '../settings.ts';
import { checkTable, versionsTable } from './secret-tables.ts';

/** Creates or updates a secret, with a value that is asked for. Rejects with a `Failure`, as all of these do. */
export async function storeSecret(name: string, region: string | undefined): Promise<void> {
  const { created, versionId } = await setSecret(clientIn(region), name, await readValue(name));
  console.log(
    `Secret "${name}": ${created ? 'created' : 'updated'}${versionId ? `, version ${versionId}` : ''}`,
  );
}

/** Prints versions and ages, by default of the secrets that the tagger needs; whether all of them could be told. */
export async function listSecrets(names: readonly string[], region: string | undefined): Promise<boolean> {
  const client = clientIn(region);
  const secrets = await Promise.all(
    (names.length > 0 ? names : readSecretNames(process.env)).map(
      async (name): Promise<{ name: string } & (Versions | { problem: string })> => {
        try {
          return { name, ...(await versionsOf(client, name)) };
        } catch (error) {
          if (error instanceof Failure) return { name, problem: error.message };
          throw error;
        }
      },
    ),
  );
  console.log(versionsTable(secrets, Date.now()));
  const problems = secrets.flatMap((secret) => ('problem' in secret ? [secret.problem] : []));
  for (const problem of problems) console.error(problem);
  return problems.length === 0;
}

/** Deletes a secret, after so many days in which it can be restored. */
export async function removeSecret(
  name: string,
  recoveryDays: number,
  region: string | undefined,
): Promise<void> {
  const until = await deleteSecret(clientIn(region), name, recoveryDays);
  const day = until?.toISOString().slice(0, 10) ?? `${recoveryDays} days from now`;
  console.log(
    `Secret "${name}": will be deleted on ${day}; until then: aws secretsmanager restore-secret --secret-id ${name}`,
  );
}

/** Prints whether each secret is usable and the reading list accepts it; whether that is so. */
export async function checkSecrets(region: string | undefined): Promise<boolean> {
  if (region) process.env.AWS_REGION = region;
  const { env } = process;
  const found = await check({ settings: readSettings(env), env });
  console.log(`${checkTable(found)}\n\n${found.message}`);
  return found.ok;
}

function clientIn(region = process.env.AWS_REGION ?? '') {
  return secretsManagerClient({ region });
}

/** What is typed at the prompt, unseen, or else standard input without its last line break. */
async function readValue(name: string): Promise<string> {
  if (process.stdin.isTTY) return password({ message: `Value of ${name}:`, mask: false });
  return (await text(process.stdin)).replace(/\r?\n$/, '');
}
