import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, systemClock } from '../../lib/http/clock.ts';
import { openStore } from '../../lib/pocket-server/store.ts';
import { accountOn, accountOnPocket } from './accounts.ts';
import type { Fault } from './faults.ts';
import { pageOf, paragraphs } from './pages.ts';
import { fakeItems } from './services/fake-service.ts';
import { SETUPS } from './services/setups.ts';
import { startTestPocket } from './test-pocket.ts';

/** A call that a list was sent: everything of it that could tell of whom it is. */
type SeenCall = { readonly text: string; readonly status: number | undefined };

/** The list of one account on a service of its own, of any kind. */
export type AccountList = {
  readonly url: string;
  /** Goes wrong at each call, until there is none. */
  fault: Fault | undefined;
  /** The variables of an account that has this list. */
  variables(more: object): Record<string, unknown>;
  /** The only token that is good from now on. */
  accept(token: string): void;
  /** The calls since this was last asked. */
  takeCalls(): readonly SeenCall[];
  /** The tags of each item. */
  tags(): readonly (readonly string[])[];
  /** Gives every item these tags alone. */
  setTags(tags: readonly string[]): void;
  close(): Promise<void>;
};

/** Of every kind, and Pocket. */
export const LIST_SERVICES = [...Object.keys(SETUPS), 'pocket'];

/** Services that know no lengths: pages are read instead. */
const WITHOUT_LENGTHS = ['raindrop', 'linkding'];
const PAGES = { FETCH_PAGES: 'true', MIN_CONFIDENCE: '0' };

type ListOptions = {
  readonly token: string;
  /** Words of each item. */
  readonly words: readonly number[];
  /** What the service counts its calls by. */
  readonly now: () => number;
  /** Where the pages of items are: `PAGES/ITEM`. */
  readonly pages: string;
};

/** Starts a list with one item for each number of words, saved just now. */
export async function startAccountList(service: string, options: ListOptions): Promise<AccountList> {
  return service === 'pocket' ? pocketList(options) : fakeList(service, options);
}

async function fakeList(service: string, { token, words, now, pages }: ListOptions): Promise<AccountList> {
  const setup = SETUPS[service];
  if (!setup) throw new Error(`no fake of ${service}`);
  const addedAt = Math.floor(Date.now() / 1000) - 60;
  const items = fakeItems(words.length, { addedAt }).map((item, at) => ({
    ...item,
    url: `${pages}/${at}`,
    words: words[at] ?? 0,
  }));
  const clock: Clock = { ...systemClock, now };
  const server = await setup.start(items, { token, clock });
  const list: AccountList = {
    url: server.url,
    fault: undefined,
    variables: (more) =>
      accountOn(service, server, { ...(WITHOUT_LENGTHS.includes(service) && PAGES), ...more }),
    accept: (next) => {
      server.tokens.clear();
      server.tokens.add(next);
    },
    takeCalls: () =>
      server.calls.splice(0).map(({ path, query, json, authorization, status }) => ({
        text: JSON.stringify([path, String(query), json, authorization]),
        status,
      })),
    tags: () => items.map((item) => item.tags),
    setTags: (tags) => {
      for (const item of items) item.tags = [...tags];
    },
    close: () => server.close(),
  };
  server.fault = () => list.fault;
  return list;
}

async function pocketList({ token, words }: ListOptions): Promise<AccountList> {
  const store = openStore(':memory:');
  const ids = store.insert(
    words.map((count, at) => ({ given_url: `https://example.com/${at}`, word_count: count })),
  );
  const credentialsOf = (accessToken: string) => ({ consumerKey: `key-of-${token}`, accessToken });
  let accepted = token;
  const given: unknown[] = [];
  const server = await startTestPocket({
    store,
    credentials: credentialsOf(token),
    onCredentials: (...sent) => given.push(...sent),
    fault: () => list.fault,
  });
  const list: AccountList = {
    url: server.url,
    fault: undefined,
    variables: (more) => {
      const { consumerKey: POCKET_KEY, accessToken: POCKET_TOKEN } = credentialsOf(accepted);
      return accountOnPocket(server, { POCKET_KEY, POCKET_TOKEN, ...more });
    },
    accept: (next) => {
      accepted = next;
      server.setCredentials(credentialsOf(next));
    },
    takeCalls: () => {
      const credentials = given.splice(0);
      return server.calls
        .splice(0)
        .map(({ params, status }) => ({ text: JSON.stringify([params, credentials]), status }));
    },
    tags: () => ids.map((id) => store.find({ item_id: String(id) })?.tags ?? []),
    setTags: (tags) => {
      for (const id of ids) {
        store.clearTags(id);
        store.addTags(id, tags);
      }
    },
    close: async () => {
      await server.close();
      store.close();
    },
  };
  return list;
}

/** Pages of so many words below any folder: `/acct-017/2` is the third. `takePaths`: those since it was last asked. */
export async function startPages(words: readonly number[]): Promise<{
  url: string;
  takePaths(): readonly string[];
  close(): void;
}> {
  /** Words in a paragraph of test/helpers/pages.ts. */
  const IN_PARAGRAPH = 82;
  const pages = words.map((count) => pageOf(paragraphs(Math.round(count / IN_PARAGRAPH))));
  const paths: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    paths.push(url);
    response.writeHead(200, { 'Content-Type': 'text/html' }).end(pages[Number(url.split('/').at(-1))]);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    takePaths: () => paths.splice(0),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
