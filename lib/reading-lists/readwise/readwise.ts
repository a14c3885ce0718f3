import type { Deadline } from '../../deadline.ts';
import { type Clock, systemClock } from '../../http/clock.ts';
import { rateLimited } from '../../http/limits.ts';
import { type TokenServiceOptions, tokenCall } from '../api-call.ts';
import type { Page, ReadingList } from '../reading-list.ts';
import { type Reader, readOne, readPage } from './wire.ts';
import { applyTags, UPDATES_PER_CALL } from './writes.ts';

/**
 * Requests for n items, c of them changed: n/100 pages, but one at least for each of three locations, and c/50
 * bulk writes. A page that got older than a minute before it was written is one request more.
 */
const PAGE_SIZE = 100;
/** What a token may list, and write in bulk, in a minute. Taken together, in case the service does. */
const CALLS_PER_MINUTE = 20;
/** One location a call; the archive and the feed are no reading list. */
const UNREAD_LOCATIONS = ['new', 'later', 'shortlist'];

/** Readwise Reader, https://readwise.io/read: tags are replaced, fifty items at a time. */
export function readwise({
  clock = systemClock,
  ...options
}: TokenServiceOptions & { clock?: Clock }): ReadingList {
  const pace = rateLimited(options.request, CALLS_PER_MINUTE, clock);
  const base = `${options.url}/api/v3`;
  const call = tokenCall({ ...options, request: pace.request }, { base, scheme: 'Token' });
  const reader: Reader = { call, pace, clock, base, readings: new Map() };
  return {
    batchSize: UPDATES_PER_CALL,
    listUnread: (deadline) => listUnread(reader, deadline),
    applyTags: (changes, deadline, tell) => applyTags(reader, changes, deadline, tell),
    getItem: ({ id }, deadline) => readOne(reader, id, deadline),
  };
}

/** https://readwise.io/reader_api#list: a cursor in each location. */
async function* listUnread(reader: Reader, deadline: Deadline): AsyncGenerator<Page> {
  const seen = new Set<string>();
  for (const location of UNREAD_LOCATIONS) {
    let cursor: string | null | undefined;
    do {
      const query = new URLSearchParams({
        location,
        limit: String(PAGE_SIZE),
        ...(cursor && { pageCursor: cursor }),
      });
      const page = await readPage(reader, query.toString(), deadline);
      const items = page.items.filter(({ id }) => !seen.has(id));
      for (const { id } of items) seen.add(id);
      if (items.length > 0) yield { items };
      cursor = page.cursor;
    } while (cursor);
  }
}
