import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Deadline, deadlineIn } from '../../lib/deadline.ts';
import { type FetchPage, type PageLimits, pageFetcher } from '../../lib/pages/fetch-page.ts';
import { type Behaviour, type SmallInternet, smallInternet } from '../helpers/small-internet.ts';

const answer = (status: string, ...headers: string[]) =>
  `HTTP/1.1 ${[status, 'Content-Type: text/html', 'Content-Length: 5', ...headers].join('\r\n')}\r\n\r\nwords`;
const page = answer('200 OK');

describe('Manners towards the hosts of pages', () => {
  let internet: SmallInternet;
  /** Hosts of the requests, in order. */
  let asked: string[];

  beforeEach(async () => {
    internet = await smallInternet();
    asked = [];
  });
  afterEach(() => internet.close());

  const serve = (host: string, behaviour: Behaviour) =>
    internet.serve(host, (socket, request) => {
      asked.push(host);
      behaviour(socket, request);
    });

  function fetcher(limits: Partial<PageLimits> = {}): FetchPage {
    const { lookup, route } = internet;
    return pageFetcher({ lookup, route, limits: { retryDelayMs: 1, ...limits } });
  }

  const outcome = async (fetchPage: FetchPage, url: string, deadline: Deadline = deadlineIn(10_000)) => {
    const got = await fetchPage(url, deadline);
    return got.ok ? 'page' : got.reason;
  };

  describe('tries again', () => {
    const rows: readonly (readonly [
      why: string,
      answers: readonly string[],
      outcome: string,
      requests: number,
    ])[] = [
      ['a server error that passes, once', [answer('503 Busy'), page], 'page', 2],
      ['a server error that stays, once', [answer('500 Error')], 'server-error', 2],
      ['one that becomes a 404, once', [answer('502 Bad'), answer('404 No')], 'gone', 2],
      ['no missing page', [answer('404 Not Found'), page], 'gone', 1],
      ['no page that is gone', [answer('410 Gone'), page], 'gone', 1],
      ['no forbidden page', [answer('403 Forbidden'), page], 'refused', 1],
      ['no page that was too much asked', [answer('429 Too Many Requests'), page], 'refused', 1],
      ['no page behind a login', [answer('401 Unauthorized'), page], 'refused', 1],
      ['no page that is censored', [answer('451 Unavailable For Legal Reasons'), page], 'refused', 1],
      [
        'nothing when the host asks for more time than there is',
        [answer('503 Busy', 'Retry-After: 3600'), page],
        'asked-to-wait',
        1,
      ],
    ];
    for (const [why, answers, expected, requests] of rows) {
      it(why, async () => {
        await serve('good.test', (s) => s.write(answers[Math.min(asked.length, answers.length) - 1] ?? ''));
        assert.equal(await outcome(fetcher(), 'http://good.test/'), expected);
        assert.equal(asked.length, requests);
      });
    }
  });

  it('leaves a host alone for as long as it asks, and goes on with the others', async () => {
    const firstAt: number[] = [];
    await serve('busy.test', (s) => {
      firstAt.push(performance.now());
      s.write(firstAt.length === 1 ? answer('429 Too Many Requests', 'Retry-After: 1') : page);
    });
    await serve('good.test', (s) => s.write(page));
    const fetchPage = fetcher({ atOnce: 1 });
    const order: string[] = [];
    const note = async (url: string) => order.push(`${url} ${await outcome(fetchPage, url)}`);
    await Promise.all(['http://busy.test/1', 'http://busy.test/2', 'http://good.test/'].map(note));
    assert.deepEqual(order, [
      'http://busy.test/1 refused',
      'http://good.test/ page',
      'http://busy.test/2 page',
    ]);
    assert.ok((firstAt[1] ?? 0) - (firstAt[0] ?? 0) >= 990);
  });

  it('asks a host for its next pages no more once it wants too long a rest', async () => {
    await serve('busy.test', (s) => s.write(answer('429 Too Many Requests', 'Retry-After: 3600')));
    const fetchPage = fetcher();
    assert.equal(await outcome(fetchPage, 'http://busy.test/1'), 'refused');
    assert.equal(await outcome(fetchPage, 'http://busy.test/2'), 'asked-to-wait');
    assert.equal(asked.length, 1);
  });

  it('minds a rest that is asked for also after answers that asked for none', async () => {
    const answers = [page, answer('429 Too Many Requests', 'Retry-After: 3600')];
    await serve('busy.test', (s) => s.write(answers[asked.length - 1] ?? page));
    const fetchPage = fetcher();
    const outcomes = [];
    for (const at of [1, 2, 3]) outcomes.push(await outcome(fetchPage, `http://busy.test/${at}`));
    assert.deepEqual(outcomes, ['page', 'refused', 'asked-to-wait']);
  });

  it('leaves a host alone for a while after a server error', async () => {
    await serve('busy.test', (s) => s.write(answer('500 Error')));
    const fetchPage = fetcher({ retryDelayMs: 60_000 });
    assert.equal(await outcome(fetchPage, 'http://busy.test/'), 'asked-to-wait');
    assert.equal(asked.length, 1);
    await serve('good.test', (s) => s.write(page));
    for (const at of [1, 2]) assert.equal(await outcome(fetchPage, `http://good.test/${at}`), 'page');
  });

  it('reads a page without a body that says it is compressed', async () => {
    await serve('empty.test', (s) =>
      s.write(answer('200 OK', 'Content-Encoding: br').replace('Length: 5', 'Length: 0').slice(0, -5)),
    );
    assert.equal(await outcome(fetcher(), 'http://empty.test/'), 'page');
  });

  it('does not ask again where a connection breaks that was made for this page', async () => {
    await serve('broken.test', (s) => s.resetAndDestroy());
    assert.equal(await outcome(fetcher(), 'http://broken.test/'), 'unreachable');
    assert.equal(asked.length, 1);
  });

  it('gives a body more time than its first byte', async () => {
    await serve('slow.test', async (s) => {
      s.write(page.slice(0, -1));
      await sleep(1_100);
      s.write('s');
    });
    assert.equal(await outcome(fetcher({ firstByteMs: 1_000 }), 'http://slow.test/'), 'page');
  });

  it('gives all redirects together no more time than one page', async () => {
    const next = answer('302 Found', 'Location: /');
    await serve('slow.test', async (s) => {
      await sleep(120);
      s.write(asked.length < 4 ? next : page);
    });
    assert.equal(await outcome(fetcher({ totalMs: 300 }), 'http://slow.test/'), 'timed-out');
  });

  it('asks eight hosts at once, each for one page at a time', async () => {
    const now = { all: 0, most: 0, byHost: new Map<string, number>(), mostOfOne: 0 };
    for (let at = 0; at < 12; at++) {
      const host = `host-${at}.test`;
      await serve(host, async (s) => {
        const ofHost = (now.byHost.get(host) ?? 0) + 1;
        now.byHost.set(host, ofHost);
        now.all += 1;
        now.most = Math.max(now.most, now.all);
        now.mostOfOne = Math.max(now.mostOfOne, ofHost);
        await sleep(20);
        now.all -= 1;
        now.byHost.set(host, ofHost - 1);
        s.write(page);
      });
    }
    const fetchPage = fetcher();
    const urls = Array.from({ length: 36 }, (_, at) => `http://host-${at % 12}.test/${at}`);
    const outcomes = await Promise.all(urls.map((url) => outcome(fetchPage, url)));
    assert.deepEqual(new Set(outcomes), new Set(['page']));
    assert.deepEqual([now.most, now.mostOfOne], [8, 1]);
  });

  it('asks a host for one page at a time also where the next comes while the last but one is just done', async () => {
    let [now, most] = [0, 0];
    await serve('good.test', async (s) => {
      most = Math.max(most, ++now);
      await sleep(20);
      now -= 1;
      s.write(page);
    });
    const fetchPage = fetcher();
    const first = outcome(fetchPage, 'http://good.test/1');
    const second = outcome(fetchPage, 'http://good.test/2');
    await first;
    const third = outcome(fetchPage, 'http://good.test/3');
    await Promise.all([second, third]);
    assert.deepEqual([asked.length, most], [3, 1]);
  });

  it('counts a host as one, with a trailing dot and over either scheme', async () => {
    let [now, most] = [0, 0];
    await serve('good.test', async (s) => {
      most = Math.max(most, ++now);
      await sleep(20);
      now -= 1;
      s.write(page);
    });
    const fetchPage = fetcher();
    await Promise.all(
      ['http://good.test/', 'http://good.test./', 'http://GOOD.test:443/'].map((url) =>
        outcome(fetchPage, url),
      ),
    );
    assert.deepEqual([asked.length, most], [3, 1]);
  });

  it('waits for a slow host without keeping the others waiting', async () => {
    await serve('slow.test', () => {});
    await serve('good.test', (s) => s.write(page));
    const fetchPage = fetcher({ firstByteMs: 300, atOnce: 2 });
    const order: string[] = [];
    const slow = Array.from({ length: 3 }, (_, at) => `http://slow.test/${at}`);
    const good = Array.from({ length: 20 }, (_, at) => `http://good.test/${at}`);
    await Promise.all([...slow, ...good].map(async (url) => order.push(await outcome(fetchPage, url))));
    assert.deepEqual(order, [...Array(20).fill('page'), ...Array(3).fill('timed-out')]);
  });

  describe('uses a connection again', () => {
    it('for the next page of the host', async () => {
      const sockets = new Set();
      await serve('good.test', (s) => {
        sockets.add(s);
        s.write(page);
      });
      const fetchPage = fetcher();
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
      await serve('gone.test', (s) => s.write(answer('404 Not Found')));
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
      assert.equal(asked.length, 0);
    });

    for (const [where, host, behaviour] of [
      ['while a host is silent', 'silent.test', () => {}],
      ['while a body drips', 'drip.test', (s) => s.write(answer('200 OK').replace(': 5', ': 50'))],
      ['while a host has a rest', 'busy.test', (s) => s.write(answer('503 Busy', 'Retry-After: 2'))],
    ] as const satisfies readonly (readonly [string, string, Behaviour])[]) {
      it(where, async () => {
        await serve(host, behaviour);
        const stop = new AbortController();
        const got = outcome(fetcher(), `http://${host}/`, { signal: stop.signal, remainingMs: () => 10_000 });
        while (asked.length === 0) await sleep(5);
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
      while (asked.length === 0) await sleep(5);
      stop.abort();
      assert.deepEqual(new Set(await Promise.all(got)), new Set(['out-of-time']));
      assert.equal(asked.length, 1);
    });

    it('rather than wait for a rest that ends too late', async () => {
      await serve('busy.test', (s) => s.write(answer('503 Busy', 'Retry-After: 5')));
      const soon = { signal: new AbortController().signal, remainingMs: () => 1_000 };
      assert.equal(await outcome(fetcher(), 'http://busy.test/', soon), 'out-of-time');
    });
  });

  it('throws what is its own fault, and not the page’s', async () => {
    const broken = pageFetcher({ lookup: () => Promise.reject(new TypeError('a bug')) });
    await assert.rejects(outcome(broken, 'http://good.test/'), new TypeError('a bug'));
  });
});
