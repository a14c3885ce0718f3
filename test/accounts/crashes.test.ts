import assert from 'node:assert/strict';
import { type Accounts, openAccounts } from '../../lib/accounts/accounts.ts';
import { Failure } from '../../lib/failure.ts';
import { type AccountsOnAws, GROUP, startAccountsOnAws } from '../helpers/accounts-on-aws.ts';
import type { FakeSchedule } from '../helpers/fake-scheduler.ts';

const variables = (token: string) => ({ READING_LIST: 'karakeep', KARAKEEP_TOKEN: token });
const NAMES = ['anna', 'berta', 'carl'];
const lines = NAMES.map((account) => JSON.stringify({ account, ...variables(account) }));

const open = () =>
  openAccounts(
    { stage: 'prod' },
    {
      settleMs: 0,
    },
  );

type Operation = {
  readonly what: string;
  readonly prepare: (accounts: Accounts) => Promise<unknown>;
  readonly run: (accounts: Accounts) => Promise<unknown>;
};

const added = async (accounts: Accounts) => {
  for (const name of NAMES) await accounts.add(name, variables(name));
};
const packed = async (accounts: Accounts) => {
  await added(accounts);
  await accounts.pack();
};

const operations: readonly Operation[] = [
  { what: 'add', prepare: async () => {}, run: (accounts) => accounts.add('anna', variables('anna')) },
  { what: 'import', prepare: async () => {}, run: (accounts) => accounts.import(lines) },
  {
    what: 'import into shards',
    prepare: async () => {},
    run: (accounts) => accounts.import(lines, undefined, { packed: true }),
  },
  { what: 'pack', prepare: added, run: (accounts) => accounts.pack() },
  {
    what: 'pack into a shard that is there',
    prepare: async (accounts) => {
      await packed(accounts);
      await accounts.add('dora', variables('dora'));
    },
    run: (accounts) => accounts.pack(),
  },
  {
    what: 'rotate',
    prepare: added,
    run: (accounts) => accounts.rotate('anna', { KARAKEEP_TOKEN: 'new' }),
  },
  {
    what: 'rotate of a packed account',
    prepare: packed,
    run: (accounts) => accounts.rotate('anna', { KARAKEEP_TOKEN: 'new' }),
  },
  { what: 'pause', prepare: added, run: (accounts) => accounts.pause('anna') },
  {
    what: 'resume',
    prepare: async (accounts) => {
      await added(accounts);
      await accounts.pause('anna');
    },
    run: (accounts) => accounts.resume('anna'),
  },
  { what: 'remove', prepare: added, run: (accounts) => accounts.remove('anna') },
  { what: 'remove of a packed account', prepare: packed, run: (accounts) => accounts.remove('anna') },
  { what: 'removeAll', prepare: packed, run: (accounts) => accounts.removeAll() },
];

/** Everything that is stored, without what differs from one time to another. */
function stateOf({ scheduler, secrets, names }: AccountsOnAws): object {
  return {
    schedules: names().map((name) => {
      const { ScheduleExpression, State, Target } = scheduler.schedules.get(
        `${GROUP}/${name}`,
      ) as FakeSchedule;
      return [name, State, String(ScheduleExpression).replace(/^at\(.*/, 'at'), Target];
    }),
    secrets: [...secrets.secrets.keys()].toSorted().map((name) => [name, secrets.text(name)]),
  };
}

/** Every event that Scheduler may send now finds the credentials of its account, and of no other. */
function assertReadable({ scheduler, names, event, readFor }: AccountsOnAws): void {
  for (const name of names()) {
    if (scheduler.schedules.get(`${GROUP}/${name}`)?.State === 'DISABLED') continue;
    const sent = event(name) ?? {};
    const found = readFor(sent) as Readonly<Record<string, unknown>> | undefined;
    assert.ok(found, `${name} finds no credentials`);
    assert.ok([sent.account, 'new'].includes(found.KARAKEEP_TOKEN), `${name} finds those of another`);
  }
}

async function onFreshAws<Result>(work: (aws: AccountsOnAws) => Promise<Result>): Promise<Result> {
  const aws = await startAccountsOnAws();
  try {
    return await work(aws);
  } finally {
    await aws.close();
  }
}

/** Looks before each call, and at the end, whether every account can be read; answers the call `crashAt` with a crash. */
async function watched(
  aws: AccountsOnAws,
  run: () => Promise<unknown>,
  crashAt?: { readonly number: number; readonly crash: 'before' | 'done' },
): Promise<void> {
  const problems: unknown[] = [];
  const look = () => {
    try {
      assertReadable(aws);
    } catch (error) {
      problems.push(error);
    }
  };
  aws.onCall = (_call, number) => {
    look();
    return number === crashAt?.number ? crashAt.crash : undefined;
  };
  await run();
  look();
  assert.deepEqual(problems, []);
}

describe('what is interrupted at any of its calls to AWS', () => {
  for (const { what, prepare, run } of operations) {
    for (const crash of ['before', 'done'] as const) {
      it(`and then done again, is as if it had not been: ${what}, ${crash === 'done' ? 'only the answer lost' : 'the call not made'}`, async () => {
        const { undisturbed, calls } = await onFreshAws(async (aws) => {
          await prepare(open());
          const before = aws.calls.length;
          await watched(aws, () => run(open()));
          return { undisturbed: stateOf(aws), calls: aws.calls.length - before };
        });
        assert.ok(calls > 0);
        for (let at = 0; at < calls; at += 1) {
          await onFreshAws(async (aws) => {
            await prepare(open());
            const number = aws.calls.length + at;
            const where = () => `${aws.calls[number]}, call ${at} of ${calls}`;
            await watched(
              aws,
              () => run(open()).catch((error) => assert.ok(error instanceof Failure, where())),
              { number, crash },
            );
            // Only the answer of the last call may be lost.
            await watched(aws, () =>
              run(open()).catch((error) => assert.match(String(error), /there is none/, where())),
            );
            assert.deepEqual(stateOf(aws), undisturbed, where());
          });
        }
      });
    }
  }
});
