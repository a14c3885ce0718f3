import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type Service, secretVariable } from '../lib/reading-lists/service-settings.ts';
import { SERVICES } from '../lib/reading-lists/services.ts';
import { misspeltVariables, parameterOf } from '../lib/setting-names.ts';
import { readSettings, SETTINGS, stageVariables } from '../lib/settings.ts';
import { terminal } from './helpers/readtime.ts';

/** A row of README.md without code marks and links. */
const plain = (text: string) => text.replace(/\[([^\]]+)\]\([^)]*\)/g, '$1').replaceAll('`', '');
const services = Object.values<Service>(SERVICES);

async function differences(): Promise<string[]> {
  const readme = /^## Settings$([\s\S]*?)^## /m.exec(readFileSync('README.md', 'utf8'))?.[1] ?? '';
  const rows = readme.split('\n').filter((line) => /^\| `/.test(line));
  const row = (name: string, byDefault: string | undefined, meaning: string) =>
    `| ${name} | ${byDefault || 'none'} | ${meaning} |`;
  const pocket: Service = SERVICES.pocket;
  const expected = [
    ...Object.entries(SETTINGS).map(([name, { byDefault, meaning }]) => row(name, byDefault, meaning)),
    ...Object.values(pocket.settings).map((one) => row(one.variable, one.byDefault, one.meaning)),
    row(
      Object.values(pocket.secrets).map(secretVariable).join(', '),
      Object.values(pocket.secrets).join(', '),
      'names of the secrets, never their values',
    ),
  ];
  const at = terminal();
  const { stdout: listed } = await at.readtime(['start', '--list']);
  at.close();
  const listings = services
    .flatMap(({ settings }) => Object.values(settings))
    .filter(({ variable, meaning }) => !meaning || !listed.includes(`${variable}  ${meaning}`))
    .map(({ variable }) => `--list: ${variable}`);
  const serviceDocs = readFileSync('docs/reading-lists.md', 'utf8');
  const undocumented = services
    .flatMap(({ settings }) => Object.values(settings))
    .filter(({ variable }) => !serviceDocs.includes(`\`${variable}`))
    .map(({ variable }) => `docs/reading-lists.md: ${variable}`);
  const yml = readFileSync('serverless.yml', 'utf8');
  const { default: parameters } = parse(yml, { logLevel: 'silent' }).params;
  const stack = Object.keys(parameters).filter((name) => name !== 'readingList');
  const ofAllPrograms = ['HTTPS_PROXY', 'NO_PROXY'];
  const secrets = services.flatMap((service) => Object.values(service.secrets));
  const known = [...stageVariables(), ...secrets, ...ofAllPrograms];
  const example = [...readFileSync('.env.example', 'utf8').matchAll(/^#? ?([A-Z_]+)=/gm)];
  return [
    ...rows
      .map(plain)
      .filter((one) => !expected.includes(one))
      .map((one) => `README.md: ${one}`),
    ...expected.filter((one) => !rows.map(plain).includes(one)).map((one) => `not in README.md: ${one}`),
    ...listings,
    ...undocumented,
    ...(parameters.readingList.includes(`'${SETTINGS.READING_LIST.byDefault}'`)
      ? []
      : ['serverless.yml: readingList']),
    ...stack
      .filter((name) => stageVariables().map(parameterOf).includes(name))
      .map((name) => `serverless.yml: ${name}`),
    ...example.flatMap(([, name = '']) => (known.includes(name) ? [] : [`.env.example: ${name}`])),
  ];
}

describe('The row of a setting', () => {
  it('is what README.md, --list, docs/reading-lists.md, serverless.yml and .env.example say of it', async () =>
    assert.deepEqual(await differences(), []));

  it('gives a default that its schema takes', () => {
    for (const [name, { byDefault, schema }] of Object.entries(SETTINGS))
      assert.ok(schema.safeParse(byDefault).success, name);
  });
});

describe('A misspelt variable', () => {
  const refused: [name: string, intended: string, why: string][] = [
    ['WORD_PER_MINUTE', 'WORDS_PER_MINUTE', 'a letter is missing'],
    ['BAND', 'BANDS', 'a short name'],
    ['RETRIED_TAGS', 'RETIRED_TAGS', 'two letters are swapped'],
    ['max_changes', 'MAX_CHANGES', 'lower case'],
    ['READINGLIST', 'READING_LIST', 'the underscore is missing'],
    ['KARAKEEP_TOKN', 'KARAKEEP_TOKEN', 'the name of a secret, with SECRETS_FROM=env'],
    ['POCKET_SECRET_KEY', 'POCKET_KEY_SECRET', 'its words in another order'],
    ['SECRET_POCKET_KYE', 'SECRET_POCKET_KEY', 'the other variable of a secret, with SECRETS_FROM=env'],
    ['SECRET_KEY_POCKET', 'SECRET_POCKET_KEY', 'its words in another order'],
    ['POCKET_KEYS_SECRET', 'POCKET_KEY_SECRET', 'the variable that names a secret'],
  ];
  for (const [name, intended, why] of refused)
    it(`is refused: ${name} (${why})`, () =>
      assert.throws(() => readSettings({ READING_LIST: 'raindrop', [name]: 'x' }), {
        kind: 'settings',
        message: `${name}: is not a variable of the tagger; did you mean ${intended}?`,
      }));

  const passed: [variables: Record<string, string>, why: string][] = [
    [{ POCKET_HOST: 'x', WORDS: 'x', TAGS: 'x', MAX_MEMORY: 'x', SECRET: 'x' }, 'share a word with ours'],
    [{ LOGLEVEL: 'x', LOG_LEVELS: 'x' }, 'are of many programs'],
    [{ ROCKET_KEY: 'x', HANDS: 'x' }, 'begin with another letter'],
    [{ POCKET_TOKEN_2: 'x' }, 'are numbered'],
    [{ WORD_PER_MINUTE: '' }, 'are not set'],
    [{ POCKET_KEY_SECRET: 'POCKET_KEYS', POCKET_KEYS: 'x' }, 'hold a secret that was given this name'],
  ];
  for (const [variables, why] of passed)
    it(`is none of those that ${why}`, () =>
      assert.deepEqual(misspeltVariables(variables, stageVariables()), []));

  it('is none of our own', () => {
    const secrets = services.flatMap((service) => Object.values(service.secrets));
    const names = [...stageVariables(), ...secrets, ...secrets.map((name) => `SECRET_${name}`)];
    assert.deepEqual(
      misspeltVariables(Object.fromEntries(names.map((name) => [name.split('#')[0], 'x'])), stageVariables()),
      [],
    );
  });
});
