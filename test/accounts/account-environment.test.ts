import assert from 'node:assert/strict';
import { accountEnvironment } from '../../lib/accounts/variables.ts';
import { readSettings } from '../../lib/settings.ts';

describe('the environment of an account', () => {
  const OWN = {
    READING_LIST: 'karakeep',
    KARAKEEP_URL: 'https://list.example.com',
    KARAKEEP_TOKEN: 'S3CRET',
  };

  it('is enough for a run where neither the stage nor the account sets anything else', () => {
    const { rules, readingList, secretsFrom } = readSettings(accountEnvironment(OWN, {}));
    assert.deepEqual([readingList, secretsFrom, rules.videoTag], ['karakeep', 'aws', 'article with video']);
  });

  const rows: [why: string, own: Record<string, string>, ofStage: Record<string, string>, longest: string][] =
    [
      ['the stage’s bands, where the account has none', {}, { BANDS: 'a:2, stage' }, 'stage'],
      [
        'the account’s bands before those of the stage',
        { BANDS: 'a:2, own' },
        { BANDS: 'a:2, stage' },
        'own',
      ],
      ['the account’s bands alone', { BANDS: 'a:2, own' }, {}, 'own'],
    ];
  for (const [why, own, ofStage, longest] of rows)
    it(`has ${why}`, () => {
      const { rules } = readSettings(accountEnvironment({ ...OWN, ...own }, ofStage));
      assert.equal(rules.longestTag, longest);
    });

  it('has no tag for videos where the account wants none, or the stage', () => {
    assert.equal(
      readSettings(accountEnvironment({ ...OWN, VIDEO_TAG: '' }, { VIDEO_TAG: 'film' })).rules.videoTag,
      undefined,
    );
    assert.equal(readSettings(accountEnvironment(OWN, { VIDEO_TAG: '' })).rules.videoTag, undefined);
  });

  it('has nothing of the stage’s own list, of its secrets or of the function', () => {
    const ofStage = {
      READING_LIST: 'readeck',
      READECK_URL: 'https://stage.example.com',
      READECK_TOKEN: 'STAGE',
      KARAKEEP_TOKEN_SECRET: 'prod/karakeep',
      SECRETS_FROM: 'env',
      AWS_SECRET_ACCESS_KEY: 'STAGE',
      HTTPS_PROXY: 'http://proxy.example.com',
      NODE_OPTIONS: '--x',
      LOG_LEVEL: 'DEBUG',
    };
    assert.deepEqual(accountEnvironment(OWN, ofStage), {
      ...OWN,
      LOG_LEVEL: 'DEBUG',
      SECRETS_FROM: 'aws',
      PAGES_ALLOW_HOSTS: undefined,
    });
  });

  it('lets pages be where the operator lets accounts be, not where its own list’s are', () => {
    const env = { PAGES_ALLOW_HOSTS: '10.0.0.1:80', ACCOUNTS_ALLOW_HOSTS: '127.0.0.1:8080' };
    assert.deepEqual(readSettings(accountEnvironment(OWN, env)).pages.allowHosts, ['127.0.0.1:8080']);
    const { PAGES_ALLOW_HOSTS } = env;
    assert.deepEqual(readSettings(accountEnvironment(OWN, { PAGES_ALLOW_HOSTS })).pages.allowHosts, []);
  });
});
