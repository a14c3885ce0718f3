import { deadlineIn } from '../../lib/deadline.ts';
import { httpRequest } from '../../lib/http/request.ts';
import { openStore, type Store } from '../../lib/pocket-server/store.ts';
import type { NewItem } from '../../lib/pocket-server/stored-item.ts';
import { pocket } from '../../lib/reading-lists/pocket/pocket.ts';
import type { ReadingList } from '../../lib/reading-lists/reading-list.ts';
import { credentialsFrom } from '../../lib/secrets/credentials.ts';
import { envSecrets } from '../../lib/secrets/env-secrets.ts';
import { startTestPocket, type TestPocket, type TestPocketOptions } from './test-pocket.ts';

export const CREDENTIALS = { consumerKey: '1234-key', accessToken: 'token-5678' };

/** The environment of a run against a server. */
export function environmentFor({ url }: Pick<TestPocket, 'url'>): Record<string, string> {
  return {
    POCKET_API_URL: url,
    SECRETS_FROM: 'env',
    // The items are made up; their URLs have no pages.
    FETCH_PAGES: 'false',
    POCKET_KEY: CREDENTIALS.consumerKey,
    POCKET_TOKEN: CREDENTIALS.accessToken,
  };
}

export type PocketUnderTest = {
  readonly server: TestPocket;
  readonly store: Store;
  readonly list: ReadingList;
  /** Requests sent by `list`. */
  readonly sent: () => number;
  /** The server takes another token from now on, and the environment says so. */
  rotate(): void;
  /** The tags of every unread item, by its id. */
  tagsById(): Record<string, readonly string[]>;
  close(): Promise<void>;
};

/** A real server with these items on a port of its own, and the real adapter for it, with short waits. */
export async function pocketWith(
  items: readonly NewItem[],
  options: Partial<TestPocketOptions> = {},
): Promise<PocketUnderTest> {
  const store = openStore(':memory:');
  store.insert(items);
  const server = await startTestPocket({ store, credentials: CREDENTIALS, ...options });
  const { request, sent } = httpRequest({ backOffBaseMs: 1 });
  const secretNames = { consumerKey: 'POCKET_KEY', accessToken: 'POCKET_TOKEN' };
  const environment = environmentFor(server);
  const credentials = credentialsFrom(envSecrets(environment), secretNames);
  return {
    server,
    store,
    list: pocket({ apiUrl: server.url, request, credentials }),
    sent,
    rotate: () => {
      server.setCredentials({ ...CREDENTIALS, accessToken: 'rotated' });
      environment.POCKET_TOKEN = 'rotated';
    },
    tagsById: () => Object.fromEntries([...store.everything()].map((item) => [item.item_id, item.tags])),
    close: async () => {
      await server.close();
      store.close();
    },
  };
}

/** So many articles, newest first, with 100, 200, ... words and the tags given to all of them. */
export function articles(count: number, tags: readonly string[] = []): NewItem[] {
  return Array.from({ length: count }, (_, at) => ({
    given_url: `https://example.com/${at + 1}`,
    given_title: `Article ${at + 1}`,
    word_count: 100 * (1 + (at % 20)),
    time_to_read: 0,
    lang: 'en',
    time_added: 1_700_000_000 - at,
    tags,
  }));
}

/** No deadline at all. */
export const NO_DEADLINE = deadlineIn(Number.POSITIVE_INFINITY);
export const NO_DEADLINES = { reading: NO_DEADLINE, writing: NO_DEADLINE };
