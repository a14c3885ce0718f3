import assert from 'node:assert/strict';
import {
  addressSetting,
  type ServiceSetting,
  secretNamesOf,
  textSetting,
} from '../../lib/reading-lists/service-settings.ts';

const own = addressSetting('LINKS_URL');
const hosted = addressSetting('LINKS_URL', 'https://links.example');

/** What a setting makes of a text, or the clause that says why nothing. */
function read({ schema }: ServiceSetting, text: string | undefined): string {
  const { data, error } = schema.safeParse(text);
  return data ?? error?.issues.map(({ message }) => message).join() ?? '';
}

describe('the address of a service', () => {
  it('is that of your own server, which has no default', () => {
    const { variable, meaning, byDefault } = own;
    assert.deepEqual([variable, meaning, byDefault], ['LINKS_URL', 'address of your server', undefined]);
  });

  it('is known beforehand where the service has but one', () => {
    const { variable, meaning, byDefault } = hosted;
    assert.deepEqual(
      [variable, meaning, byDefault],
      ['LINKS_URL', 'address of the service', 'https://links.example'],
    );
  });

  const rows: [why: string, setting: ServiceSetting, text: string | undefined, found: string][] = [
    ['as it is', own, 'https://a.example/base', 'https://a.example/base'],
    ['with a port, and no encryption', own, 'http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['without the slash at the end', own, 'https://a.example/base/', 'https://a.example/base'],
    ['without any of several slashes', own, 'https://a.example/base///', 'https://a.example/base'],
    ['the usual one where none is given', hosted, undefined, 'https://links.example'],
    ['another than the usual one', hosted, 'https://a.example', 'https://a.example'],
    [
      'none, with an example named after the service',
      own,
      undefined,
      'is not set; give the address of your server, such as https://links.example.com',
    ],
    [
      'no address, with an example',
      own,
      'links',
      'is not an http address; give one such as https://links.example.com',
    ],
    [
      'no address, with the usual one for an example',
      hosted,
      'links',
      'is not an http address; give one such as https://links.example',
    ],
    [
      'the address of a file',
      own,
      'file:///etc/hosts',
      'is not an http address; give one such as https://links.example.com',
    ],
    ...(
      [
        ['a name', 'https://me@a.example'],
        ['a password alone', 'https://:hush@a.example'],
        ['a query', 'https://a.example/?page=1'],
        ['a fragment', 'https://a.example/#top'],
      ] as const
    ).map(
      ([why, text]) =>
        [
          `an address with ${why}`,
          own,
          text,
          'may hold no credentials, query or fragment; give one such as https://links.example.com',
        ] as [string, ServiceSetting, string, string],
    ),
  ];
  for (const [why, setting, text, found] of rows)
    it(`is read: ${why}`, () => assert.equal(read(setting, text), found));
});

describe('a text that a service reads', () => {
  const setting = textSetting('LINKS_SHELF', {
    meaning: 'number of the shelf',
    byDefault: '0',
    pattern: /^\s*\d+\s*$/,
    problem: 'is not a shelf',
  });
  const rows: [why: string, text: string | undefined, found: string][] = [
    ['as it is', '12', '12'],
    ['without blanks around it', ' 12 ', '12'],
    ['its default where it is not set', undefined, '0'],
    ['what it must not be', 'top', 'is not a shelf'],
  ];
  for (const [why, text, found] of rows)
    it(`is read: ${why}`, () => assert.equal(read(setting, text), found));
});

describe('the names of the secrets of a service', () => {
  const secrets = { token: 'LINKS_TOKEN', id: 'LINKS#id', password: 'LINKS#password' };
  const rows: [why: string, env: Record<string, string>, names: Record<string, string>][] = [
    ['are its own where nothing else is said', {}, secrets],
    ['are its own where a blank is said', { LINKS_TOKEN_SECRET: ' ', LINKS_SECRET: '' }, secrets],
    ['are those that are said', { LINKS_TOKEN_SECRET: '/prod/t' }, { ...secrets, token: '/prod/t' }],
    ['have no blanks around them', { LINKS_TOKEN_SECRET: ' /prod/t\n' }, { ...secrets, token: '/prod/t' }],
    [
      'keep their keys where they stand in one secret',
      { LINKS_SECRET: ' prod/links ' },
      { ...secrets, id: 'prod/links#id', password: 'prod/links#password' },
    ],
  ];
  for (const [why, env, names] of rows)
    it(why, () => assert.deepEqual(secretNamesOf({ secrets }, env), names));
});
