import assert from 'node:assert/strict';
import { currentOnly, getSecretsFrom, isLikeToken, parseArn } from '../../lib/secrets/get-secret.ts';
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
    ['of a word that no partition has', `${ARN.replace('aws', 'aws*')}a-AbC123`, undefined],
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

  it('of another partition', () =>
    assert.equal(
      parseArn('arn:aws-us-gov:secretsmanager:us-gov-west-1:111122223333:secret:a')?.region,
      'us-gov-west-1',
    ));
});

describe('isLikeToken', () => {
  const [letters, digits] = ['a'.repeat(18), '1'.repeat(18)];
  const rows: [why: string, text: string, is: boolean][] = [
    ['groups as of a UUID, with a digit', 'abcdefgh-abcd-abc1-abcd-abcdef', true],
    ['such groups without one, which may be words', 'abcdefgh-abcd-abcd-abcd-abcdef', false],
    ['such groups behind more', 'x/abcdefgh-abcd-abc1-abcd-abcdef', false],
    ['such groups before more', 'abcdefgh-abcd-abc1-abcd-abcdef/x', false],
    ['the beginning of a JWT', 'eyJhb.x', true],
    ['the same behind more', 'x/eyJhb.x', false],
    ['hexadecimal, with one digit', `${letters}1a`, true],
    ['the same in capitals', `${letters}1a`.toUpperCase(), true],
    ['the same as one part of more', `name/${letters}1a`, true],
    ['hexadecimal, with one letter', `${digits}1a`, true],
    ['hexadecimal, but short', `${letters}1`, false],
    ['letters alone', `${letters}aa`, false],
    ['digits alone', `${digits}11`, false],
    ['hexadecimal but for its end', `${letters}1az`, false],
    ['letters and digits that change four times', `z1z1z${'z'.repeat(20)}`, true],
    ['the same three times', `z1z1${'1'.repeat(20)}`, false],
    ['the same in the last eight', `${'z'.repeat(20)}1z1z1z1z`, false],
  ];
  for (const [why, text, is] of rows)
    it(`${is ? 'is' : 'is not'}: ${why}`, () => assert.equal(isLikeToken(text), is));
});
