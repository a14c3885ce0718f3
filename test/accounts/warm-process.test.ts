import assert from 'node:assert/strict';
import { runAccount, type WarmAccounts } from '../../lib/accounts/run-account.ts';
import type { Summary } from '../../lib/core/summary.ts';
import { readEvent } from '../../lib/run/event.ts';
import { type AccountsStage, accountOn, accountOnPocket, startAccountsStage } from '../helpers/accounts.ts';
import { articles, type PocketUnderTest, pocketWith } from '../helpers/pocket.ts';
import { type FakeServer, fakeItems } from '../helpers/services/fake-service.ts';
import { fakeKarakeep } from '../helpers/services/karakeep.ts';

describe('a warm process that serves accounts', () => {
  let pockets: PocketUnderTest[];
  let karakeep: FakeServer;
  let stage: AccountsStage;
  const listed = async (event: object) => ((await stage.invoke(event)).outcome as Summary).listed;

  beforeEach(async () => {
    // Five pages of 30, of which three without a change end a recent run.
    pockets = await Promise.all([pocketWith(articles(150)), pocketWith(articles(150))]);
    karakeep = await fakeKarakeep(fakeItems(1));
    stage = await startAccountsStage(pockets.map(({ server }) => server));
    for (const [at, name] of ['anna', 'ben'].entries())
      stage.secrets.set(`prod/accounts/${name}`, accountOnPocket(pockets[at]?.server ?? { url: '' }));
  });
  afterEach(() => Promise.all([stage.close(), karakeep.close(), ...pockets.map((pocket) => pocket.close())]));

  it('remembers of each whether its last run was stopped, and of no other', async () => {
    assert.equal(await listed({ account: 'ben', mode: 'full' }), 150);
    assert.equal(await listed({ account: 'anna', limit: 120 }), 120);
    assert.equal(await listed({ account: 'ben' }), 90, 'ends early, although anna was stopped');
    assert.equal(await listed({ account: 'anna' }), 150, 'goes on, although ben was not stopped');
    assert.equal(await listed({ account: 'anna' }), 90);
  });

  it('asks Secrets Manager by one client, and keeps nothing of more than 200 accounts', async () => {
    const warm: WarmAccounts = { runs: new Map() };
    const telemetry = { log: () => {}, emit: () => {} };
    const run = (account: string, more: object = {}) => {
      const request = readEvent({ account, dryRun: true, ...more });
      return runAccount({ request, env: stage.env, context: undefined, warm, telemetry });
    };
    const clients = new Set<unknown>();
    for (let at = 1; at <= 202; at += 1) {
      stage.secrets.set(`prod/accounts/a${at}`, accountOn('karakeep', karakeep));
      await run(`a${at}`);
      clients.add(warm.client);
      // It is not the oldest, since it runs between the others.
      await run('a1');
    }
    assert.equal(clients.size, 1);
    const names = [...warm.runs.keys()];
    assert.deepEqual([names.length, names[0], names.at(-2), names.at(-1)], [200, 'a4', 'a202', 'a1']);
    await run('a300', { mode: 'check' });
    assert.deepEqual([...warm.runs.keys()], names, 'a check, and an account that is none, are not kept');
  });
});
