import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import { setTimeout } from 'node:timers/promises';
import { type Mode, type Summary, summarise } from '../../lib/core/summary.ts';
import { deadlineIn } from '../../lib/deadline.ts';
import { Failure } from '../../lib/failure.ts';
import { httpRequest, type Request } from '../../lib/http/request.ts';
import { openStore, type Store } from '../../lib/pocket-server/store.ts';
import type { NewItem } from '../../lib/pocket-server/stored-item.ts';
import { pocket } from '../../lib/reading-lists/pocket/pocket.ts';
import { verifyFirstWrite } from '../../lib/reading-lists/verify-first-write.ts';
import { tagUnread } from '../../lib/run/tag-unread.ts';
import { credentialsFrom } from '../../lib/secrets/credentials.ts';
import { envSecrets } from '../../lib/secrets/env-secrets.ts';
import { cached } from '../../lib/secrets/secret-cache.ts';
import { readSettings } from '../../lib/settings.ts';
import type { Fault } from '../helpers/faults.ts';
import { CREDENTIALS, environmentFor } from '../helpers/pocket.ts';
import { instantClock } from '../helpers/services/clock.ts';
import type { FaultyCall } from '../helpers/test-pocket.ts';
import { startTestPocket, type TestPocket, type TestPocketOptions } from '../helpers/test-pocket.ts';
import type { RunEnd } from './kinds.ts';

const { rules } = readSettings({ POCKET_API_URL: 'http://127.0.0.1/v3', RETIRED_TAGS: 'short' });
const OURS = new Set(['a quick read', 'a medium read', 'a long read', 'article with video', 'short']);

/** Of one request, to a service that has answered and is down. */
const MOST_TRIES = 8;

/** Items of every kind a tagger meets, in three pages: bare, rightly and wrongly tagged, and of unknown length. */
export const UNREAD = 70;
const HELD: readonly (readonly string[])[] = [
  [],
  ['mine'],
  ['a long read', 'mine'],
  ['a quick read'],
  ['short', 'a medium read'],
  ['Ünïcode ⚡', 'zz'],
];
const items = (): NewItem[] =>
  Array.from({ length: UNREAD }, (_, at) => ({
    given_url: `https://example.com/${at + 1}`,
    ...(at % 11 === 10 ? {} : { word_count: 150 * (1 + (at % 13)) }),
    time_added: 1_700_000_000 - at,
    tags: HELD[at % HELD.length] ?? [],
  }));

export type Tags = Readonly<Record<string, readonly string[]>>;

export type World = {
  readonly store: Store;
  readonly server: TestPocket;
  /** Where a run goes: the server, or what stands in front of it. */
  url: string;
  /** What goes wrong, by call; changed between runs. */
  fault: (call: FaultyCall) => Fault | undefined;
  /** Where a run finds its secrets. */
  readonly environment: Record<string, string>;
  tags(): Tags;
  close(): Promise<void>;
};

export async function startWorld(
  list: readonly NewItem[] = items(),
  options: Pick<TestPocketOptions, 'refusesInside200'> = {},
): Promise<World> {
  const store = openStore(':memory:');
  store.insert(list);
  const world = { fault: (_: FaultyCall): Fault | undefined => undefined };
  const server = await startTestPocket({
    store,
    credentials: CREDENTIALS,
    ...options,
    fault: (call) => world.fault(call),
  });
  return Object.assign(world, {
    store,
    server,
    url: server.url,
    environment: environmentFor(server),
    tags: () => Object.fromEntries([...store.everything()].map((item) => [item.item_id, item.tags])),
    close: async () => {
      await server.close();
      store.close();
    },
  });
}

/** What became of one run. */
export type Attempt = {
  readonly summary?: Summary;
  readonly failure?: Failure;
  /** The ids of the items that were decided on. */
  readonly lookedAt: ReadonlySet<string>;
  /** Items of which the server carried out a change during this run. */
  readonly carriedOut: ReadonlySet<string>;
  readonly maxInFlight: number;
  /** How often one request was sent at most. */
  readonly mostTries: number;
};

export type Hurry = {
  readonly deadlineMs?: number;
  readonly idleTimeoutMs?: number;
  /** The product's own waits between two tries, not shorter ones. */
  readonly usualBackOff?: boolean;
  readonly mode?: Mode;
  /** Secrets are remembered as in a run that reads them from AWS. */
  readonly remembersSecrets?: boolean;
  /** The server says that it keeps tags which it does not keep, so what it says is not compared here. */
  readonly forgets?: boolean;
  /** The reader changes tags meanwhile, so whose tags changed is not compared here. */
  readonly readerWrites?: boolean;
};

/** One run of the product against the world, with short waits. Its invariants are checked before it is returned. */
export async function attempt(world: World, hurry: Hurry = {}): Promise<Attempt> {
  const { deadlineMs = 60_000, idleTimeoutMs = 10_000, mode = 'full' } = hurry;
  const backOff = hurry.usualBackOff ? {} : { backOffBaseMs: 1 };
  const before = world.tags();
  const firstCall = world.server.calls.length;
  const http = httpRequest({ ...backOff, idleTimeoutMs });
  const { request, maxInFlight, mostTries } = counted(http.request);
  const names = { consumerKey: 'POCKET_KEY', accessToken: 'POCKET_TOKEN' };
  const secrets = envSecrets(world.environment);
  const maxAgeMs = hurry.remembersSecrets ? 3_600_000 : 0;
  const credentials = credentialsFrom(cached(secrets, { maxAgeMs }), names);
  const list = verifyFirstWrite(pocket({ apiUrl: world.url, request, credentials }), { clock: instantClock });
  const lookedAt = new Set<string>();
  const reading = deadlineIn(deadlineMs * 0.6);
  const writing = deadlineIn(deadlineMs);
  const onPage = ({ decisions }: { decisions: readonly { item: { id: string } }[] }) => {
    for (const { item } of decisions) lookedAt.add(item.id);
  };
  const ended = await tagUnread({ list, rules, mode, deadlines: { reading, writing }, onPage }).then(
    ({ tally, stoppedBy }) => ({
      summary: summarise(tally, {
        mode,
        dryRun: false,
        requests: http.sent(),
        durationMs: 0,
        ...(stoppedBy && { stoppedBy }),
      }),
    }),
    (error: unknown) => {
      assert.ok(error instanceof Failure, `a run failed with something else: ${error}`);
      return { failure: error };
    },
  );
  if (writing.signal.aborted) await settled(world.server);
  const calls = world.server.calls.slice(firstCall);
  const carriedOut = new Set(calls.flatMap((call) => call.carriedOut.map(({ item }) => String(item))));
  const found = {
    ...ended,
    lookedAt,
    carriedOut,
    maxInFlight: maxInFlight(),
    mostTries: mostTries(),
  };
  keepsInvariants(
    hurry.forgets ? withoutSummary(found) : found,
    hurry.readerWrites ? {} : before,
    world.tags(),
  );
  return found;
}

/** When a server has taken in what was sent to it before its caller was cut off, which may be later. */
export async function settled(server: Pick<TestPocket, 'callCount'>): Promise<void> {
  let seen: number;
  do {
    seen = server.callCount();
    await setTimeout(50);
  } while (server.callCount() !== seen);
}

/** How it ended. */
export function endOf({ summary, failure }: Attempt): RunEnd {
  if (failure) return failure.kind;
  if (summary?.stoppedBy) return 'stopped';
  return summary && summary.failed.count > 0 ? 'unsure' : 'as if nothing';
}

const withoutSummary = ({ summary: _, ...rest }: Attempt): Attempt => rest;

/** What holds of every run, whatever went wrong in it. */
function keepsInvariants(run: Attempt, before: Tags, after: Tags): void {
  const { summary, carriedOut, lookedAt, maxInFlight, mostTries } = run;
  assert.ok(maxInFlight <= 2, `${maxInFlight} requests in flight`);
  assert.ok(mostTries <= MOST_TRIES, `one request sent ${mostTries} times`);
  for (const [id, tags] of Object.entries(after)) {
    assert.deepEqual(others(tags), others(before[id] ?? tags), `other people's tags of item ${id}`);
  }
  if (!summary) return;
  const told = summary.tagged + summary.untagged;
  const done = carriedOut.size;
  if (summary.failed.count === 0) assert.equal(told, done, 'the summary counts what was carried out');
  // Where the service did not say, an item counts as failed, although it may have been changed.
  assert.ok(told <= done && done <= told + summary.failed.count, `told ${told}, carried out ${done}`);
  assert.equal(summary.listed, lookedAt.size);
}

export const others = (tags: readonly string[]) => tags.filter((tag) => !OURS.has(tag));

const sending = new AsyncLocalStorage<{ tries: number }>();
subscribe('http.client.request.start', () => {
  const current = sending.getStore();
  if (current) current.tries += 1;
});

/** The same requests, the most that were open at once, and how often one was sent at most. */
function counted(request: Request) {
  let open = 0;
  let mostOpen = 0;
  let mostTries = 0;
  return {
    maxInFlight: () => mostOpen,
    mostTries: () => mostTries,
    request: (async (spec) => {
      const current = { tries: 0 };
      open += 1;
      mostOpen = Math.max(mostOpen, open);
      try {
        return await sending.run(current, () => request(spec));
      } finally {
        open -= 1;
        mostTries = Math.max(mostTries, current.tries);
      }
    }) as Request,
  };
}

/** The tags after a run in which nothing goes wrong, and how many calls it makes. */
export async function undisturbed(list?: readonly NewItem[]): Promise<{ tags: Tags; calls: number }> {
  const world = await startWorld(list);
  const { summary } = await attempt(world);
  assert.equal(summary?.complete, true);
  const found = { tags: world.tags(), calls: world.server.callCount() };
  await world.close();
  return found;
}

/** One undisturbed run more: complete, and the list is as if nothing had ever gone wrong. */
export async function recovers(world: World, right: Tags): Promise<void> {
  world.fault = () => undefined;
  world.url = world.server.url;
  const { summary, failure } = await attempt(world);
  assert.equal(failure, undefined);
  assert.equal(summary?.complete, true);
  assert.deepEqual(world.tags(), right);
  const again = await attempt(world);
  assert.equal(again.carriedOut.size, 0, 'nothing is tagged twice');
}
