import assert from 'node:assert/strict';
import { SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { allowSchedulesOfAccounts, createSecrets } from '../helpers/deployed-stage.ts';
import { showLogOfFailures } from '../helpers/ministack.ts';
import { attempts, credentialsOf, REFUSED } from './attempts.ts';
import { type Clients, clientsFor } from './clients.ts';
import { type SharedStage, sharedStage } from './shared-stage.ts';

const GROUP = 'readtime-tagger-prod-accounts';
const ACCOUNT = '123456789012';

/**
 * What IAM says of the accounts of a stage; permissions.test.ts has the rest. MiniStack takes every schedule that is
 * asked for as one of the default group, so that what a role may do in another group is asked of its policies.
 */
describe('IAM, of the accounts of a stage', () => {
  let shared: SharedStage;
  let root: Clients;
  let resources: Readonly<Record<string, string>>;
  let tagger: ReturnType<typeof attempts>;
  let scheduler: ReturnType<typeof attempts>;
  let disallow: (() => Promise<void>) | undefined;
  before(async () => {
    shared = await sharedStage();
    root = clientsFor(shared.ministack);
    resources = await shared.stage.resources();
    const as = async (role: string, name: string) =>
      attempts(clientsFor(shared.ministack, await credentialsOf(root, id(role), name)));
    tagger = await as('TaggerRole', 'as-tagger-of-accounts');
    scheduler = await as('AccountsSchedulerRole', 'as-scheduler-of-accounts');
    await createSecrets(shared.ministack, {
      'prod/accounts/anna': '{}',
      'prod/accounts/shard-1': '{}',
      'prod/accounts-of-others/anna': '{}',
      'dev/accounts/anna': '{}',
    });
    disallow = await allowSchedulesOfAccounts(shared.ministack, shared.stage);
    for (const name of ['anna-recent', 'anna-full']) await attempts(root).makeSchedule(...schedule(name));
  });
  after(async () => {
    await disallow?.();
    for (const name of ['anna-recent', 'anna-full']) await attempts(root).deleteSchedule(name, GROUP);
  });
  showLogOfFailures(() => shared?.ministack);

  const id = (logicalId: string) => resources[logicalId] ?? '';
  const schedule = (name: string) =>
    [name, shared.stage.functionName, id('AccountsSchedulerRole'), GROUP] as const;

  const allowed: [what: string, call: () => Promise<unknown>][] = [
    ['the secret of an account', () => tagger.readSecret('prod/accounts/anna')],
    ['a secret of many', () => tagger.readSecret('prod/accounts/shard-1')],
    ['the age of one', () => tagger.describeSecret('prod/accounts/anna')],
    ['what the schedules are made after', () => tagger.readSchedule('_recent', GROUP)],
    ['to see where an account is', () => tagger.readSchedule('anna-recent', GROUP)],
    ['to write that it fails', () => tagger.changeSchedule(...schedule('anna-recent'))],
    ['to make what continues a run', () => tagger.makeSchedule(...schedule('anna-continue'))],
    ['to read that', () => tagger.readSchedule('anna-continue', GROUP)],
    ['to change that', () => tagger.changeSchedule(...schedule('anna-continue'))],
    ['to delete that', () => tagger.deleteSchedule('anna-continue', GROUP)],
  ];
  for (const [what, call] of allowed) it(`allows the function ${what}`, call);

  const refused: [what: string, call: () => Promise<unknown>][] = [
    ['the secret of an account of another stage', () => tagger.readSecret('dev/accounts/anna')],
    ['the age of that', () => tagger.describeSecret('dev/accounts/anna')],
    ['a secret whose name begins the same', () => tagger.readSecret('prod/accounts-of-others/anna')],
    ['to change the secret of an account', () => tagger.changeSecret('prod/accounts/anna')],
    ['to delete it', () => tagger.deleteSecret('prod/accounts/anna')],
    ['to add an account', () => tagger.makeSchedule(...schedule('ben-recent'))],
    ['to remove one', () => tagger.deleteSchedule('anna-recent', GROUP)],
    ['to change when a whole list is tagged', () => tagger.changeSchedule(...schedule('anna-full'))],
    ['to change what all are made after', () => tagger.changeSchedule(...schedule('_recent'))],
  ];
  for (const [what, call] of refused)
    it(`refuses the function ${what}`, () => assert.rejects(call, { name: REFUSED }));

  const VERBS = ['Get', 'Create', 'Update', 'Delete'];
  const ofSchedules: [schedule: string, verbs: readonly string[]][] = [
    ['readtime-tagger-prod-accounts/_recent', ['Get']],
    ['readtime-tagger-prod-accounts/anna-recent', ['Get', 'Update']],
    ['readtime-tagger-prod-accounts/anna-continue', VERBS],
    ['readtime-tagger-prod-accounts/_full', []],
    ['readtime-tagger-prod-accounts/anna-full', []],
    ['readtime-tagger-dev-accounts/_recent', []],
    ['readtime-tagger-dev-accounts/anna-recent', []],
    ['readtime-tagger-dev-accounts/anna-continue', []],
  ];
  for (const [name, verbs] of ofSchedules)
    it(`lets the function ${verbs.join(', ').toLowerCase() || 'do nothing with'} ${name}`, async () =>
      assert.deepEqual(await mayDo(name), verbs));

  /** Which of the calls the policies of the function's role allow on a schedule of a group. */
  async function mayDo(name: string): Promise<readonly string[]> {
    const { EvaluationResults = [] } = await root.roles.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: `arn:aws:iam::${ACCOUNT}:role/${id('TaggerRole')}`,
        ActionNames: VERBS.map((verb) => `scheduler:${verb}Schedule`),
        ResourceArns: [`arn:aws:scheduler:eu-central-1:${ACCOUNT}:schedule/${name}`],
      }),
    );
    return VERBS.filter((_, at) => EvaluationResults[at]?.EvalDecision === 'allowed');
  }

  it('allows the schedules of accounts the function, and to give up an event', async () => {
    await scheduler.invoke(shared.stage.functionName);
    await scheduler.sendTo(id('FailedEvents'));
  });

  const refusedToThem: [what: string, call: () => Promise<unknown>][] = [
    ['another function', () => scheduler.invoke('as-tagger-of-accounts')],
    ['the secret of an account', () => scheduler.readSecret('prod/accounts/anna')],
    ['to delete a schedule', () => scheduler.deleteSchedule('anna-recent', GROUP)],
  ];
  for (const [what, call] of refusedToThem)
    it(`refuses the schedules ${what}`, () => assert.rejects(call, { name: REFUSED }));
});
