import assert from 'node:assert/strict';
import { MIN_CONFIDENCE } from '../lib/core/estimate.ts';
import type { ServiceName } from '../lib/reading-lists/services.ts';
import { type Environment, readSecretNames, readSettings } from '../lib/settings.ts';
import { articles, environmentFor, pocketWith } from './helpers/pocket.ts';
import { runIn } from './helpers/run.ts';

const url = { POCKET_API_URL: 'http://127.0.0.1:8383/v3' };

describe('readSettings', () => {
  it('has a default for everything but the address', () => {
    assert.deepEqual(readSettings(url), {
      readingList: 'pocket',
      serviceSettings: { apiUrl: 'http://127.0.0.1:8383/v3' },
      secretsFrom: 'aws',
      secretMaxAgeMs: 3_600_000,
      secretMaxAgeDays: 90,
      secretNames: { consumerKey: 'POCKET_KEY', accessToken: 'POCKET_TOKEN' },
      rules: {
        bands: [
          { tag: 'a quick read', upToMinutes: 2 },
          { tag: 'a medium read', upToMinutes: 5 },
        ],
        longestTag: 'a long read',
        videoTag: 'article with video',
        retiredTags: [],
      },
      speed: { minConfidence: MIN_CONFIDENCE },
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

  it('reads how code and pictures count', () => {
    const { speed } = readSettings({ ...url, CODE: ' Slow ', SECONDS_PER_PICTURE: '12' });
    assert.deepEqual([speed.code, speed.secondsPerPicture], ['slow', 12]);
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
    assert.equal(settings.rules.longestTag, 'more');
    assert.deepEqual(settings.rules.retiredTags, ['a quick read', 'a long read']);
    assert.equal(settings.speed.wordsPerMinute, 300);
    assert.equal(settings.secretNames.consumerKey, '/prod/pocket#key');
  });

  const addresses: [why: string, address: string, read: string][] = [
    ['without the slash at the end', 'https://example.com/v3/', 'https://example.com/v3'],
    ['without any of several slashes', 'https://example.com/v3//', 'https://example.com/v3'],
    [
      'of a host that only begins as Pocket’s',
      'https://getpocket.com.example/v3',
      'https://getpocket.com.example/v3',
    ],
    ['of a host that only ends alike', 'https://notgetpocket.com/v3', 'https://notgetpocket.com/v3'],
  ];
  for (const [why, address, read] of addresses)
    it(`takes the address ${why}`, () =>
      assert.equal(readSettings({ POCKET_API_URL: address }).serviceSettings.apiUrl, read));

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
    [
      'a limit of nothing',
      { BANDS: 'short:0, long' },
      /"short:0": a limit is a whole number .*; write "short:1"$/,
    ],
    ['a limit below nothing', { BANDS: 'short:-3, long' }, /write "short:1"$/],
    [
      'half a minute',
      { BANDS: 'short:2.5, long' },
      /"short:2.5": a limit is a whole number .*; write "short:3"$/,
    ],
    ['a unit', { BANDS: 'short:5 min, long' }, /without a unit; write "short:5"$/],
    ['a unit at the last band', { BANDS: 'short:5, long:9 min' }, /"long:9 min": a limit is/],
    ['more than a day', { BANDS: 'short:100000, long' }, /write "short:1440"$/],
    [
      'a level of other programs',
      { LOG_LEVEL: 'verbose' },
      /LOG_LEVEL "verbose": is not a level; choose DEBUG/,
    ],
    ['a semicolon', { BANDS: 'short:3; long' }, /: has a semicolon; put a comma between bands/],
    ['one band, which every item would get', { BANDS: 'long' }, /BANDS "long": is one band only/],
    [
      'a hundred bands',
      { BANDS: Array.from({ length: 100 }, (_, at) => (at < 99 ? `t${at}:${at + 1}` : 't99')).join(',') },
      /: has 100 bands; give at most 20$/,
    ],
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
    ['a way to read code that is none', { CODE: 'fast' }, /CODE "fast": choose prose, slow, skip/],
    [
      'a picture for a quarter of an hour',
      { SECONDS_PER_PICTURE: '900' },
      /SECONDS_PER_PICTURE "900": is not a time for a picture/,
    ],
    ['more than sure', { MIN_CONFIDENCE: '80' }, /MIN_CONFIDENCE "80": is not a share; give one from 0 to 1/],
    ['less than nothing', { MIN_CONFIDENCE: '-0.1' }, /MIN_CONFIDENCE/],
    ['no change at all', { MAX_CHANGES: '0' }, /MAX_CHANGES "0": is not a number of items; give a whole one/],
    ['half a change', { MAX_CHANGES: '1.5' }, /MAX_CHANGES "1.5": is not a number of items/],
    ['a cap in words', { MAX_CHANGES: 'many' }, /MAX_CHANGES "many": is not a number of items/],
    ['a tag retired twice', { RETIRED_TAGS: 'old, old' }, /Tag "old": stands twice/],
    [
      'a band that the service would rewrite into another',
      { BANDS: 'quick:2, Quick' },
      /come back as "quick"/,
    ],
    [
      'escapes, which Pocket adds itself',
      { VIDEO_TAG: "it\\'s a video" },
      /come back as "it's a video"; write it that way/,
    ],
    [
      'a band with a terminal escape, without repeating it',
      { BANDS: '\u001B[31mquick:2, long' },
      /^Tag " \[31mquick": holds control characters, such as tabs/,
    ],
    ['a band with a line break', { BANDS: 'quick\nread:2, long' }, /^Tag "quick read": holds control/],
    ['a retired tag that turns the text around', { RETIRED_TAGS: 'a\u202Eb' }, /^Tag "a b": holds control/],
    ['a video tag with a mark of direction', { VIDEO_TAG: 'vid\u2067eo' }, /^Tag "vid eo": holds control/],
    [
      'control characters in what makes no sense',
      { BANDS: '\u0007x:2' },
      /^BANDS " x:2": the last band, " x:2"/,
    ],
    [
      'everything at once',
      { BANDS: 'x', WORDS_PER_MINUTE: '0', SECRETS_FROM: 'no' },
      /SECRETS_FROM.*WORDS_PER_MINUTE/,
    ],
  ];
  for (const [why, env, message] of refused) {
    it(`refuses ${why}, and says what to write`, () =>
      assert.throws(() => readSettings({ ...url, ...env }), { kind: 'settings', message }));
  }
});

describe('a token in the place of a secret’s name', () => {
  const tokens: [of: string, token: string][] = [
    ['Karakeep', 'ak2_3f9c0e7b21d84a6f95c0_d7e41b8f60a2c9537e18b4d6f0a3c952'],
    ['linkding', '9d1f0a7c3b5e82640f1a9c7d3e5b8206f4a1c97d'],
    ['Readwise', 'kX93bQv7RtZ2pLw8NfYs5HdGc1JmUa6EoTi4VxKq0BrWzPyS9n'],
    ['Raindrop.io', '2590b71d-b0f5-45a4-bfd7-9a503ff4be10'],
    ['Pocket, its key', '17687-451920f3f1c6c43105e85ee4'],
    ['Pocket, its token', '5678defg-5678-defg-5678-defg56'],
    ['a JWT', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc'],
  ];
  for (const [of, token] of tokens)
    it(`is refused by the variable, and not shown: of ${of}`, () =>
      assert.throws(() => readSettings({ ...url, POCKET_KEY_SECRET: token }), {
        kind: 'settings',
        message:
          'POCKET_KEY_SECRET: looks like a secret itself; give the name of the secret, and set its value with: npm run secrets -- set NAME',
      }));

  it('is not shown either where it has characters that no name has', () =>
    assert.throws(() => readSettings({ ...url, POCKET_KEY_SECRET: 'hush$5' }), {
      message: /^POCKET_KEY_SECRET: is not a secret's name \(letters, /,
    }));

  it('is told once for a JSON secret', () =>
    assert.throws(
      () =>
        readSettings({ READING_LIST: 'wallabag', WALLABAG_URL: 'http://127.0.0.1', WALLABAG_SECRET: '?' }),
      ({ message }) => message.split('WALLABAG_SECRET').length === 2,
    ));

  const names: [why: string, name: string][] = [
    ['a path', 'prod/pocket-v3/consumer-key2'],
    ['a key of JSON', '/imdb-etl/omdb-api-key#omdbapi_key'],
    ['an ARN', 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod/pocket-AbC123#key'],
    ['as CloudFormation makes it', 'PocketConsumerKeySecretA1B2C3D4-x9Y8z7W6v5U4'],
    ['as AWS makes it', 'rds!cluster-readtime'],
    ['long, with a year', 'readtime2026productionpocketconsumerkey'],
  ];
  for (const [why, name] of names)
    it(`is none of these names: ${why}`, () =>
      assert.equal(readSettings({ ...url, POCKET_KEY_SECRET: name }).secretNames.consumerKey, name));
});

describe('a token in the place of a setting', () => {
  const token = `ak1_${'0123456789abcdef'.repeat(3)}`;
  for (const env of [
    { READING_LIST: 'karakeep', KARAKEEP_URL: token },
    { READING_LIST: 'karakeep', KARAKEEP_URL: `eyJhbGciOi.${token}.x` },
    { READING_LIST: 'karakeep', KARAKEEP_URL: `me:${token}` },
    { READING_LIST: 'karakeep', KARAKEEP_URL: `https://${token}` },
    { READING_LIST: 'karakeep', KARAKEEP_URL: `https://eyJhbGciOi.${token}.x` },
    { READING_LIST: 'karakeep', KARAKEEP_URL: `Bearer ${token}` },
    { READING_LIST: token },
    { ...url, WORDS_PER_MINUTE: token },
  ])
    it(`is not shown: ${Object.keys(env).at(-1)}`, () =>
      assert.throws(
        () => readSettings(env),
        ({ kind, message }) => kind === 'settings' && !message.includes('0123'),
      ));

  for (const host of [
    'readeck-production-stack-1',
    'karakeep',
    '[::1]',
    `${'0123456789abcdef'.repeat(2)}.example.com`,
  ])
    it(`is no host such as ${host}`, () => {
      const settings = readSettings({ READING_LIST: 'karakeep', KARAKEEP_URL: `http://${host}:3000` });
      assert.deepEqual(settings.serviceSettings, { url: `http://${host}:3000` });
    });
});

describe('the settings of other services', () => {
  const linkding = { READING_LIST: 'linkding', LINKDING_URL: 'https://links.example.com/' };
  const karakeep = { READING_LIST: 'karakeep', KARAKEEP_URL: 'http://127.0.0.1' };

  it('are read by their own names, without the slash at the end', () => {
    const settings = readSettings(linkding);
    assert.equal(settings.readingList, 'linkding');
    assert.deepEqual(settings.serviceSettings, { url: 'https://links.example.com' });
    assert.deepEqual(settings.secretNames, { token: 'LINKDING_TOKEN' });
  });

  it('have defaults where the service has one address', () => {
    const { serviceSettings } = readSettings({ READING_LIST: 'raindrop' });
    assert.deepEqual(serviceSettings, { url: 'https://api.raindrop.io', collection: '0' });
  });

  it('name other secrets, and other JSON secrets under the same keys', () => {
    const names = (env: Environment) => readSettings(env).secretNames;
    assert.deepEqual(names({ ...linkding, LINKDING_TOKEN_SECRET: '/prod/links#token' }), {
      token: '/prod/links#token',
    });
    assert.deepEqual(
      names({ READING_LIST: 'wallabag', WALLABAG_URL: 'http://127.0.0.1', WALLABAG_SECRET: 'prod/bag' }),
      {
        clientId: 'prod/bag#client_id',
        clientSecret: 'prod/bag#client_secret',
        username: 'prod/bag#username',
        password: 'prod/bag#password',
      },
    );
  });

  it('say which secrets there are although nothing else makes sense', () => {
    assert.deepEqual(readSecretNames({ READING_LIST: 'readwise' }), ['READWISE_TOKEN']);
    assert.deepEqual(readSecretNames({ READING_LIST: 'nothing' }), ['POCKET_KEY', 'POCKET_TOKEN']);
  });

  it('ask for the time that is left', () => {
    assert.equal(readSettings({ ...linkding, TIME_LEFT: 'true' }).speed.timeLeft, true);
  });

  it('let a tag be that the service only rewrites', () => {
    assert.equal(
      readSettings({ ...linkding, BANDS: 'A Quick Read:2, long' }).rules.bands[0]?.tag,
      'A Quick Read',
    );
  });

  it('take the same names for two tags where capitals count', () =>
    assert.equal(readSettings({ ...karakeep, BANDS: 'read:2, Read' }).rules.longestTag, 'Read'));

  const longTags: [why: string, env: Environment][] = [
    ['as long as linkding keeps it', { ...linkding, BANDS: `short:2, ${'x'.repeat(64)}` }],
    ['as long in emoji', { ...linkding, BANDS: `short:2, ${'\u{1F600}'.repeat(64)}` }],
    ['of 300 characters, which Karakeep keeps', { ...karakeep, BANDS: `short:2, ${'x'.repeat(300)}` }],
  ];
  for (const [why, env] of longTags)
    it(`take a tag ${why}`, () => assert.equal(readSettings(env).rules.bands.length, 1));

  const refused: [why: string, env: Environment, message: RegExp][] = [
    [
      'no address, and a setting for all beside it',
      { READING_LIST: 'karakeep', SECRETS_FROM: 'vault' },
      /SECRETS_FROM "vault": .*KARAKEEP_URL: is not set; give the address of your server, such as https:/,
    ],
    [
      'an address that is none',
      { ...linkding, LINKDING_URL: 'links' },
      /LINKDING_URL "links": is not an http/,
    ],
    [
      'credentials in the address, without repeating them',
      { ...linkding, LINKDING_URL: 'http://me:hush@example.com' },
      /^LINKDING_URL: may hold no credentials/,
    ],
    [
      'two tags that the service keeps as one',
      { ...linkding, BANDS: 'quick read:2, Quick-Read:5, long' },
      /Tag "Quick-Read": the reading list keeps it as "quick-read", and another/,
    ],
    [
      'a tag that is longer than the service keeps, as it keeps it',
      { ...linkding, BANDS: `${'a '.repeat(32)}b:2, long` },
      /Tag "a a .*b": has 65 characters, and the reading list keeps at most 64; give it a shorter name/,
    ],
    [
      'a retired tag of that length',
      { ...linkding, RETIRED_TAGS: 'x'.repeat(65) },
      /Tag "x+": has 65 characters/,
    ],
    [
      'two tags that differ by # alone',
      { ...karakeep, BANDS: '###quick:2, quick' },
      /Tag "quick": the reading list keeps it as "quick", and another/,
    ],
    [
      'a tag of # alone',
      { ...karakeep, BANDS: '## :2, long' },
      /Tag "##": the reading list would keep nothing of it/,
    ],
    [
      'a tag of which nothing is left',
      { READING_LIST: 'karakeep', KARAKEEP_URL: 'http://127.0.0.1', BANDS: '#:2, long' },
      /Tag "#": the reading list would keep nothing of it/,
    ],
    [
      'a folder that is no id',
      { READING_LIST: 'instapaper', INSTAPAPER_FOLDERS: 'Home' },
      /INSTAPAPER_FOLDERS "Home": is not a list of folder ids/,
    ],
    [
      'a collection that is none',
      { READING_LIST: 'raindrop', RAINDROP_COLLECTION: 'all' },
      /RAINDROP_COLLECTION "all": is not a collection/,
    ],
    [
      'a collection by its name',
      {
        READING_LIST: 'linkwarden',
        LINKWARDEN_URL: 'http://127.0.0.1',
        LINKWARDEN_COLLECTION: 'Unorganized',
      },
      /LINKWARDEN_COLLECTION "Unorganized": is not a collection; give its id/,
    ],
    [
      'a tag that is longer than Linkwarden keeps',
      { READING_LIST: 'linkwarden', LINKWARDEN_URL: 'http://127.0.0.1', BANDS: `short:2, ${'x'.repeat(51)}` },
      /has 51 characters, and the reading list keeps at most 50/,
    ],
    ['a service nobody knows', { READING_LIST: 'x' }, /choose: pocket, karakeep, .*linkding/],
    [
      'what is neither true nor false',
      { ...linkding, TIME_LEFT: 'yes' },
      /TIME_LEFT "yes": choose true or false/,
    ],
  ];
  for (const [why, env, message] of refused) {
    it(`refuse ${why}`, () => assert.throws(() => readSettings(env), { kind: 'settings', message }));
  }
});

describe('tags that contradict each other', () => {
  /** Two names that the service keeps as one; `undefined`: it keeps every name as it is. */
  const keptAsOne: Readonly<Record<ServiceName, readonly [string, string] | undefined>> = {
    pocket: ['quick', 'Quick'],
    karakeep: ['quick', '#quick'],
    readeck: undefined,
    readwise: ['quick', 'Quick'],
    instapaper: ['quick', 'Quick'],
    raindrop: ['quick', 'Quick'],
    wallabag: ['quick', 'Quick'],
    linkding: ['quick read', 'quick-read'],
    linkwarden: undefined,
    shiori: ['quick', 'Quick'],
    omnivore: ['quick', 'Quick'],
  };
  for (const [service, pair] of Object.entries(keptAsOne)) {
    const variable = service === 'pocket' ? 'POCKET_API_URL' : `${service.toUpperCase()}_URL`;
    const env = { READING_LIST: service, [variable]: 'http://127.0.0.1/v3' };
    const refused: [why: string, env: Environment][] = [
      ['the same band twice', { BANDS: 'quick:2, quick' }],
      ['a band that is retired', { BANDS: 'quick:2, long', RETIRED_TAGS: 'quick' }],
    ];
    if (pair) {
      const [one, other] = pair;
      refused.push(
        ['two bands that it keeps as one', { BANDS: `${one}:2, ${other}` }],
        ['a retired tag that it keeps as a band', { BANDS: `${one}:2, long`, RETIRED_TAGS: other }],
        ['a video tag that it keeps as a band', { BANDS: `${one}:2, long`, VIDEO_TAG: other }],
      );
    }
    for (const [why, tags] of refused)
      it(`are refused for ${service}: ${why}`, () =>
        assert.throws(() => readSettings({ ...env, ...tags }), { kind: 'settings' }));

    it(`are not all tags of ${service}`, () => {
      const tags = { BANDS: 'quick:2, long', RETIRED_TAGS: 'old' };
      assert.equal(readSettings({ ...env, ...tags }).rules.longestTag, 'long');
    });
  }

  it('stop a run before its first call', async () => {
    const under = await pocketWith(articles(1));
    const env = { ...environmentFor(under.server), BANDS: 'quick:2, quick' };
    const refused = await runIn(env).catch(({ kind }) => kind);
    const calls = under.server.callCount();
    await under.close();
    assert.deepEqual([refused, calls], ['settings', 0]);
  });
});
