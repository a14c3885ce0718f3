import assert from 'node:assert/strict';
import type { AccountPlace } from '../../lib/accounts/account.ts';
import { accountSecrets } from '../../lib/accounts/account-secrets.ts';
import { Failure } from '../../lib/failure.ts';
import { credentialsFrom } from '../../lib/secrets/credentials.ts';
import { type StoredSecret, sourceOf } from '../helpers/secret-source.ts';

const ANNA: AccountPlace = { prefix: 'prod/accounts', name: 'anna' };
const OWN = 'prod/accounts/anna';
const IN_17: AccountPlace = { ...ANNA, shard: 17 };
const SHARD = 'prod/accounts/shard-17';

const variables = (token: string, more: object = {}) => ({
  READING_LIST: 'karakeep',
  KARAKEEP_URL: 'https://list.example.com',
  KARAKEEP_TOKEN: token,
  ...more,
});
const own = (token: string, more?: object) => ({ text: JSON.stringify(variables(token, more)) });
const packed = (accounts: object) => ({ text: JSON.stringify(accounts) });

describe('credentials of an account that were changed', () => {
  const TOKEN = { token: 'KARAKEEP_TOKEN' };
  /** A run that has read its settings, and meets a service which takes one token alone. */
  async function run(stored: Record<string, StoredSecret>, place = ANNA) {
    const { source } = sourceOf(stored);
    const secrets = accountSecrets(source, place);
    const warnings: string[] = [];
    await secrets.variables();
    const credentials = credentialsFrom(secrets, TOKEN, (_level, message) => warnings.push(message));
    const sent: string[] = [];
    const call = (accepted: string) =>
      credentials.use(async ({ token }) => {
        sent.push(token);
        if (token !== accepted) throw new Failure('credentials', 'refused');
        return token;
      });
    return { call, sent, warnings };
  }

  it('are read again where the old ones are refused', async () => {
    const stored = { [OWN]: { current: own('old') } };
    const { call, sent } = await run(stored);
    stored[OWN] = { current: own('new') };
    assert.equal(await call('new'), 'new');
    assert.deepEqual(sent, ['old', 'new']);
  });

  it('are read again in a packed secret', async () => {
    const stored = { [SHARD]: { current: packed({ anna: variables('old') }) } };
    const { call } = await run(stored, IN_17);
    stored[SHARD] = { current: packed({ anna: variables('new') }) };
    assert.equal(await call('new'), 'new');
  });

  const previous: [why: string, place: AccountPlace, stored: Record<string, StoredSecret>][] = [
    ['its own secret', ANNA, { [OWN]: { current: own('new'), previous: own('old') } }],
    [
      'a packed secret',
      IN_17,
      {
        [SHARD]: {
          current: packed({ anna: variables('new') }),
          previous: packed({ anna: variables('old'), ben: variables('of ben') }),
        },
      },
    ],
  ];
  for (const [why, place, stored] of previous)
    it(`are those of the previous version of ${why}, where the service takes no others yet`, async () => {
      const { call, sent, warnings } = await run(stored, place);
      assert.equal(await call('old'), 'old');
      assert.deepEqual(sent, ['new', 'old']);
      assert.match(String(warnings), /the current version was refused, and the previous version/);
    });

  it('are nobody else’s where the previous version of a packed secret has not this account', async () => {
    const before = packed({ ben: variables('of ben') });
    const stored = { [SHARD]: { current: packed({ anna: variables('new') }), previous: before } };
    const { call, sent } = await run(stored, IN_17);
    await assert.rejects(call('of ben'), { kind: 'credentials' });
    assert.deepEqual(sent, ['new']);
  });

  const moved: [why: string, now: object][] = [
    ['address', { KARAKEEP_URL: 'https://other.example.com' }],
    ['service', { READING_LIST: 'readwise' }],
  ];
  for (const [why, now] of moved) {
    it(`are not sent where the old ones went, after the ${why} has changed, too`, async () => {
      const stored = { [OWN]: { current: own('old') } };
      const { call, sent } = await run(stored);
      stored[OWN] = { current: own('new', now) };
      await assert.rejects(call('new'), {
        kind: 'unavailable',
        message: /^Account "anna": its service or address has changed since this run began/,
      });
      assert.deepEqual(sent, ['old']);
    });

    it(`are not those of the previous version where that was for another ${why}`, async () => {
      const { call, sent } = await run({ [OWN]: { current: own('new'), previous: own('old', now) } });
      await assert.rejects(call('old'), { kind: 'credentials' });
      assert.deepEqual(sent, ['new']);
    });
  }
});
