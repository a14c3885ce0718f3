import { openStore, type Store } from '../../lib/pocket-server/store.ts';
import type { NewItem } from '../../lib/pocket-server/stored-item.ts';
import { startTestPocket, type TestPocket, type TestPocketOptions } from '../helpers/test-pocket.ts';

export const credentials = { consumerKey: '1234-abcd1234', accessToken: '5678defg-5678' };
export const keys = { consumer_key: credentials.consumerKey, access_token: credentials.accessToken };

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into field by field
export type Json = any;
export type Reply = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Json;
};

export type Served = {
  readonly server: TestPocket;
  readonly store: Store;
  /** POST as JSON, with the credentials. */
  readonly post: (path: string, params?: object) => Promise<Reply>;
};

export async function reply(response: Response): Promise<Reply> {
  const { status, headers } = response;
  const text = await response.text();
  let body: Json;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  return { status, headers, text, body };
}

export const json = (params: object) => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json; charset=UTF-8' },
  body: JSON.stringify(params),
});

/** A server with these items in it, for as long as `use` takes. */
export async function serving(
  items: readonly NewItem[],
  use: (served: Served) => Promise<void>,
  options: Partial<TestPocketOptions> = {},
): Promise<void> {
  const store = openStore(':memory:');
  store.insert(items);
  const server = await startTestPocket({ store, credentials, ...options });
  const post = async (path: string, params: object = {}) =>
    reply(await fetch(`${server.url}/${path}`, json({ ...keys, ...params })));
  try {
    await use({ server, store, post });
  } finally {
    await server.close();
    store.close();
  }
}
