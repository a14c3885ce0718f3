import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { type Fault, type Node, withFault } from '../faults.ts';

/** One call to a fake. */
export type FakeCall = {
  /** Counts all calls from 1, in the order in which they came. */
  readonly n: number;
  readonly method: string;
  readonly path: string;
  readonly json: unknown;
  /** Whether it is to change something. */
  readonly isWrite: boolean;
};

/** The fault of the n-th call, from 1, or a response to replace its own; `undefined`: none. */
type FaultAt = (call: FakeCall) => Fault | Response | undefined;

/** One call that a fake has answered. */
export type LoggedCall = FakeCall & {
  readonly query: URLSearchParams;
  /** The header of that name. */
  readonly authorization: string;
  readonly status: number;
  /** What was answered, where it was JSON. */
  readonly answered: unknown;
};

/** What an item of any fake is made of. */
export type FakeItem = {
  readonly id: string;
  readonly url: string;
  readonly title: string;
  /** Seconds since 1970. */
  readonly addedAt: number;
  /** 0: the service has not counted, or cannot. */
  words: number;
  ready: boolean;
  archived: boolean;
  tags: string[];
  /** 0 to 1. */
  progress: number;
  language: string;
  /** Fields as a real server had them, in place of made-up ones. */
  readonly row?: Readonly<Record<string, unknown>>;
  /** Its text, in place of as many words as `words`. */
  readonly text?: string;
  /** Whether its stored text is gone from the server's disk. */
  isLost?: boolean;
};

export type FakeOptions = {
  readonly fault?: FaultAt;
  readonly token?: string;
  /** How long each call takes: milliseconds. */
  readonly delayMs?: number;
};

export type FakeServer = {
  readonly url: string;
  readonly calls: LoggedCall[];
  /** Valid tokens. */
  readonly tokens: Set<string>;
  /** Whether they may write. */
  mayWrite: boolean;
  /** Changed between runs. */
  fault: FaultAt;
  /** Maximum number of concurrent calls so far. */
  maxInFlight(): number;
  close(): Promise<void>;
};

/**
 * A service on a port of its own, with a log, faults, and a check of the `Authorization` header. `routes` adds
 * what the service does with the items; `unauthorized` is its response to a wrong token.
 */
export async function startFake(
  items: readonly FakeItem[],
  routes: (app: Hono<Node>) => void,
  {
    fault = () => undefined,
    token = 'token-5678',
    delayMs = 0,
    schemes = ['Bearer'],
    unauthorized = () => new Response('Unauthorized', { status: 401 }),
    forbidden = () => new Response('Forbidden', { status: 403 }),
    isOpen = () => false,
    refusesWrites = true,
    changes = () => true,
  }: FakeOptions & {
    /** Of the header; an empty one: the token stands alone. */
    schemes?: readonly string[];
    unauthorized?: (header: string) => Response;
    forbidden?: () => Response;
    isOpen?: (path: string) => boolean;
    /** False: the fake refuses those of a token that may only read in its own way. */
    refusesWrites?: boolean;
    /** Whether a call that could change something does, by its body. */
    changes?: (json: unknown) => boolean;
  } = {},
): Promise<FakeServer> {
  const calls: LoggedCall[] = [];
  const tokens = new Set([token]);
  const app = new Hono<Node>();
  let n = 0;
  let inFlight = 0;
  let max = 0;
  const snapshot = () => {
    const before = items.map(({ tags }) => tags);
    return () => {
      for (const [at, item] of items.entries()) item.tags = before[at] ?? [];
    };
  };
  app.use(async (context, next) => {
    n += 1;
    const { method, path } = context.req;
    const json = jsonOf(await context.req.raw.clone().text());
    const isWrite = method !== 'GET' && !isLogin(path) && changes(json);
    const call: FakeCall = { n, method, path, json, isWrite };
    const header = context.req.header('Authorization') ?? '';
    const [scheme = ''] = header.split(' ', 1);
    const given = schemes.includes('')
      ? header
      : schemes.includes(scheme)
        ? header.slice(scheme.length + 1)
        : '';
    inFlight += 1;
    max = Math.max(max, inFlight);
    if (delayMs > 0) await sleep(delayMs);
    const isRefused = !isOpen(path) && !tokens.has(given);
    const fault = fake.fault(call);
    if (fault instanceof Response) context.res = fault;
    else
      await withFault(fault, context, snapshot, async () => {
        if (isRefused) context.res = unauthorized(header);
        else if (refusesWrites && !fake.mayWrite && isWrite) context.res = forbidden();
        else await next();
      });
    inFlight -= 1;
    calls.push({
      ...call,
      query: new URL(context.req.url).searchParams,
      authorization: header,
      status: context.res.status,
      answered: jsonOf(await context.res.clone().text()),
    });
  });
  routes(app);
  // On a busy machine an idle connection may be closed just as the next call is sent: a retry that no test counts on.
  const serverOptions = { keepAliveTimeout: 0 };
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1', serverOptions });
  await new Promise((resolve) => server.once('listening', resolve));
  const fake: FakeServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    tokens,
    mayWrite: true,
    fault,
    maxInFlight: () => max,
    close: () =>
      new Promise((resolve) => {
        if ('closeAllConnections' in server) server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return fake;
}

/** Whether it is a call that logs in, which changes nothing of the items. */
export function isLogin(path: string): boolean {
  return path.startsWith('/oauth/') || path.endsWith('/auth/login');
}

/** So many items, newest first, two of each second, with 100, 200, ... words. */
export function fakeItems(count: number, fields: Partial<FakeItem> = {}): FakeItem[] {
  return Array.from({ length: count }, (_, at) => ({
    id: String(count - at),
    url: `https://example.com/${at + 1}`,
    title: `Article ${at + 1}`,
    addedAt: 1_700_000_000 - Math.floor(at / 2),
    words: 100 * (1 + (at % 20)),
    ready: true,
    archived: false,
    progress: 0,
    language: 'en',
    ...fields,
    tags: [...(fields.tags ?? [])],
  }));
}

/** A text of so many words, as HTML. */
export function htmlOf(words: number): string {
  return `<article><h1 class="x">${'word '.repeat(words)}</h1><script>let not = 'counted';</script></article>`;
}

export function iso(seconds: number): string {
  if (Number.isNaN(seconds)) return 'soon';
  return new Date(seconds * 1000).toISOString();
}

/** The body of a call as an object. */
export async function bodyOf(context: Context): Promise<Record<string, unknown>> {
  return (await context.req.json().catch(() => ({}))) as Record<string, unknown>;
}

export function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text || undefined;
  }
}
