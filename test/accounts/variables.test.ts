import assert from 'node:assert/strict';
import { accountVariableNames, readAccountVariables } from '../../lib/accounts/variables.ts';
import { Failure } from '../../lib/failure.ts';
import type { Service } from '../../lib/reading-lists/service-settings.ts';
import { SERVICES } from '../../lib/reading-lists/services.ts';
import { splitKey } from '../../lib/secrets/get-secret.ts';
import { SETTINGS, stageVariables } from '../../lib/settings.ts';

/** Every variable of the tagger: why an account may have it, or `false` and why not. */
const DECISIONS: Readonly<Record<string, readonly [isAllowed: boolean, why: string]>> = {
  READING_LIST: [true, 'an account is of one service'],
  BANDS: [true, 'how its owner reads'],
  RETIRED_TAGS: [true, 'tags of its own list'],
  VIDEO_TAG: [true, 'how its owner reads'],
  WORDS_PER_MINUTE: [true, 'how its owner reads'],
  CJK_CHARACTERS_PER_MINUTE: [true, 'how its owner reads'],
  CODE: [true, 'how its owner reads'],
  SECONDS_PER_PICTURE: [true, 'how its owner reads'],
  TIME_LEFT: [true, 'how its owner reads'],
  MIN_CONFIDENCE: [true, 'how its owner reads'],
  MAX_CHANGES: [true, 'fewer changes in its own list; the budget is the most that it costs'],
  FETCH_PAGES: [true, 'whether pages of its own list are read'],
  PAGES_RECENT_DAYS: [true, 'which pages of its own list are read'],
  SECRETS_FROM: [false, 'env: the environment of the function would be its secrets'],
  PAGES_ALLOW_HOSTS: [false, 'private addresses are the operator’s'],
  SECRET_MAX_AGE_S: [false, 'the operator answers for what the process keeps'],
  SECRET_MAX_AGE_DAYS: [false, 'the operator answers for the age of secrets'],
  LOG_LEVEL: [false, 'the log is the operator’s'],
  POCKET_API_URL: [true, 'its service'],
  POCKET_KEY: [true, 'its credentials'],
  POCKET_TOKEN: [true, 'its credentials'],
  KARAKEEP_URL: [true, 'its service'],
  KARAKEEP_TOKEN: [true, 'its credentials'],
  READECK_URL: [true, 'its service'],
  READECK_TOKEN: [true, 'its credentials'],
  READWISE_URL: [true, 'its service'],
  READWISE_TOKEN: [true, 'its credentials'],
  INSTAPAPER_URL: [true, 'its service'],
  INSTAPAPER_FOLDERS: [true, 'its service'],
  INSTAPAPER_TOKEN: [true, 'its credentials'],
  RAINDROP_URL: [true, 'its service'],
  RAINDROP_COLLECTION: [true, 'its service'],
  RAINDROP_TOKEN: [true, 'its credentials'],
  WALLABAG_URL: [true, 'its service'],
  WALLABAG: [true, 'its credentials'],
  LINKDING_URL: [true, 'its service'],
  LINKDING_TOKEN: [true, 'its credentials'],
  LINKWARDEN_URL: [true, 'its service'],
  LINKWARDEN_COLLECTION: [true, 'its service'],
  LINKWARDEN_TOKEN: [true, 'its credentials'],
  SHIORI_URL: [true, 'its service'],
  SHIORI: [true, 'its credentials'],
  OMNIVORE_URL: [true, 'its service'],
  OMNIVORE_TOKEN: [true, 'its credentials'],
  ...Object.fromEntries(
    stageVariables()
      .filter((name) => name.endsWith('_SECRET'))
      .map((name) => [name, [false, 'the name of a secret would read that of somebody else']]),
  ),
};

/** Variables that are not the tagger's own, and what is said of them. */
const FOREIGN: readonly [why: string, name: string, message: RegExp][] = [
  ['the key of the function itself', 'AWS_SECRET_ACCESS_KEY', /: AWS_SECRET_ACCESS_KEY is set by who runs/],
  ['whose AWS it is', 'AWS_PROFILE', /: AWS_PROFILE is set by who runs/],
  ['where AWS is asked', 'AWS_ENDPOINT_URL', /: AWS_ENDPOINT_URL is set by who runs/],
  ['a proxy, which sees everything', 'HTTPS_PROXY', /: HTTPS_PROXY is set by who runs/],
  ['a proxy as curl writes it', 'http_proxy', /: http_proxy is set by who runs/],
  ['a proxy for everything', 'all_proxy', /: all_proxy is set by who runs/],
  ['what goes around the proxy', 'NO_PROXY', /: NO_PROXY is set by who runs/],
  ['a secret by its other name', 'SECRET_KARAKEEP_TOKEN', /: SECRET_KARAKEEP_TOKEN is set by who runs/],
  ['the webhook of a list', 'WEBHOOK_TOKEN_SECRET', /: WEBHOOK_TOKEN_SECRET is set by who runs/],
  ['where accounts are', 'ACCOUNTS', /: ACCOUNTS is no variable of an account/],
  ['which private hosts they reach', 'ACCOUNTS_ALLOW_HOSTS', /: ACCOUNTS_ALLOW_HOSTS is no variable/],
  ['how much it may cost', 'ACCOUNT_CALLS', /: ACCOUNT_CALLS is no variable/],
  ['options of Node', 'NODE_OPTIONS', /: NODE_OPTIONS is no variable of an account/],
  ['a variable of the function', 'SCHEDULE_PREFIX', /: SCHEDULE_PREFIX is no variable of an account/],
  [
    'a misspelt name',
    'KARAKEEP_TOKENS',
    /: KARAKEEP_TOKENS is no variable .*; did you mean KARAKEEP_TOKEN\?$/,
  ],
  ['a name in small letters', 'bands', /: bands is no variable of an account; did you mean BANDS\?$/],
  ['the prototype', '__proto__', /: __proto__ is no variable of an account/],
  ['what every object has', 'constructor', /: constructor is no variable of an account/],
  ['what every object has, too', 'hasOwnProperty', /: hasOwnProperty is no variable of an account/],
  [
    'a token in the place of a name',
    'ak2_q7Zp3Lm9Xc1Vb5Nt8Wd4Rf',
    /: a name of a variable is not known, and not/,
  ],
  ['an address with a password', 'https://u:p@example.com', /: a name of a variable is not known, and not/],
  ['a line of .env', 'KARAKEEP_TOKEN=abc', /: a name of a variable is not known, and not/],
  ['nothing', '', /: a name of a variable is not known, and not/],
];

const read = (variables: object) => readAccountVariables('anna', JSON.stringify(variables));

describe('the variables of an account', () => {
  it('are decided on one by one: a new setting, service or secret needs a row here', () => {
    const services = Object.values<Service>(SERVICES);
    const all = [
      ...Object.keys(SETTINGS),
      ...stageVariables(),
      ...services.flatMap(({ settings }) => Object.values(settings).map(({ variable }) => variable)),
      ...services.flatMap(({ secrets }) => Object.values(secrets).map((name) => splitKey(name).name)),
    ];
    assert.deepEqual(Object.keys(DECISIONS).toSorted(), [...new Set(all)].toSorted());
    const allowed = Object.keys(DECISIONS).filter((name) => DECISIONS[name]?.[0]);
    assert.deepEqual(accountVariableNames().toSorted(), allowed.toSorted());
  });

  for (const [name, [isAllowed, why]] of Object.entries(DECISIONS))
    it(`${isAllowed ? 'have' : 'have no'} ${name}: ${why}`, () => {
      if (isAllowed) return assert.deepEqual(read({ [name]: 'text' }), { [name]: 'text' });
      const message = `Account "anna": ${name} is set by who runs the stage, not by an account; remove it`;
      assert.throws(() => read({ [name]: 'S3CRET' }), { name: 'Failure', kind: 'settings', message });
    });

  for (const [why, name, message] of FOREIGN)
    it(`have no ${why}`, () => {
      const json = `{"READING_LIST":"karakeep",${JSON.stringify(name)}:"S3CRET"}`;
      assert.throws(
        () => readAccountVariables('anna', json),
        (error) => {
          assert.ok(error instanceof Failure && error.kind === 'settings');
          assert.match(error.message, message);
          assert.doesNotMatch(error.message, /S3CRET|q7Zp|u:p|=abc/);
          return true;
        },
      );
    });

  const texts: [why: string, value: unknown, text: string][] = [
    ['text as it is', ' a:3, b ', ' a:3, b '],
    ['an empty text, which is no tag for videos', '', ''],
    ['a number', 250, '250'],
    ['a boolean', false, 'false'],
    ['the keys of one secret', { client_id: '1', password: 'p' }, '{"client_id":"1","password":"p"}'],
  ];
  for (const [why, value, text] of texts)
    it(`may be ${why}`, () => assert.deepEqual(read({ BANDS: value }), { BANDS: text }));

  it('may be given as an object, as a module gives them', () => {
    assert.deepEqual(readAccountVariables('anna', { WORDS_PER_MINUTE: '250' }), { WORDS_PER_MINUTE: '250' });
  });

  const neither: [why: string, value: unknown][] = [
    ['nothing', null],
    ['a list', ['S3CRET']],
  ];
  for (const [why, value] of neither)
    it(`may not be ${why}`, () =>
      assert.throws(() => read({ BANDS: value }), {
        kind: 'settings',
        message: 'Account "anna": BANDS is neither text nor a number',
      }));

  for (const json of ['S3CRET', '"S3CRET"', '["S3CRET"]', 'null', '', '{"BANDS":"S3CRET"'])
    it(`are no ${JSON.stringify(json)}, which is not repeated`, () =>
      assert.throws(() => readAccountVariables('anna', json), {
        kind: 'settings',
        message: 'Account "anna": is not a JSON object of variables, such as {"READING_LIST":"karakeep"}',
      }));

  it('are all named at once where several are wrong', () => {
    assert.throws(() => read({ LOG_LEVEL: 'DEBUG', BANDS: [], SECRETS_FROM: 'env' }), {
      message:
        /LOG_LEVEL is set by .*; remove it\. BANDS is neither .*\. SECRETS_FROM is set by .*; remove it$/,
    });
  });

  const sizes: [bytes: number, isTaken: boolean][] = [
    [8192, true],
    [8193, false],
  ];
  for (const [bytes, isTaken] of sizes)
    it(`are ${isTaken ? 'kept' : 'refused'} where they have ${bytes} bytes`, () => {
      const empty = JSON.stringify({ RETIRED_TAGS: '' });
      // Two bytes a letter: it is bytes that are counted.
      const tags = `${'ä'.repeat((bytes - empty.length) >> 1)}${'x'.repeat((bytes - empty.length) % 2)}`;
      assert.equal(Buffer.byteLength(JSON.stringify({ RETIRED_TAGS: tags })), bytes);
      if (isTaken) return assert.equal(read({ RETIRED_TAGS: tags }).RETIRED_TAGS, tags);
      assert.throws(() => read({ RETIRED_TAGS: tags }), {
        kind: 'settings',
        message: /have 8193 bytes, and 8192/,
      });
    });

  it('are of nobody whose name is none', () => {
    assert.throws(() => readAccountVariables('shard-1', '{}'), { kind: 'settings', message: /"shard-1"/ });
  });
});
