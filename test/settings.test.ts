import assert from 'node:assert/strict';
import { Failure } from '../lib/failure.ts';
import { type Environment, readSettings } from '../lib/settings.ts';

const url = { POCKET_API_URL: 'http://127.0.0.1:8383/v3' };

describe('readSettings', () => {
  it('has a default for everything but the address', () => {
    assert.deepEqual(readSettings(url), {
      readingList: 'pocket',
      pocketApiUrl: 'http://127.0.0.1:8383/v3',
      secretsFrom: 'aws',
      secretMaxAgeMs: 3_600_000,
      secretMaxAgeDays: 90,
      secretNames: { consumerKey: 'POCKET_KEY', accessToken: 'POCKET_TOKEN' },
      rules: {
        bands: [
          { tag: 'a quick read', upToMinutes: 2 },
          { tag: 'a medium read', upToMinutes: 5 },
        ],
        beyond: 'a long read',
        videoTag: 'article with video',
        retiredTags: [],
      },
      speed: {},
      maxChanges: 2000,
      pages: { fetch: true, allowHosts: [], recentDays: 7 },
    });
  });

  it('takes an empty variable for one that is not set', () => {
    assert.deepEqual(
      readSettings({ ...url, BANDS: ' ', SECRETS_FROM: '', WORDS_PER_MINUTE: '' }),
      readSettings(url),
    );
  });

  it('takes an empty VIDEO_TAG for none', () => {
    assert.equal(readSettings({ ...url, VIDEO_TAG: '' }).rules.videoTag, undefined);
  });

  it('reads bands, retired tags, speed and names of secrets', () => {
    const settings = readSettings({
      ...url,
      BANDS: 'read:5min:5,10m : 10 , more',
      RETIRED_TAGS: 'a quick read, a long read,',
      WORDS_PER_MINUTE: '300',
      POCKET_KEY_SECRET: '/prod/pocket#key',
    });
    assert.deepEqual(settings.rules.bands, [
      { tag: 'read:5min', upToMinutes: 5 },
      { tag: '10m', upToMinutes: 10 },
    ]);
    assert.equal(settings.rules.beyond, 'more');
    assert.deepEqual(settings.rules.retiredTags, ['a quick read', 'a long read']);
    assert.deepEqual(settings.speed, { wordsPerMinute: 300 });
    assert.equal(settings.secretNames.consumerKey, '/prod/pocket#key');
  });

  it('drops the slash at the end of the address', () => {
    assert.equal(
      readSettings({ POCKET_API_URL: 'https://example.com/v3/' }).pocketApiUrl,
      'https://example.com/v3',
    );
  });

  const refused: [why: string, env: Environment, message: RegExp][] = [
    [
      'no address',
      { POCKET_API_URL: undefined },
      /^POCKET_API_URL: is not set: Pocket's own API closed on 2025-10-08; set .*v3/,
    ],
    ['Pocket’s own address', { POCKET_API_URL: 'https://getpocket.com/v3' }, /closed on 2025-10-08/],
    ['a subdomain of Pocket’s', { POCKET_API_URL: 'https://api.getpocket.com/v3' }, /closed on 2025-10-08/],
    ['an address that is none', { POCKET_API_URL: 'localhost' }, /"localhost": is not an http address/],
    ['another protocol', { POCKET_API_URL: 'ftp://example.com/v3' }, /is not an http address/],
    [
      'credentials in the address',
      { POCKET_API_URL: 'http://me:x@example.com/v3' },
      /may hold no credentials/,
    ],
    ['a service nobody knows', { READING_LIST: 'delicious' }, /READING_LIST "delicious": .*choose: pocket/],
    [
      'a source of secrets nobody knows',
      { SECRETS_FROM: 'vault' },
      /SECRETS_FROM "vault": choose aws or env/,
    ],
    ['a speed that is none', { WORDS_PER_MINUTE: 'fast' }, /WORDS_PER_MINUTE "fast": is not a reading speed/],
    ['a speed beyond people', { WORDS_PER_MINUTE: '9000' }, /WORDS_PER_MINUTE/],
    [
      'a band without a limit before the last',
      { BANDS: 'short, long' },
      /"short" has no limit; write "short:5"/,
    ],
    ['a last band with a limit', { BANDS: 'short:2, long:5' }, /"long:5", covers everything longer/],
    ['bands out of order', { BANDS: 'short:5, middle:2, long' }, /"middle:2" is out of order/],
    ['the same limit twice', { BANDS: 'short:5, middle:5, long' }, /out of order/],
    ['a limit of nothing', { BANDS: 'short:0, long' }, /"short:0" has no limit/],
    ['a band without a name', { BANDS: ':2, long' }, /":2" has no limit/],
    ['no band at all', { BANDS: ',' }, /BANDS ","/],
    ['the same band twice', { BANDS: 'short:2, short:5, long' }, /Tag "short": stands twice/],
    ['a band that is retired', { RETIRED_TAGS: 'a long read' }, /Tag "a long read": stands twice/],
    ['a band that is the video tag', { VIDEO_TAG: 'a long read' }, /Tag "a long read": stands twice/],
    [
      'capital letters',
      { BANDS: 'Quick:2, long' },
      /Tag "Quick": Pocket lower-cases .* come back as "quick"/,
    ],
    [
      'a tag of 26 characters',
      { VIDEO_TAG: 'abcdefghijklmnopqrstuvwxyz' },
      /come back as "abcdefghijklmnopqrstuvwxy"/,
    ],
    ['no change at all', { MAX_CHANGES: '0' }, /MAX_CHANGES "0": is not a number of items; give a whole one/],
    ['half a change', { MAX_CHANGES: '1.5' }, /MAX_CHANGES "1.5": is not a number of items/],
    ['a cap in words', { MAX_CHANGES: 'many' }, /MAX_CHANGES "many": is not a number of items/],
    ['a tag retired twice', { RETIRED_TAGS: 'old, old' }, /Tag "old": stands twice/],
    [
      'a band that the service would rewrite into another',
      { BANDS: 'quick:2, Quick' },
      /come back as "quick"/,
    ],
    ['quotes', { VIDEO_TAG: "it's a video" }, /escapes quotes/],
    [
      'everything at once',
      { BANDS: 'x', WORDS_PER_MINUTE: '0', SECRETS_FROM: 'no' },
      /SECRETS_FROM.*WORDS_PER_MINUTE/,
    ],
  ];
  for (const [why, env, message] of refused) {
    it(`refuses ${why}, and says what to write`, () => {
      assert.throws(
        () => readSettings({ ...url, ...env }),
        (error) => error instanceof Failure && error.kind === 'settings' && message.test(error.message),
      );
    });
  }
});
