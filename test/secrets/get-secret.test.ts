import assert from 'node:assert/strict';
import { getSecretFrom, getSecretsFrom } from '../../lib/secrets/get-secret.ts';
import { sourceOf, version } from '../helpers/secret-source.ts';

const secrets = { A: { current: version('a', 'v1') }, B: { current: version('b', 'v1') } };

describe('getSecret and getSecrets', () => {
  it('give one text', async () => assert.equal(await getSecretFrom(sourceOf(secrets).source)('A'), 'a'));

  it('start any number together, and give their promises in order', async () => {
    const { source, calls } = sourceOf(secrets);
    const [b, a] = getSecretsFrom(source)('B', 'A');
    assert.deepEqual(calls, ['read B', 'read A']);
    assert.deepEqual([await b, await a], ['b', 'a']);
  });

  it('let a caller come to a failure late', async () => {
    const unhandled: unknown[] = [];
    const listen = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', listen);
    const [missing, a] = getSecretsFrom(sourceOf(secrets).source)('MISSING', 'A');
    assert.equal(await a, 'a');
    await new Promise((resolve) => setTimeout(resolve, 5));
    await assert.rejects(missing, /"MISSING"/);
    process.off('unhandledRejection', listen);
    assert.deepEqual(unhandled, []);
  });

  it('give nothing for nothing', () => assert.deepEqual(getSecretsFrom(sourceOf(secrets).source)(), []));
});
