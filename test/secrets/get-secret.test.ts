import assert from 'node:assert/strict';
import { currentOnly, getSecretsFrom, parseArn } from '../../lib/secrets/get-secret.ts';
import { sourceOf, version } from '../helpers/secret-source.ts';

const secrets = { A: { current: version('a', 'v1') }, B: { current: version('b', 'v1') } };

describe('getSecrets', () => {
  it('starts any number together, and gives their promises in order', async () => {
    const { source, calls } = sourceOf(secrets);
    const [b, a] = getSecretsFrom(source.getSecret)('B', 'A');
    assert.deepEqual(calls, ['read B', 'read A']);
    assert.deepEqual([await b, await a], ['b', 'a']);
  });

  it('lets a caller await a failure late', async () => {
    const unhandled: unknown[] = [];
    const listen = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', listen);
    const [missing, a] = getSecretsFrom(sourceOf(secrets).source.getSecret)('MISSING', 'A');
    assert.equal(await a, 'a');
    await new Promise((resolve) => setImmediate(resolve));
    await assert.rejects(missing, /"MISSING"/);
    process.off('unhandledRejection', listen);
    assert.deepEqual(unhandled, []);
  });

  it('gives nothing for nothing', () =>
    assert.deepEqual(getSecretsFrom(sourceOf(secrets).source.getSecret)(), []));
});

describe('currentOnly', () => {
  it('reads current versions and no previous one', async () => {
    const stored = { A: { current: version('a', 'v2'), previous: version('old', 'v1') } };
    const { getSecret } = currentOnly(sourceOf(stored).source);
    assert.equal(await getSecret('A'), 'a');
    await assert.rejects(getSecret('A', { version: 'previous' }), { kind: 'credentials' });
  });
});

describe('parseArn', () => {
  const ARN = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:';
  const rows: [why: string, name: string, granted: string | undefined][] = [
    ['complete', `${ARN}prod/pocket-AbC123`, `${ARN}prod/pocket-AbC123`],
    ['without its six characters', `${ARN}prod/pocket/token`, `${ARN}prod/pocket/token-??????`],
    ['of a name that AWS made', `${ARN}rds!cluster-1f-AbC123`, `${ARN}rds!cluster-1f-AbC123`],
    ['no ARN', 'prod/pocket/token', undefined],
    ['of another service', 'arn:aws:ssm:eu-central-1:111122223333:parameter/a', undefined],
    ['that would grant more', `${ARN}*`, undefined],
  ];
  for (const [why, name, granted] of rows)
    it(why, () =>
      assert.deepEqual(
        parseArn(name),
        granted === undefined ? undefined : { region: 'eu-central-1', granted },
      ),
    );
});
