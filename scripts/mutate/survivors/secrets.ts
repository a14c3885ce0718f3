import { FOR_THE_TYPES, type Survivor } from './survivor.ts';

export const SECRETS: readonly Survivor[] = [
  {
    file: 'lib/secrets/credential-sets.ts',
    code: ["'credentials'", 'chosen.find((one) => one.name === name)?.secret'],
    why: FOR_THE_TYPES,
  },
  {
    file: 'lib/secrets/credentials.ts',
    code: ['refusal?.message', 'refusal?.status', "'Refused'"],
    why: 'never happens: a set is tried and refused first',
  },
  {
    file: 'lib/secrets/credentials.ts',
    code: ['refusal?.status === undefined'],
    why: 'a status that is undefined is none',
  },
  {
    file: 'lib/secrets/json-object.ts',
    code: ['{ return undefined; }'],
    why: 'a function that returns nothing returns undefined',
  },
  {
    file: 'lib/secrets/manage-secrets.ts',
    code: ['[]', "''"],
    why: 'what is put in the place of nothing is not found either',
  },
];
