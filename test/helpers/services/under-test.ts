import { managedTags } from '../../../lib/core/plan.ts';
import { limitConcurrency } from '../../../lib/http/call-limiters.ts';
import type { Clock } from '../../../lib/http/clock.ts';
import { httpRequest, type Request } from '../../../lib/http/request.ts';
import type { ReadPage } from '../../../lib/pages/read-page.ts';
import { withManagedTagNames } from '../../../lib/reading-lists/open.ts';
import type { ReadingList } from '../../../lib/reading-lists/reading-list.ts';
import { type Credentials, credentialsFrom } from '../../../lib/secrets/credentials.ts';
import { readSettings } from '../../../lib/settings.ts';
import { type StoredSecret, sourceOf } from '../secret-source.ts';
import { steppingClock } from './clock.ts';
import { type FakeItem, type FakeOptions, type FakeServer, fakeItems } from './fake-service.ts';
import type { ListingShape } from './wrong-listings.ts';

/** The settings that the contract is kept under. */
export const { rules: RULES } = readSettings({
  POCKET_API_URL: 'http://127.0.0.1/v3',
  RETIRED_TAGS: 'short',
});

/** What the suites need to know of a service. */
export type ServiceSetup = {
  start(items: FakeItem[], options: FakeOptions & { clock: Clock }): Promise<FakeServer>;
  open(options: {
    url: string;
    request: Request;
    credentials: Credentials<'token'>;
    clock: Clock;
  }): ReadingList;
  normalizeTag(tag: string): string;
  /** How many calls the service takes at once. Default: 2. */
  readonly takesAtOnce?: number;
  /** The service reports a total, and the adapter does not go by it. */
  readonly ignoresTotal?: true;
  readonly listing: ListingShape;
  /** The values of its secrets, by the adapter's own names, for a token. */
  readonly secrets?: (token: string) => Readonly<Record<string, string>>;
};

export type FakeUnderTest = {
  readonly list: ReadingList;
  /** The same list again, as another run opens it. */
  open(): ReadingList;
  readonly items: FakeItem[];
  readonly server: FakeServer;
  readonly clock: ReturnType<typeof steppingClock>;
  readonly sent: () => number;
  /** What the open web says of an item whose length the service does not know. */
  readonly readPage: ReadPage;
  /** The service takes another token from now on, and the secret says so. */
  rotate(): void;
  close(): Promise<void>;
};

/** The environment of a run against a fake. */
export function environmentOf(name: string, { url, tokens }: FakeServer): Record<string, string> {
  const upper = name.toUpperCase();
  const token = [...tokens][0] ?? '';
  const login = {
    client_id: '1_client',
    client_secret: 'client-secret',
    username: 'reader',
    password: token,
  };
  return {
    READING_LIST: name,
    SECRETS_FROM: 'env',
    FETCH_PAGES: 'false',
    LOG_LEVEL: 'SILENT',
    [`${upper}_URL`]: `${url}/`,
    ...(['wallabag', 'shiori'].includes(name)
      ? { [`${upper}_SECRET`]: 'MY_LOGIN', MY_LOGIN: JSON.stringify(login) }
      : { [`${upper}_TOKEN_SECRET`]: 'MY_TOKEN', MY_TOKEN: token }),
  };
}

/** A fake with these items on a port of its own, and the real adapter for it, with short waits. */
export async function underTest(
  { start, open, normalizeTag, secrets = (token) => ({ token }) }: Omit<ServiceSetup, 'listing'>,
  items: FakeItem[] = fakeItems(3),
  options: FakeOptions = {},
): Promise<FakeUnderTest> {
  const clock = steppingClock();
  const server = await start(items, { ...options, clock });
  const opened: ReturnType<typeof httpRequest>[] = [];
  const kept: Record<string, StoredSecret> = {};
  const setSecrets = (token: string) => {
    for (const [key, text] of Object.entries(secrets(token))) kept[key] = { current: { text } };
  };
  setSecrets([...server.tokens][0] ?? '');
  const names = Object.fromEntries(Object.keys(kept).map((key) => [key, key]));
  const openAgain = () => {
    const http = httpRequest({ backOffBaseMs: 1 });
    opened.push(http);
    const request = limitConcurrency(http.request);
    const credentials = credentialsFrom(sourceOf(kept).source, names) as Credentials<'token'>;
    const adapter = open({ url: server.url, request, credentials, clock });
    return withManagedTagNames(adapter, managedTags(RULES), normalizeTag);
  };
  return {
    list: openAgain(),
    open: openAgain,
    items,
    server,
    clock,
    sent: () => opened.reduce((sum, { sent }) => sum + sent(), 0),
    readPage: async (url) => {
      const item = items.find((one) => one.url === url);
      return item?.ready && item.words > 0
        ? { known: true, words: item.words }
        : { known: false, reason: 'empty' };
    },
    rotate: () => {
      server.tokens.clear();
      server.tokens.add('rotated');
      setSecrets('rotated');
    },
    close: () => server.close(),
  };
}
