import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Deadline, deadlineIn } from '../../lib/deadline.ts';
import { type FetchPage, type PageFetcherOptions, pageFetcher } from '../../lib/pages/fetch-page.ts';
import { withTimeouts } from '../../lib/pages/page-timeouts.ts';
import { type Behaviour, type FakeInternet, fakeInternet } from '../helpers/fake-internet.ts';
import { NO_DEADLINE } from '../helpers/pocket.ts';
import { endsIn } from '../helpers/recording-clock.ts';

const response = (status: string, ...headers: string[]) =>
  `HTTP/1.1 ${[status, 'Content-Type: text/html', 'Content-Length: 5', ...headers].join('\r\n')}\r\n\r\nwords`;
const page = response('200 OK');

describe('Requests to the hosts of pages', () => {
  let internet: FakeInternet;
  /** Hosts of the requests, in order. */
  let requested: string[];

  beforeEach(async () => {
    internet = await fakeInternet();
    requested = [];
  });
  afterEach(() => internet.close());

  const serve = (host: string, behaviour: Behaviour) =>
    internet.serve(host, (socket, request) => {
      requested.push(host);
      behaviour(socket, request);
    });

  function fetcher(
    limits: PageFetcherOptions['limits'] = {},
    clock?: PageFetcherOptions['clock'],
  ): FetchPage {
    const { lookup, route } = internet;
    return pageFetcher({ lookup, route, limits: { retryDelayMs: 1, ...limits }, ...(clock && { clock }) });
  }

  /** Until so many requests have come. */
  async function requests(count: number): Promise<void> {
    while (requested.length < count) await sleep(5);
  }

  const outcome = async (fetchPage: FetchPage, url: string, deadline: Deadline = NO_DEADLINE) => {
    const got = await fetchPage(url, deadline);
    return got.ok ? 'page' : got.reason;
  };

  describe('tries again', () => {
    const rows: readonly (readonly [
      why: string,
      responses: readonly string[],
      outcome: string,
      requests: number,
    ])[] = [
      ['a server error that passes, once', [response('503 Busy'), page], 'page', 2],
      ['a server error that stays, once', [response('500 Error')], 'server-error', 2],
      ['one that becomes a 404, once', [response('502 Bad'), response('404 No')], 'gone', 2],
      ['no missing page', [response('404 Not Found'), page], 'gone', 1],
      ['no page that was too much requested', [response('429 Too Many Requests'), page], 'refused', 1],
      [
        'nothing when the host asks for more time than there is',
        [response('503 Busy', 'Retry-After: 3600'), page],
        'asked-to-wait',
        1,
      ],
    ];
    for (const [why, responses, expected, requests] of rows) {
      it(why, async () => {
        await serve('good.test', (s) =>
          s.write(responses[Math.min(requested.length, responses.length) - 1] ?? ''),
        );
        assert.equal(await outcome(fetcher(), 'http://good.test/'), expected);
        assert.equal(requested.length, requests);
      });
    }
  });

  it('sends a host nothing for as long as it says, and continues with the others', async () => {
    const cooldownOver = Promise.withResolvers<void>();
    const waits: number[] = [];
    const clock: PageFetcherOptions['clock'] = {
      now: () => 0,
      wait: (ms) => {
        waits.push(ms);
        return cooldownOver.promise;
      },
    };
    await serve('busy.test', (s) =>
      s.write(requested.length === 1 ? response('429 Too Many Requests', 'Retry-After: 7') : page),
    );
    await serve('good.test', (s) => s.write(page));
    const fetchPage = fetcher({ maxConcurrent: 1 }, clock);
    const [first, second] = [1, 2].map((at) => outcome(fetchPage, `http://busy.test/${at}`));
    assert.equal(await first, 'refused');
    assert.equal(await outcome(fetchPage, 'http://good.test/'), 'page');
    assert.deepEqual([requested, waits], [['busy.test', 'good.test'], [7000]]);
    cooldownOver.resolve();
    assert.equal(await second, 'page');
  });

  it('sends a host nothing more once it asks for too long a wait, also after responses that asked for none', async () => {
    const responses = [page, response('429 Too Many Requests', 'Retry-After: 3600')];
    await serve('busy.test', (s) => s.write(responses[requested.length - 1] ?? page));
    const fetchPage = fetcher();
    const outcomes = [];
    for (const at of [1, 2, 3]) outcomes.push(await outcome(fetchPage, `http://busy.test/${at}`));
    assert.deepEqual(outcomes, ['page', 'refused', 'asked-to-wait']);
    assert.equal(requested.length, 2);
  });

  it('waits before the next request to a host after a server error', async () => {
    await serve('busy.test', (s) => s.write(response('500 Error')));
    const fetchPage = fetcher({ retryDelayMs: 60_000 });
    assert.equal(await outcome(fetchPage, 'http://busy.test/'), 'asked-to-wait');
    assert.equal(requested.length, 1);
    await serve('good.test', (s) => s.write(page));
    for (const at of [1, 2]) assert.equal(await outcome(fetchPage, `http://good.test/${at}`), 'page');
  });

  it('reads a page without a body that says it is compressed', async () => {
    await serve('empty.test', (s) =>
      s.write(response('200 OK', 'Content-Encoding: br').replace('Length: 5', 'Length: 0').slice(0, -5)),
    );
    assert.equal(await outcome(fetcher(), 'http://empty.test/'), 'page');
  });

  it('does not try again where a connection breaks that was made for this page', async () => {
    await serve('broken.test', (s) => s.resetAndDestroy());
    assert.equal(await outcome(fetcher(), 'http://broken.test/'), 'unreachable');
    assert.equal(requested.length, 1);
  });

  it('gives a body more time than the headers', async () => {
    const start = (hasHeaders: boolean) =>
      withTimeouts(20, { ms: 60_000 }, NO_DEADLINE, (_, onHeaders) => {
        if (hasHeaders) onHeaders();
        return sleep(60, 'page');
      });
    assert.equal(await start(true), 'page');
    await assert.rejects(start(false), { code: 'timed-out' });
  });

  it('gives all redirects together no more time than one page', async () => {
    const next = response('302 Found', 'Location: /');
    await serve('slow.test', async (s) => {
      await sleep(120);
      s.write(requested.length < 4 ? next : page);
    });
    assert.equal(await outcome(fetcher({ totalMs: 300 }), 'http://slow.test/'), 'timed-out');
  });

  /** Serves these hosts slowly, and none before `begin`; counts the requests that are open at the same time. */
  async function serveSlowly(hosts: readonly string[], begin: (now: number) => Promise<void> | undefined) {
    const open = { now: 0, max: 0 };
    for (const host of hosts) {
      await serve(host, async (s) => {
        open.now += 1;
        open.max = Math.max(open.max, open.now);
        await begin(open.now);
        await sleep(20);
        open.now -= 1;
        s.write(page);
      });
    }
    return open;
  }

  it('fetches from eight hosts at the same time', async () => {
    const eight = Promise.withResolvers<void>();
    const hosts = Array.from({ length: 12 }, (_, at) => `host-${at}.test`);
    const open = await serveSlowly(hosts, (now) => {
      if (now === 8) eight.resolve();
      return eight.promise;
    });
    const fetchPage = fetcher();
    const outcomes = await Promise.all(
      [...hosts, ...hosts].map((host, at) => outcome(fetchPage, `http://${host}/${at}`)),
    );
    assert.deepEqual(new Set(outcomes), new Set(['page']));
    assert.equal(open.max, 8);
  });

  it('fetches one page at a time from a host also where a third is wanted when the first is just done', async () => {
    const open = await serveSlowly(['good.test'], () => undefined);
    const fetchPage = fetcher();
    const first = outcome(fetchPage, 'http://good.test/1');
    const second = outcome(fetchPage, 'http://good.test/2');
    await first;
    const third = outcome(fetchPage, 'http://good.test/3');
    await Promise.all([second, third]);
    assert.deepEqual([requested.length, open.max], [3, 1]);
  });

  it('counts a host as one, with a trailing dot and over either scheme', async () => {
    const open = await serveSlowly(['good.test'], () => undefined);
    const fetchPage = fetcher();
    const urls = ['http://good.test/', 'http://good.test./', 'http://GOOD.test:443/'];
    await Promise.all(urls.map((url) => outcome(fetchPage, url)));
    assert.deepEqual([requested.length, open.max], [3, 1]);
  });

  it('waits for a slow host without keeping the others waiting', async () => {
    const othersDone = Promise.withResolvers<void>();
    await serve('slow.test', async (s) => {
      await othersDone.promise;
      s.write(page);
    });
    await serve('good.test', (s) => s.write(page));
    const fetchPage = fetcher({ maxConcurrent: 2 });
    const fetchAll = (host: string, count: number) =>
      Promise.all(Array.from({ length: count }, (_, at) => outcome(fetchPage, `http://${host}/${at}`)));
    const slow = fetchAll('slow.test', 3);
    await requests(1);
    assert.deepEqual(await fetchAll('good.test', 20), Array(20).fill('page'));
    assert.equal(requested.filter((host) => host === 'slow.test').length, 1);
    othersDone.resolve();
    assert.deepEqual(await slow, Array(3).fill('page'));
  });

  describe('uses a connection again', () => {
    it('for the next page of the host', async () => {
      const sockets = new Set();
      await serve('good.test', (s) => {
        sockets.add(s);
        s.write(page);
      });
      const fetchPage = fetcher({ keepAliveMs: 60_000 });
      for (const at of [1, 2, 3]) assert.equal(await outcome(fetchPage, `http://good.test/${at}`), 'page');
      assert.equal(sockets.size, 1);
    });

    it('and opens another where the host has hung up just then', async () => {
      const pages = new Map<object, number>();
      await serve('good.test', (s) => {
        pages.set(s, (pages.get(s) ?? 0) + 1);
        if (pages.get(s) === 2) s.resetAndDestroy();
        else s.write(page);
      });
      const fetchPage = fetcher();
      for (const at of [1, 2, 3]) assert.equal(await outcome(fetchPage, `http://good.test/${at}`), 'page');
    });

    it('but leaves none open for long', async () => {
      for (const at of [1, 2, 3]) await serve(`host-${at}.test`, (s) => s.write(page));
      await serve('gone.test', (s) => s.write(response('404 Not Found')));
      const fetchPage = fetcher();
      const urls = ['host-1', 'host-2', 'host-3', 'gone'].map((host) => `http://${host}.test/`);
      await Promise.all(urls.map((url) => outcome(fetchPage, url)));
      assert.equal(internet.open() <= 4, true);
      while (internet.open() > 0) await sleep(50);
    });
  });

  describe('stops in time', () => {
    it('before it begins', async () => {
      await serve('good.test', (s) => s.write(page));
      const over = { signal: AbortSignal.abort(), remainingMs: () => 0 };
      assert.equal(await outcome(fetcher(), 'http://good.test/', over), 'out-of-time');
      assert.equal(requested.length, 0);
    });

    for (const [where, host, behaviour] of [
      ['while a host is silent', 'silent.test', () => {}],
      ['while a body drips', 'drip.test', (s) => s.write(response('200 OK').replace(': 5', ': 50'))],
      [
        'while a host has asked for a wait',
        'busy.test',
        (s) => s.write(response('503 Busy', 'Retry-After: 2')),
      ],
    ] as const satisfies readonly (readonly [string, string, Behaviour])[]) {
      it(where, async () => {
        await serve(host, behaviour);
        const stop = new AbortController();
        const got = outcome(fetcher(), `http://${host}/`, { signal: stop.signal, remainingMs: () => 10_000 });
        await requests(1);
        stop.abort();
        assert.equal(await got, 'out-of-time');
      });
    }

    it('while a name is looked up', async () => {
      const { route } = internet;
      const fetchPage = pageFetcher({ lookup: () => new Promise(() => {}), route });
      assert.equal(await outcome(fetchPage, 'http://slow-name.test/', deadlineIn(50)), 'out-of-time');
    });

    it('for all that still wait for their turn', async () => {
      await serve('silent.test', () => {});
      const stop = new AbortController();
      const fetchPage = fetcher();
      const deadline = { signal: stop.signal, remainingMs: () => 10_000 };
      const got = [1, 2, 3, 4].map((at) => outcome(fetchPage, `http://silent.test/${at}`, deadline));
      await requests(1);
      stop.abort();
      assert.deepEqual(new Set(await Promise.all(got)), new Set(['out-of-time']));
      assert.equal(requested.length, 1);
    });

    it('rather than wait longer than the deadline allows', async () => {
      await serve('busy.test', (s) => s.write(response('503 Busy', 'Retry-After: 5')));
      assert.equal(await outcome(fetcher(), 'http://busy.test/', endsIn(1_000)), 'out-of-time');
    });
  });

  it('throws what is its own fault, and not the page’s', async () => {
    const broken = pageFetcher({ lookup: () => Promise.reject(new TypeError('a bug')) });
    await assert.rejects(outcome(broken, 'http://good.test/'), new TypeError('a bug'));
  });
});
