import assert from 'node:assert/strict';
import { envSecrets } from '../../lib/secrets/env-secrets.ts';
import { withJsonKeys } from '../../lib/secrets/with-json-keys.ts';

describe('envSecrets', () => {
  const rows: [why: string, name: string, env: Record<string, string>, text: string][] = [
    ['a name that can be a variable’s', 'POCKET_KEY', { POCKET_KEY: 'k' }, 'k'],
    ['a path', 'prod/llm/openai', { SECRET_prod_llm_openai: 'k' }, 'k'],
    ['a path with hyphens', 'dev/llm/openai-key', { SECRET_dev_llm_openai_key: 'k' }, 'k'],
    ['both: the marked one wins', 'POCKET_KEY', { POCKET_KEY: 'k', SECRET_POCKET_KEY: 'm' }, 'm'],
    ['a blank marked one counts as not set', 'POCKET_KEY', { POCKET_KEY: 'k', SECRET_POCKET_KEY: ' ' }, 'k'],
    [
      'a key of JSON',
      'prod/aws/bedrock#access_key_id',
      { SECRET_prod_aws_bedrock: '{"access_key_id":"a","secret_access_key":"s"}' },
      'a',
    ],
  ];
  for (const [why, name, env, text] of rows) {
    it(`finds ${why}`, async () => {
      assert.equal(await withJsonKeys(envSecrets(env)).getSecret(name), text);
    });
  }

  const missing: [name: string, message: string][] = [
    [
      'POCKET_KEY',
      'Secret "POCKET_KEY": not in the environment; set the variable POCKET_KEY or SECRET_POCKET_KEY (in .env or the environment)',
    ],
    ['a/b', 'Secret "a/b": not in the environment; set the variable SECRET_a_b (in .env or the environment)'],
  ];
  for (const [name, message] of missing) {
    it(`says which variable to set for ${name}`, () =>
      assert.rejects(envSecrets({ [name]: '' }).getSecret(name), { kind: 'credentials', message }));
  }

  it('knows of no versions and of no rotation', async () => {
    const source = envSecrets({ A: 'a' });
    await assert.rejects(source.getSecret('A', { version: 'previous' }), /has no previous version/);
    assert.equal(source.versionOf('A'), undefined);
    assert.equal(await source.rotates('A'), undefined);
  });

  it('says which variable lacks the key', () =>
    assert.rejects(withJsonKeys(envSecrets({ A: '{}' })).getSecret('A#k'), {
      message:
        'Secret "A" has no key "k"; set it with: the variable A or SECRET_A (in .env or the environment), a JSON object with the key "k"',
    }));
});
