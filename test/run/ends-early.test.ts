import assert from 'node:assert/strict';
import type { RunOptions } from '../../lib/run/run.ts';
import { type RunEvent, runFailed } from '../../lib/telemetry/telemetry.ts';
import { type Fault, faults } from '../helpers/faults.ts';
import { articles, environmentFor, pocketWith } from '../helpers/pocket.ts';
import { runIn } from '../helpers/run.ts';

const ITEMS = 90;
const lambda = (ms: number) => {
  const endsAt = performance.now() + ms;
  return { getRemainingTimeInMillis: () => endsAt - performance.now() };
};
const nonsense: Fault = { kind: 'change', change: () => ({ status: 1, list: 5 }) };

type Ending = {
  readonly why: string;
  /** What befalls every listing, or every write but the first, after that. */
  readonly listings?: Fault;
  readonly writes?: Fault;
  /** Aborted when the second page has been read. */
  readonly stop?: AbortController;
  readonly context?: () => NonNullable<RunOptions['context']>;
  readonly said: RegExp;
  /** It is up to the machine how far it came. */
  readonly anywhere?: boolean;
};

const ENDINGS: readonly Ending[] = [
  {
    why: 'a token is refused',
    writes: faults.tokenRefused(),
    said: /access token is not valid.*\. Before that/,
  },
  { why: 'a listing makes no sense', listings: nonsense, said: /is not what Pocket v3 sends\. Before that/ },
  { why: 'the service fails for good', writes: faults.internalError(), said: /answered 500\. Before that/ },
  {
    why: 'the service is gone for good, and the deadline near',
    writes: { kind: 'reset' },
    context: () => lambda(12_000),
    said: /is the address right and the server up\? Before that/,
    anywhere: true,
  },
  {
    why: 'no call is left for an hour',
    writes: faults.rateLimited(3600),
    said: /allows no more calls for now/,
  },
  { why: 'Ctrl-C or SIGTERM', stop: new AbortController(), said: /Stopped when asked to/ },
  {
    why: 'the same while the service is silent',
    writes: { kind: 'hang' },
    stop: new AbortController(),
    said: /30 could not be changed\. Stopped when asked to/,
  },
  {
    why: 'the time that Lambda or --max-minutes gives is over',
    writes: { kind: 'hang' },
    context: () => lambda(4000),
    said: /Stopped when its time was up/,
    anywhere: true,
  },
];

/** How many items a text says were tagged. */
function toldIn(text: string): number {
  const [, count = ''] = /(?:^Tagged |Before that, )(\d+|no) /.exec(text) ?? [];
  return count === 'no' ? 0 : Number.parseInt(count, 10);
}

describe('a run that ends early says what it had changed', () => {
  for (const { why, listings, writes, stop, context, said, anywhere } of ENDINGS) {
    it(why, async () => {
      let sends = 0;
      const under = await pocketWith(articles(ITEMS), {
        fault: ({ endpoint }) => {
          if (endpoint === 'get') return sends > 0 ? listings : undefined;
          sends += 1;
          return sends > 1 ? writes : undefined;
        },
      });
      const events: RunEvent[] = [];
      let pages = 0;
      const running = runIn(
        environmentFor(under.server),
        { mode: 'full' },
        {
          telemetry: { log: () => {}, emit: (event) => events.push(event) },
          context: context?.(),
          stop: stop?.signal,
          onPage: () => {
            pages += 1;
            if (pages === 2) stop?.abort();
          },
        },
      );
      // As the handler does: the log has what the terminal prints.
      const { message } = await running.catch((error: Error) => {
        events.push(runFailed(error));
        return error;
      });
      const last = events.at(-1);
      const logged =
        last?.name === 'run-finished' ? last.summary.message : last?.name === 'run-failed' && last.reason;
      assert.equal(logged, message);
      const changed = Object.values(under.tagsById()).flat().length;
      assert.match(message, said);
      assert.equal(toldIn(message), changed, message);
      assert.ok(anywhere || (changed > 0 && changed < ITEMS), `${changed} items changed`);
      await under.close();
    });
  }

  for (const answer of [{}, { action_results: 'yes' }])
    it(`and what it may have, where a write is answered ${JSON.stringify(answer)}`, async () => {
      const under = await pocketWith(articles(ITEMS), {
        fault: ({ endpoint }) => (endpoint === 'send' ? { kind: 'change', change: () => answer } : undefined),
      });
      await assert.rejects(runIn(environmentFor(under.server), { mode: 'full' }), {
        kind: 'unexpected-response',
        message: /[.?] Before that, no item was changed, and 30 items were not changed or not confirmed$/,
      });
      await under.close();
    });

  it('in the log where a bug of our own ends it', async () => {
    const under = await pocketWith(articles(ITEMS));
    const lines: string[] = [];
    let pages = 0;
    const bug = new TypeError('undefined is no function');
    const run = runIn(
      environmentFor(under.server),
      { mode: 'full' },
      {
        telemetry: { log: (_, message) => lines.push(message), emit: () => undefined },
        onPage: () => {
          pages += 1;
          if (pages === 2) throw bug;
        },
      },
    );
    await assert.rejects(run, bug);
    const changed = Object.values(under.tagsById()).flat().length;
    assert.ok(changed > 0 && changed < ITEMS);
    assert.equal(toldIn(lines.at(-1) ?? ''), changed);
    await under.close();
  });
});
