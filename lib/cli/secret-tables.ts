import type { SecretsCheck } from '../secrets/check-secrets.ts';
import type { SecretVersion } from '../secrets/get-secret.ts';
import type { Versions } from '../secrets/manage-secrets.ts';
import { plainTable } from './plain-table.ts';

const DAY_MS = 86_400_000;

/** What `list` found of one secret: its versions, or what stands against it. */
export type Listed = { readonly name: string } & (Versions | { readonly problem: string });

/** A line for each secret: version ids and ages, never a value. */
export function versionsTable(secrets: readonly Listed[], now: number): string {
  return plainTable(
    {
      head: ['secret', 'current version', 'age', 'previous version', 'age', ''],
      align: ['left', 'left', 'right', 'left', 'right', 'left'],
    },
    secrets.map((secret) => {
      if ('problem' in secret) return [secret.name, '', '', '', '', 'see below'];
      const { current, previous, deletedAt } = secret;
      const state = deletedAt ? `to be deleted on ${deletedAt.toISOString().slice(0, 10)}` : '';
      return [secret.name, ...columns(current, now), ...columns(previous, now), state];
    }),
  );
}

function columns(version: SecretVersion | undefined, now: number): [string, string] {
  if (version === undefined) return ['', ''];
  const age = version.createdAt && Math.floor((now - version.createdAt.getTime()) / DAY_MS);
  return [version.versionId, days(age)];
}

/** A line for each secret, and one for the reading list. */
export function checkTable({ secrets, readingList }: SecretsCheck): string {
  const table = plainTable(
    {
      head: ['secret', 'usable', 'age', 'rotation', 'version'],
      align: ['left', 'left', 'right', 'left', 'left'],
    },
    secrets.map(({ name, usable, ageDays, rotates, versionId = '' }) => {
      const rotation = rotates === undefined ? '' : rotates ? 'on' : 'off';
      return [name, usable ? 'yes' : 'no', days(ageDays), rotation, versionId];
    }),
  );
  return `${table}\n\nreading list accepts them: ${readingList.accepts ? 'yes' : 'no'}`;
}

function days(age: number | undefined): string {
  if (age === undefined) return '';
  return `${age} ${age === 1 ? 'day' : 'days'}`;
}
