import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  accountsGroup,
  accountsPrefix,
  checkAccountName,
  secretOfAccount,
  shardOf,
  shardSecret,
} from '../../lib/accounts/account.ts';
import { readEvent } from '../../lib/run/event.ts';

/** What EventBridge Scheduler takes: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html */
const SCHEDULE_NAME = /^[0-9a-zA-Z-_.]{1,64}$/;
/** What Secrets Manager takes: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html */
const SECRET_NAME = /^[\w/+=.@-]{1,512}$/;

describe('checkAccountName', () => {
  const taken: [why: string, name: string][] = [
    ['one letter', 'a'],
    ['one digit', '7'],
    ['48 characters', 'a'.repeat(48)],
    ['what a service of sign-ups makes', '0190b5d1-8a3c-7c2e-9f4d-1a2b3c4d5e6f'],
    ['hyphens at its ends', '-anna-'],
    ['what every object has in JavaScript', 'constructor'],
    ['nearly the name of a packed secret', 'shard'],
  ];
  for (const [why, name] of taken) it(`takes ${why}`, () => assert.equal(checkAccountName(name), name));

  const refused: [why: string, name: string, message: RegExp][] = [
    ['nothing', '', /^Account "": is no name of one; give 1 to 48 of a-z, 0-9 and -$/],
    ['49 characters, and does not repeat what may be a token', 'a'.repeat(49), /^Account: is no name/],
    ['capitals, which would be another secret', 'Anna', /^Account "Anna": /],
    ['a template of the stack', '_recent', /^Account "_recent": /],
    ['another stage’s secret', '../prod/accounts/anna', /^Account: /],
    ['a path', 'anna/ben', /^Account "anna\/ben": /],
    ['the key of a packed secret', 'shard#anna', /^Account "shard#anna": /],
    ['more than one line', 'anna\nben', /^Account "anna\\nben": /],
    ['a line break at the end', 'anna\n', /^Account "anna\\n": /],
    ['a space', 'anna b', /^Account "anna b": /],
    ['what a policy would take for any', 'an*', /^Account "an\*": /],
    ['a letter that looks like another', 'аnna', /^Account "аnna": /],
    ['the prototype of an object', '__proto__', /^Account "__proto__": /],
    ['a packed secret', 'shard-17', /^Account "shard-17": begins with "shard-", as packed secrets do/],
    ['what may become a packed secret', 'shard-', /begins with "shard-"/],
    ['a token, and does not show it', 'ak2_q7Zp3Lm9Xc1Vb5Nt8Wd4Rf', /^Account: is no name/],
    ['a long text, and does not repeat it', 'no name '.repeat(20), /^Account: is no name/],
  ];
  for (const [why, name, message] of refused)
    it(`refuses ${why}`, () =>
      assert.throws(() => checkAccountName(name), { name: 'Failure', kind: 'settings', message }));

  it('gives names that schedules and secrets may have, whatever else is in them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.nat(), (text, shard) => {
        let name: string;
        try {
          name = checkAccountName(text);
        } catch {
          return;
        }
        for (const suffix of ['recent', 'full', 'continue']) assert.match(`${name}-${suffix}`, SCHEDULE_NAME);
        const prefix = accountsPrefix('prod');
        assert.match(secretOfAccount({ prefix, name }), SECRET_NAME);
        assert.notEqual(secretOfAccount({ prefix, name }), shardSecret(prefix, shard));
      }),
      {
        examples: [
          ['shard-17', 17],
          ['anna', 1],
          ['a'.repeat(48), 0],
        ],
      },
    );
  });

  it('takes no name that an event cannot have', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9-]{1,48}$/), (account) => {
        assert.equal(readEvent({ account }).account, account);
      }),
    );
  });
});

describe('where an account is kept', () => {
  const prefix = accountsPrefix('prod');

  it('is a secret of its own, or a key of a packed one', () => {
    assert.equal(secretOfAccount({ prefix, name: 'anna' }), 'prod/accounts/anna');
    assert.equal(secretOfAccount({ prefix, name: 'anna', shard: 17 }), 'prod/accounts/shard-17#anna');
    assert.equal(accountsGroup('prod'), 'readtime-tagger-prod-accounts');
  });

  it('is not asked for by a name that is none', () => {
    for (const name of ['../anna', 'shard-1', 'anna#ben'])
      assert.throws(() => secretOfAccount({ prefix, name, shard: 1 }), { name: 'Failure', kind: 'settings' });
  });

  const shards: [why: string, secret: string, shard: number | undefined][] = [
    ['a packed secret', shardSecret(prefix, 17), 17],
    ['the secret of one account', 'prod/accounts/anna', undefined],
    ['a packed secret of another stage', 'test/accounts/shard-17', undefined],
    [
      'a packed secret of a stage that has the name of ours in its own',
      'x/prod/accounts/shard-17',
      undefined,
    ],
    ['no number', 'prod/accounts/shard-', undefined],
    ['the number 0, which is none', 'prod/accounts/shard-0', undefined],
    ['half a number', 'prod/accounts/shard-1.5', undefined],
    ['a number and more', 'prod/accounts/shard-17-old', undefined],
    ['a number that is written otherwise', 'prod/accounts/shard-1e1', undefined],
    ['a number with a zero before it', 'prod/accounts/shard-017', undefined],
  ];
  for (const [why, secret, shard] of shards)
    it(`knows of ${why} which shard it is: ${shard}`, () => assert.equal(shardOf(prefix, secret), shard));
});
