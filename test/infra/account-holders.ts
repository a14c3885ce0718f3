import assert from 'node:assert/strict';
import type { AccountVariables } from '../../lib/accounts/variables.ts';
import { systemClock } from '../../lib/http/clock.ts';
import type { AccountFront } from '../helpers/account-front.ts';
import { articles, CREDENTIALS, pocketWith } from '../helpers/pocket.ts';
import { type FakeItem, type FakeOptions, fakeItems } from '../helpers/services/fake-service.ts';
import { SETUPS, setupOf } from '../helpers/services/setups.ts';
import { SHIORI_USERNAME } from '../helpers/services/shiori.ts';
import { LOGIN } from '../helpers/services/wallabag.ts';

const ITEMS = 3;
/** Half a minute. */
const WORDS = 120;

/** Every service there is. */
const SERVICE_NAMES = ['pocket', ...Object.keys(SETUPS)];

type FaultOfService = NonNullable<FakeOptions['fault']>;

/** Somebody with a list of her own, at a service of her own. */
export type Holder = {
  readonly name: string;
  readonly service: string;
  readonly variables: AccountVariables;
  /** What the service takes as her secret. */
  secret(): string;
  /** The tags of each item of her list. */
  tags(): (readonly string[])[];
  /** Puts one more item on her list, which has no tag. */
  save(): void;
  /** Her service does this wrong from now on. */
  fail(fault: FaultOfService): void;
  /** Her service takes another secret, and no longer the one before; returns the variables that say so. */
  rotate(): AccountVariables;
  close(): Promise<void>;
};

/** The two tags of an account, which no other has. */
export const bandsOf = (name: string) => [`short-${name}`, `long-${name}`] as const;

/** Holders of accounts `u-001`, `u-002`, ..., with each service in turn. */
export function startHolders(count: number, front: AccountFront): Promise<Holder[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, at) => {
      const name = `u-${String(at + 1).padStart(3, '0')}`;
      const service = SERVICE_NAMES[at % SERVICE_NAMES.length] ?? 'pocket';
      return service === 'pocket' ? pocketHolder(name, front) : fakeHolder(name, service, front);
    }),
  );
}

function variablesFor(name: string, readingList: string): AccountVariables {
  const [short, long] = bandsOf(name);
  return { READING_LIST: readingList, BANDS: `${short}:1, ${long}`, FETCH_PAGES: 'true' };
}

/** No part of one secret is found in another's. */
const secretFor = (name: string, version: number) => `secret-of-${name}-version-${version}.`;

async function pocketHolder(name: string, front: AccountFront): Promise<Holder> {
  const pocket = await pocketWith(articles(ITEMS));
  let saved = ITEMS;
  let version = 1;
  const take = () => {
    pocket.server.setCredentials({ ...CREDENTIALS, accessToken: secretFor(name, version) });
    return { POCKET_TOKEN: secretFor(name, version) };
  };
  return {
    name,
    service: 'pocket',
    variables: {
      ...variablesFor(name, 'pocket'),
      POCKET_API_URL: front.addressOf(name, pocket.server.url),
      POCKET_KEY: CREDENTIALS.consumerKey,
      ...take(),
    },
    secret: () => secretFor(name, version),
    tags: () => Object.values(pocket.tagsById()),
    save: () => {
      saved += 1;
      const [item] = articles(1);
      if (item)
        pocket.store.insert([
          { ...item, given_url: `https://example.com/${saved}`, time_added: 1_700_000_000 + saved },
        ]);
    },
    fail: () => {
      throw new Error('The Pocket of an account has no faults here');
    },
    rotate: () => {
      version += 1;
      return take();
    },
    close: () => pocket.close(),
  };
}

async function fakeHolder(name: string, service: string, front: AccountFront): Promise<Holder> {
  const itemAt = (at: number): FakeItem => {
    const [item] = fakeItems(1);
    assert.ok(item);
    const [id, url] = [String(at), front.pageOf(name, String(at))];
    // Services that count words know what the page has.
    return { ...item, id, url, words: WORDS, addedAt: Math.floor(Date.now() / 1000) - 1000 + at };
  };
  const items = Array.from({ length: ITEMS }, (_, at) => itemAt(ITEMS - at));
  let version = 1;
  const fake = await setupOf(service).start(items, { token: secretFor(name, version), clock: systemClock });
  const upper = service.toUpperCase();
  const take = (): AccountVariables => {
    const token = secretFor(name, version);
    fake.tokens.clear();
    fake.tokens.add(token);
    if (service === 'wallabag') return { WALLABAG: JSON.stringify({ ...wallabagLogin(), password: token }) };
    if (service === 'shiori')
      return { SHIORI: JSON.stringify({ username: SHIORI_USERNAME, password: token }) };
    return { [`${upper}_TOKEN`]: token };
  };
  return {
    name,
    service,
    variables: {
      ...variablesFor(name, service),
      [`${upper}_URL`]: front.addressOf(name, fake.url),
      ...take(),
    },
    secret: () => secretFor(name, version),
    tags: () => items.map(({ tags }) => tags),
    save: () => {
      items.unshift(itemAt(items.length + 1));
    },
    fail: (fault) => {
      fake.fault = fault;
    },
    rotate: () => {
      version += 1;
      return take();
    },
    close: () => fake.close(),
  };
}

/** By the names of the keys of the secret. */
function wallabagLogin(): Readonly<Record<string, string>> {
  const { clientId, clientSecret, username } = LOGIN;
  return { client_id: clientId, client_secret: clientSecret, username };
}
