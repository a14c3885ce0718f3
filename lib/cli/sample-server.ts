import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { type PocketServer, startPocketServer } from '../pocket-server/server.ts';
import { openStore, type Store } from '../pocket-server/store.ts';
import { sampleList } from './sample-list.ts';

const FOLDER = '.data';
const DATABASE = `${FOLDER}/sample.sqlite`;
const PAGES = new URL('sample-pages/', import.meta.url);
/** Where the pages of an earlier run were: the port is another each time. */
const EARLIER_PAGE = /^http:\/\/127\.0\.0\.1:\d+\/pages\//;

export type Sample = {
  readonly server: PocketServer;
  readonly unread: number;
  /** The settings that lead to it. */
  readonly env: Readonly<Record<string, string>>;
};

/** Serves the sample reading list and its pages, kept in `.data/` so that a second run finds it tagged. */
export async function serveSample({ fresh }: { fresh: boolean }): Promise<Sample> {
  mkdirSync(FOLDER, { recursive: true, mode: 0o700 });
  if (fresh) for (const suffix of ['', '-shm', '-wal']) rmSync(`${DATABASE}${suffix}`, { force: true });
  const store = openStore(DATABASE);
  const credentials = { consumerKey: randomUUID(), accessToken: randomUUID() };
  const server = await startPocketServer({ store, credentials, pages: samplePages() });
  const { origin, host } = new URL(server.url);
  if (store.count() === 0) store.insert(sampleList(Math.floor(Date.now() / 1000), `${origin}/pages`));
  else movePages(store, `${origin}/pages/`);
  const env = {
    READING_LIST: 'pocket',
    POCKET_API_URL: server.url,
    PAGES_ALLOW_HOSTS: host,
    SECRETS_FROM: 'env',
    POCKET_KEY_SECRET: 'POCKET_KEY',
    POCKET_TOKEN_SECRET: 'POCKET_TOKEN',
    POCKET_KEY: credentials.consumerKey,
    POCKET_TOKEN: credentials.accessToken,
  };
  return { server, unread: store.count({ statuses: [0] }), env };
}

function samplePages(): ReadonlyMap<string, string> {
  return new Map(readdirSync(PAGES).map((name) => [name, readFileSync(new URL(name, PAGES), 'utf8')]));
}

function movePages(store: Store, to: string): void {
  store.transaction(() => {
    for (const { item_id, given_url } of store.everything()) {
      if (EARLIER_PAGE.test(given_url))
        store.change(item_id, { given_url: given_url.replace(EARLIER_PAGE, to) });
    }
  });
}
