import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parse } from 'yaml';
import { parameterProblems } from '../../lib/deploy/parameters.ts';
import { regionProblems } from '../../lib/deploy/regions.ts';

const TOKEN = 'ak2_3f9c0e7b21d84a6f95c0_d7e41b8f60a2c9537e18b4d6f0a3c952';

describe('parameterProblems', () => {
  const good: [name: string, value: string, why: string][] = [
    ['createSecrets', 'true', 'as text of YAML'],
    ['existingSecrets', '', 'none'],
    ['existingSecrets', 'prod/pocket/key, prod/pocket/token', 'names'],
    ['recentRate', 'rate(5 minutes)', 'the fastest'],
    ['recentRate', 'rate(2 days)', 'the slowest'],
    ['fullSchedule', 'cron(0 14 ? * SUN *)', 'the default'],
    ['timeZone', 'UTC', 'the default'],
    ['timeZone', 'Europe/Berlin', 'a city'],
    ['timeZone', 'Asia/Kolkata', 'a name that some call an alias'],
    ['timeZone', 'America/Argentina/Buenos_Aires', 'three parts'],
    ['timeZone', 'Etc/GMT+1', 'an offset by name'],
    ['schedules', 'DISABLED', 'a stage run by hand'],
    ['alarmMail', '', 'no mail'],
    ['alarmMail', 'me+aws@mail.example.com', 'a tag in the address'],
    ['logRetentionDays', '3653', 'the longest'],
    ['memoryMb', '128', 'the least'],
    ['memoryMb', '10240', 'the most'],
    ['reservedConcurrency', '', 'none, the default'],
    ['reservedConcurrency', '1', 'one run at once'],
    ['accounts', 'true', 'a stage for many'],
    ['accountsAllowHosts', '', 'none, the default'],
    ['accountsAllowHosts', 'karakeep.home.arpa:3000, 10.0.0.7:8080,[fd00::7]:80', 'names and addresses'],
    ['accountMinutes', '2', 'the least'],
    ['accountMinutes', '120', 'an hour for each kind of runs'],
    ['accountCalls', '1000', 'the least'],
    ['accountCalls', '1000000', 'the most'],
    ['ofAnother', 'x', 'what has no check'],
  ];
  for (const [name, value, why] of good)
    it(`takes ${name} "${value}" (${why})`, () => assert.deepEqual(parameterProblems({ [name]: value }), []));

  const wrong: [name: string, value: string, problem: RegExp, why: string][] = [
    ['createSecrets', 'yes', /^createSecrets "yes": choose true or false$/, 'another word'],
    ['alarmKey', '1', /choose true or false/, 'a number'],
    ['dashboard', 'True', /choose true or false/, 'a capital letter'],
    ['tracing', 'Active', /choose true or false/, 'a word of AWS'],
    ['existingSecrets', 'prod/*', /is not a secret's name/, 'a wildcard'],
    ['recentRate', 'hourly', /"hourly": is not a rate between 5 minutes and 2 days/, 'a word'],
    ['recentRate', 'rate(4 minutes)', /is not a rate between/, 'just too often'],
    ['recentRate', 'rate(49 hours)', /is not a rate between/, 'just too seldom'],
    ['recentRate', 'rate(1 hours)', /is not a rate; give one such as "rate\(1 hour\)"/, 'the plural of one'],
    ['fullSchedule', 'cron(0 14 * * SUN *)', /^fullSchedule "cron.*": either the day/, 'both days'],
    ['timeZone', 'Berlin', /^timeZone "Berlin": .* did you mean Europe\/Berlin\?$/, 'a city alone'],
    ['timeZone', 'Europe/Berln', /did you mean Europe\/Berlin\?/, 'a typing mistake'],
    ['timeZone', 'europe/berlin', /did you mean Europe\/Berlin\?/, 'small letters, which AWS does not take'],
    ['timeZone', 'EUROPE/BERLIN', /did you mean Europe\/Berlin\?/, 'capital letters'],
    ['timeZone', '+01:00', /is not a name/, 'an offset, which Intl takes'],
    ['timeZone', '', /^timeZone: is not a name/, 'nothing'],
    ['schedules', 'ENABELD', /^schedules "ENABELD": choose ENABLED or DISABLED$/, 'a typing mistake'],
    ['schedules', 'enabled', /choose ENABLED/, 'small letters, which AWS does not take'],
    ['alarmMail', 'me.example.com', /^alarmMail "me.example.com": is not a mail address/, 'no @'],
    ['alarmMail', 'Me <me@example.com>', /is not a mail address/, 'a name before it'],
    ['logRetentionDays', '31', /choose 1, 3, 5, .* 3653 days$/, 'a month'],
    ['memoryMb', '127', /give whole MB from 128 to 10240/, 'one below the least'],
    ['memoryMb', '10241', /give whole MB from 128 to 10240/, 'one above the most'],
    ['memoryMb', '256.5', /give whole MB/, 'half a MB'],
    ['reservedConcurrency', '0', /give 1, or leave it out/, 'a function that may never run'],
    ['reservedConcurrency', 'true', /give 1, or leave it out/, 'not a number'],
    ['accounts', 'many', /^accounts "many": choose true or false$/, 'another word'],
    ['accountsAllowHosts', 'karakeep.home.arpa', /is not hosts with their ports; give one such/, 'no port'],
    ['accountsAllowHosts', 'http://karakeep.home.arpa:3000', /is not hosts/, 'an address of a page'],
    ['accountsAllowHosts', 'a.home.arpa:3000,', /is not hosts/, 'a comma at the end'],
    ['accountsAllowHosts', 'a.home.arpa:3000 b.home.arpa:80', /is not hosts/, 'a space between two'],
    ['accountsAllowHosts', '*.home.arpa:3000', /is not hosts/, 'a wildcard'],
    ['accountsAllowHosts', 'a.home.arpa:70000', /is not hosts/, 'no port of TCP'],
    ['accountMinutes', '1', /give a whole one from 2 to 120, such as 15/, 'one below the least'],
    ['accountMinutes', '121', /give a whole one/, 'one above the most'],
    ['accountMinutes', '', /^accountMinutes: is not a number of minutes an hour/, 'nothing'],
    ['accountCalls', '999', /give a whole one from 1000 to 1000000, such as 3000/, 'one below the least'],
    ['accountCalls', '1000001', /give a whole one/, 'one above the most'],
    ['accountCalls', '3,000', /give a whole one/, 'a comma'],
  ];
  for (const [name, value, problem, why] of wrong)
    it(`refuses ${name} "${value}" (${why})`, () => {
      const problems = parameterProblems({ [name]: value });
      assert.equal(problems.length, 1);
      assert.match(problems[0] ?? '', problem);
    });

  it('shows no value that may be a token', () => {
    const problems = parameterProblems({ alarmMail: TOKEN, timeZone: TOKEN, schedules: TOKEN });
    assert.equal(problems.length, 3);
    assert.doesNotMatch(problems.join(), /3f9c0e7b/);
  });
});

describe('regionProblems', () => {
  for (const region of ['eu-central-1', 'us-east-1', 'cn-north-1', 'us-gov-west-1'])
    it(`takes ${region}`, () => assert.deepEqual(regionProblems(region), []));
  it('names the nearest one for a typing mistake', () =>
    assert.match(
      regionProblems('eu-cental-1').join(),
      /^Region "eu-cental-1": .*did you mean eu-central-1\?/,
    ));
});

describe('the settings of a stage', () => {
  const settingsOf = createRequire(import.meta.url)('../../infra/function-settings.cjs');
  const DEFAULTS: Record<string, string> = {
    ...parse(readFileSync('serverless.yml', 'utf8'), { logLevel: 'error' }).params.default,
    readingList: 'pocket',
  };
  /** As serverless would resolve them, with these parameters of the stage `prod`. */
  const resolved = (parameters: Record<string, string>, region = 'eu-central-1') =>
    settingsOf({
      options: {},
      resolveConfigurationProperty: async () => ({ default: DEFAULTS, prod: parameters }),
      resolveVariable: async (address: string) => {
        const all: Record<string, string> = { ...DEFAULTS, ...parameters };
        const [, name = ''] = /^param:(\w+)/.exec(address) ?? [];
        return { 'sls:stage': 'prod', 'self:provider.region': region }[address] ?? all[name] ?? '';
      },
    });

  it('are refused with every problem at once, a line each: of names, values, secrets and settings', () =>
    assert.rejects(
      resolved(
        {
          wordPerMinute: '300',
          alarmEmail: 'me@example.com',
          timeZone: 'Berlin',
          schedules: 'ON',
          pocketKeySecret: 'a b',
          bands: 'x:3',
        },
        'eu-cental-1',
      ),
      ({ message }: Error) => {
        const lines = message.split('\n').map((line) => line.split(/: /)[0]);
        assert.deepEqual(lines, [
          'Parameter "wordPerMinute"',
          'Parameter "alarmEmail"',
          'timeZone "Berlin"',
          'schedules "ON"',
          'Region "eu-cental-1"',
          'pocketKeySecret',
          'BANDS "x:3"',
        ]);
        assert.match(message, /did you mean wordsPerMinute\?\n.*did you mean alarmMail\?/);
        return true;
      },
    ));

  it('resolve no parameter where a token stands in the place of one, which serverless would show', () =>
    assert.rejects(
      settingsOf({
        options: { param: [TOKEN] },
        resolveConfigurationProperty: async () => ({ default: DEFAULTS }),
        resolveVariable: async () => {
          throw new Error(TOKEN);
        },
      }),
      { message: /^A parameter is not known, and not shown/ },
    ));

  it('name the accounts where a stage has any, and say nothing of them where it has none', async () => {
    const { environment } = await resolved({ accounts: 'true', accountCalls: '5000' });
    assert.partialDeepStrictEqual(environment, {
      ACCOUNTS: 'prod/accounts',
      ACCOUNT_MINUTES: '15',
      ACCOUNT_CALLS: '5000',
    });
    assert.ok(!('ACCOUNTS_ALLOW_HOSTS' in environment));
    const { environment: without } = await resolved({ accountCalls: '5000' });
    assert.deepEqual(
      Object.keys(without).filter((name) => name.startsWith('ACCOUNT')),
      [],
    );
  });

  it('may lack what only a run needs: a template can be made without an address', async () => {
    const { environment } = await resolved({ timeZone: 'Europe/Berlin' });
    assert.equal(environment.POCKET_KEY_SECRET, 'POCKET_KEY');
  });
});
