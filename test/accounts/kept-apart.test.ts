import assert from 'node:assert/strict';
import type { FailedAccountRun } from '../../lib/accounts/run-account.ts';
import type { Summary } from '../../lib/core/summary.ts';
import { type AccountList, LIST_SERVICES, startAccountList, startPages } from '../helpers/account-lists.ts';
import { type AccountsStage, type Invoked, startAccountsStage } from '../helpers/accounts.ts';
import type { Fault } from '../helpers/faults.ts';

/** More than a process keeps anything of. */
const ACCOUNTS = 220;
const ROUNDS = 5;
/** Each is the longest of a band in some accounts, and not in others. */
const WORDS = [400, 1070, 5000];

/** What goes wrong with an account. */
const TROUBLES = [
  'none',
  'throttled',
  'refused',
  'not there',
  'bad setting',
  'no secret',
  'rotated',
] as const;

/** Marks of an account are words with its number: its name, its token, its tags. */
const MARK = /(?:acct|s3cr3t|quick|long)-(\d{3})/g;
const HOST = /127\.0\.0\.1:(\d+)/g;

type Member = {
  readonly mark: string;
  readonly event: { readonly account: string; readonly shard?: number };
  readonly trouble: (typeof TROUBLES)[number];
  readonly list: AccountList;
  /** The tags of its items after a good run. */
  readonly tagged: readonly (readonly string[])[];
  readonly settings: object;
};

const answer = (status: number, headers: Record<string, string> = {}): Fault => ({
  kind: 'answer',
  answer: { status, headers: { 'Content-Type': 'application/json', ...headers }, body: {} },
});
const FAULTS: Partial<Record<Member['trouble'], Fault>> = {
  // Longer than any run has: who had to wait for it could not make a call.
  throttled: answer(429, { 'Retry-After': '3600' }),
  'not there': answer(404),
};

describe('accounts in one warm process', function () {
  this.timeout(600_000);
  let members: Member[];
  let stage: AccountsStage;
  let pages: Awaited<ReturnType<typeof startPages>>;
  let minutes = 0;

  before(async () => {
    pages = await startPages(WORDS);
    members = await Promise.all(Array.from({ length: ACCOUNTS }, (_, at) => newMember(at)));
    stage = await startAccountsStage([...members.map(({ list }) => list), pages]);
    stage.env.BANDS = 'quick:6, long';
  });
  after(() => Promise.all([pages, stage, ...members.map(({ list }) => list)].map((one) => one.close())));

  async function newMember(at: number): Promise<Member> {
    const mark = String(at).padStart(3, '0');
    const service = LIST_SERVICES[at % LIST_SERVICES.length] ?? '';
    const list = await startAccountList(service, {
      token: `s3cr3t-${mark}`,
      words: WORDS,
      now: () => minutes * 60_000,
      pages: `${pages.url}/acct-${mark}`,
    });
    const hasOwnBands = at % 5 < 4;
    const [quick, long] = hasOwnBands ? [`quick-${mark}`, `long-${mark}`] : ['quick', 'long'];
    // 1,070 words take 4.5 minutes.
    const upToMinutes = hasOwnBands ? 3 + (at % 4) : 6;
    return {
      mark,
      event: { account: `acct-${mark}`, ...(at % 3 === 0 && { shard: 1 + ((at / 3) % 4) }) },
      trouble: TROUBLES[at % TROUBLES.length] ?? 'none',
      list,
      tagged: [[quick], [upToMinutes > 4 ? quick : long], [long]],
      settings: hasOwnBands ? { BANDS: `${quick}:${upToMinutes}, ${long}` } : {},
    };
  }

  function store(
    { event: { account, shard } }: Member,
    variables: Record<string, unknown> | undefined,
  ): void {
    if (shard === undefined) {
      stage.secrets.delete(`prod/accounts/${account}`);
      if (variables) stage.secrets.set(`prod/accounts/${account}`, variables);
      return;
    }
    const name = `prod/accounts/shard-${shard}`;
    const { [account]: _, ...others } = (stage.secrets.get(name) ?? {}) as Record<string, unknown>;
    stage.secrets.set(name, { ...others, ...(variables && { [account]: variables }) });
  }

  /** Sets up a run with what goes wrong in it. Returns whether all is well. */
  function prepare(member: Member, round: number): boolean {
    const { list, settings, mark } = member;
    const trouble = troubleOf(member, round);
    list.accept(trouble === 'rotated' ? `s3cr3t-${mark}-${round}` : `s3cr3t-${mark}`);
    const variables = list.variables(trouble === 'bad setting' ? { BANDS: `quick-${mark}` } : settings);
    store(member, trouble === 'no secret' ? undefined : variables);
    if (trouble === 'refused') list.accept('another');
    list.fault = FAULTS[trouble];
    return trouble === 'none' || trouble === 'rotated';
  }

  function assertTracesOnlyOf({ mark, list, event }: Member, { outcome, written, lines }: Invoked): void {
    const { host, port } = new URL(list.url);
    const shown = `${written}\n${JSON.stringify(outcome)}`;
    assert.deepEqual(marksIn(shown, MARK, mark), [], 'marks of another in the log or the result');
    assert.deepEqual(marksIn(shown, HOST, port), [], `hosts other than ${host}`);
    assert.doesNotMatch(shown, /s3cr3t|key-of/);
    assert.ok(lines.length > 0 && lines.every(({ account }) => account === event.account), written);
  }

  function assertAskedOnlyBy({ mark, event, list }: Member, callsBefore: number, isWell: boolean): number {
    const { account, shard } = event;
    const secret = `prod/accounts/${shard === undefined ? account : `shard-${shard}`}`;
    assert.deepEqual(
      [...new Set(stage.aws.calls.slice(callsBefore).map(({ body }) => body.SecretId))],
      [secret],
    );
    assert.deepEqual(marksIn(pages.takePaths().join(' '), MARK, mark), [], 'pages of another');
    const calls = list.takeCalls();
    for (const { text, status } of calls) {
      assert.deepEqual(marksIn(text, MARK, mark), [], text);
      if (isWell) assert.notEqual(status, 401, 'with credentials of another, or none');
    }
    const others = members.filter((other) => other.list !== list && other.list.takeCalls().length > 0);
    assert.deepEqual(others, [], 'called although it is of another account');
    return calls.length;
  }

  /** One invocation, and everything that may tell of another. */
  async function invoke(
    member: Member,
    round: number,
    request: { mode: string; dryRun?: true },
  ): Promise<void> {
    minutes += 1;
    const isWell = prepare(member, round);
    const [quick = ''] = member.tagged[0] ?? [];
    const before = ['mine', ...(request.mode === 'untag' ? [quick] : [])];
    member.list.setTags(before);
    const callsBefore = stage.aws.calls.length;
    const invoked = await stage.invoke({ ...member.event, ...request });
    assertTracesOnlyOf(member, invoked);
    const calls = assertAskedOnlyBy(member, callsBefore, isWell);
    const isWriting = isWell && request.mode !== 'check' && !request.dryRun;
    const expected = WORDS.map((_, at) => {
      if (!isWriting) return before;
      return ['mine', ...(request.mode === 'untag' ? [] : (member.tagged[at] ?? []))];
    });
    const sorted = (tags: readonly (readonly string[])[]) => tags.map((ofItem) => ofItem.toSorted());
    assert.deepEqual(sorted(member.list.tags()), sorted(expected));
    if (request.mode === 'check')
      return assert.equal((invoked.outcome as { ok?: boolean }).ok ?? false, isWell);
    const { complete, requests, stoppedBy } = invoked.outcome as Summary;
    assert.equal(complete, isWell, JSON.stringify(invoked.outcome));
    if (!isWell) return assert.ok(stoppedBy === 'rate-limit' || (invoked.outcome as FailedAccountRun).kind);
    assert.equal(requests, calls, 'each call was made, and none waited for another account');
    assert.equal(invoked.lines.at(-1)?.throttled, 0);
  }

  it(`have no trace of each other in ${ACCOUNTS * ROUNDS} runs of ${ACCOUNTS} of them`, async () => {
    const modes = ['recent', 'full', 'recent', 'untag', 'recent'];
    for (let round = 0; round < ROUNDS; round += 1) {
      const order = members.toSorted((one, other) => shuffled(one, round) - shuffled(other, round));
      for (const [at, member] of order.entries()) {
        await invoke(member, round, { mode: modes[round] ?? '', ...(at % 17 === 0 && { dryRun: true }) });
        // As Scheduler does that tries again, and somebody who checks.
        if (at % 29 === 0) await invoke(member, round, { mode: 'recent' });
        if (at % 13 === 0) await invoke(member, round, { mode: 'check' });
      }
    }
  });
});

/** What goes wrong in a run: nothing in every other one, so that good and bad runs alternate. */
function troubleOf({ mark, trouble }: Member, round: number): Member['trouble'] {
  return (round + Number(mark)) % 2 === 0 ? 'none' : trouble;
}

/** Numbers of accounts, or ports, in a text which are not the one that may be there. */
function marksIn(text: string, pattern: RegExp, own: string): string[] {
  const found = [...text.matchAll(pattern)].map(([, mark = '']) => mark);
  return [...new Set(found)].filter((mark) => mark !== own);
}

/** Another order in each round, the same in each test. */
function shuffled({ mark }: Member, round: number): number {
  return ((Number(mark) + 1) * (7919 + 104_729 * round)) % 997;
}
