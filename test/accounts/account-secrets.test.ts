import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { getHeapSnapshot } from 'node:v8';
import type { AccountPlace } from '../../lib/accounts/account.ts';
import { accountSecrets } from '../../lib/accounts/account-secrets.ts';
import { Failure } from '../../lib/failure.ts';
import type { SecretSource } from '../../lib/secrets/get-secret.ts';
import { type StoredSecret, sourceOf, version } from '../helpers/secret-source.ts';

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

describe('the secrets of an account', () => {
  it('are read from its own secret, once for all of a run', async () => {
    const { source, calls } = sourceOf({ [OWN]: { current: own('t1', { BANDS: 'a:2, b' }) } });
    const secrets = accountSecrets(source, ANNA);
    const [token, all] = await Promise.all([secrets.getSecret('KARAKEEP_TOKEN'), secrets.variables()]);
    assert.deepEqual([token, all], ['t1', variables('t1', { BANDS: 'a:2, b' })]);
    assert.equal(await secrets.getSecret('KARAKEEP_TOKEN'), 't1');
    assert.deepEqual(calls, [`read ${OWN}`]);
  });

  it('are its own where it is packed with others', async () => {
    const both = packed({ ben: variables('of ben'), anna: variables('of anna') });
    const { source, calls } = sourceOf({ [SHARD]: { current: both } });
    const secrets = accountSecrets(source, IN_17);
    assert.equal(await secrets.getSecret('KARAKEEP_TOKEN'), 'of anna');
    assert.deepEqual(await secrets.variables(), variables('of anna'));
    assert.deepEqual(calls, [`read ${SHARD}`]);
  });

  const logins: [why: string, login: unknown][] = [
    ['an object', { username: 'reader', password: 'p' }],
    ['JSON text, as .env has it', '{"username":"reader","password":"p"}'],
  ];
  for (const [why, login] of logins)
    it(`have several keys in one variable, as ${why}`, async () => {
      const { source } = sourceOf({ [OWN]: { current: packed({ READING_LIST: 'shiori', SHIORI: login }) } });
      const { getSecret } = accountSecrets(source, ANNA);
      assert.deepEqual(
        [await getSecret('SHIORI#username'), await getSecret('SHIORI#password')],
        ['reader', 'p'],
      );
    });

  it('say by which command a missing one is set', async () => {
    const { source } = sourceOf({ [OWN]: { current: own(' ', { READWISE_TOKEN: undefined }) } });
    const { getSecret, howToSet } = accountSecrets(source, ANNA);
    await assert.rejects(getSecret('READWISE_TOKEN'), {
      kind: 'credentials',
      message:
        'Account "anna": has no READWISE_TOKEN; set it with: npm run accounts -- rotate anna --stage prod',
    });
    await assert.rejects(getSecret('KARAKEEP_TOKEN'), {
      kind: 'credentials',
      message: 'Secret "KARAKEEP_TOKEN" is empty; set it with: npm run accounts -- rotate anna --stage prod',
    });
    assert.equal(howToSet('KARAKEEP_TOKEN'), 'npm run accounts -- rotate anna --stage prod');
  });

  it('refuse a variable that is not allowed, whatever is asked for', async () => {
    const { source } = sourceOf({ [OWN]: { current: own('t', { LOG_LEVEL: 'DEBUG' }) } });
    const { getSecret } = accountSecrets(source, ANNA);
    await assert.rejects(getSecret('KARAKEEP_TOKEN'), { kind: 'settings', message: /LOG_LEVEL/ });
  });

  it('know the version and the rotation of the secret that they are in', async () => {
    const current = { ...version(packed({ anna: variables('t') }).text, 'v7') };
    const { source, calls } = sourceOf({ [SHARD]: { current } });
    const secrets = accountSecrets(source, IN_17);
    assert.equal(await secrets.rotates('KARAKEEP_TOKEN'), false);
    assert.equal(secrets.versionOf('KARAKEEP_TOKEN')?.versionId, 'v7');
    assert.deepEqual(calls, [`rotates ${SHARD}`]);
  });

  const absent: [why: string, name: string, text: string][] = [
    ['others alone', 'anna', '{"ben":{}}'],
    ['nothing', 'anna', '{}'],
    ['no object', 'anna', '["anna"]'],
    ['no JSON', 'anna', 'S3CRET'],
    ['text in its place', 'anna', '{"anna":"S3CRET"}'],
    ['null in its place', 'anna', '{"anna":null}'],
    ['only what every object has', 'constructor', '{"anna":{}}'],
  ];
  for (const [why, name, text] of absent)
    it(`are not found in a packed secret that has ${why}, which is not repeated`, async () => {
      const { source } = sourceOf({ [SHARD]: { current: { text } } });
      await assert.rejects(accountSecrets(source, { ...IN_17, name }).getSecret('KARAKEEP_TOKEN'), {
        kind: 'credentials',
        message: `Account "${name}": is not in the secret "${SHARD}"`,
      });
    });

  it('are not asked for by a name that is none', async () => {
    const { source, calls } = sourceOf({ 'prod/accounts/shard-17': { current: own('S3CRET') } });
    const secrets = accountSecrets(source, { ...ANNA, name: 'shard-17' });
    await assert.rejects(secrets.getSecret('KARAKEEP_TOKEN'), { kind: 'settings' });
    assert.deepEqual(calls, []);
  });

  it('keep in memory nothing of another account in the same secret', async function () {
    this.timeout(120_000);
    // Put together here, so that nothing but the answer has the whole of it.
    const tokenOf = (name: string) => ['S3CRET', 'of', name, 'whole'].join('-');
    const answer = () => packed({ anna: variables(tokenOf('anna')), ben: variables(tokenOf('ben')) }).text;
    const { source } = sourceOf({});
    const secrets = accountSecrets({ ...source, getSecret: async () => answer() }, IN_17);
    await secrets.getSecret('KARAKEEP_TOKEN');
    const heap = await text(getHeapSnapshot());
    const isThere = (name: string) => heap.includes(['S3CRET', 'of', name, 'whole'].join('-'));
    assert.deepEqual([isThere('anna'), isThere('ben')], [true, false]);
    assert.equal((await secrets.variables()).READING_LIST, 'karakeep');
  });
});

describe('an account that has moved', () => {
  const places: [why: string, named: number | undefined, present: number | undefined, calls: string[]][] = [
    ['was packed', undefined, 17, [`read ${OWN}`, `read ${SHARD}`]],
    ['was packed again, with others', 3, 17, ['read prod/accounts/shard-3', `read ${SHARD}`]],
    ['has a secret of its own again', 3, undefined, ['read prod/accounts/shard-3', `read ${OWN}`]],
  ];
  for (const [why, named, present, calls] of places)
    it(`${why}: it is read there, and the schedule is asked once`, async () => {
      const stored: Record<string, StoredSecret> =
        present === undefined
          ? { [OWN]: { current: own('t') } }
          : { [SHARD]: { current: packed({ anna: variables('t') }) } };
      const store = sourceOf({ 'prod/accounts/shard-3': { current: packed({}) }, ...stored });
      let asked = 0;
      const secrets = accountSecrets(store.source, { ...ANNA, shard: named }, async () => {
        asked += 1;
        return present;
      });
      assert.equal(await secrets.getSecret('KARAKEEP_TOKEN'), 't');
      assert.deepEqual([store.calls, asked], [calls, 1]);
      assert.equal(await secrets.getSecret('KARAKEEP_TOKEN', { forceFetch: true }), 't');
      assert.deepEqual([store.calls.slice(2), asked], [calls.slice(1), 1]);
    });

  it('is not looked for where it is at its place', async () => {
    const { source } = sourceOf({ [OWN]: { current: own('t') } });
    const secrets = accountSecrets(source, ANNA, () => assert.fail('asked'));
    assert.equal(await secrets.getSecret('KARAKEEP_TOKEN'), 't');
  });

  it('is missing where the schedule knows no other place', async () => {
    const { source, calls } = sourceOf({});
    for (const secrets of [accountSecrets(source, ANNA), accountSecrets(source, ANNA, async () => undefined)])
      await assert.rejects(secrets.getSecret('KARAKEEP_TOKEN'), { message: `Secret "${OWN}": not found` });
    assert.deepEqual(calls, [`read ${OWN}`, `read ${OWN}`]);
  });

  it('is not looked for where the store is down, nor for a previous version', async () => {
    const down: SecretSource = {
      ...sourceOf({}).source,
      getSecret: () => Promise.reject(new Failure('unavailable', 'later')),
    };
    const { source } = sourceOf({ [OWN]: { current: own('t') } });
    for (const [store, options] of [[down, {}] as const, [source, { version: 'previous' }] as const])
      await assert.rejects(
        accountSecrets(store, ANNA, () => assert.fail('asked')).getSecret('KARAKEEP_TOKEN', options),
        { name: 'Failure' },
      );
  });

  it('fails as the schedule does, where that cannot be asked', async () => {
    const { source } = sourceOf({});
    const secrets = accountSecrets(source, ANNA, () =>
      Promise.reject(new Failure('unavailable', 'no schedule')),
    );
    await assert.rejects(secrets.variables(), { kind: 'unavailable', message: 'no schedule' });
  });
});
