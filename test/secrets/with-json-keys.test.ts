import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { Failure } from '../../lib/failure.ts';
import { withJsonKeys } from '../../lib/secrets/with-json-keys.ts';
import { sourceOf, version } from '../helpers/secret-source.ts';

const textOf = async (name: string, text: string) => {
  const { source } = sourceOf({ [name.split('#')[0] ?? '']: { current: version(text, 'v1') } });
  return withJsonKeys(source).getSecret(name);
};

describe('a secret’s text', () => {
  const rows: [why: string, name: string, stored: string, text: string][] = [
    ['plaintext as it is', 'POCKET_KEY', '1234-key', '1234-key'],
    ['one line break at the end dropped, as the console leaves it', 'A', 'key\n', 'key'],
    ['also of Windows', 'A', 'key\r\n', 'key'],
    ['and no more than one', 'A', 'key\n\n', 'key\n'],
    ['a line break within it kept', 'A', 'one\ntwo\n', 'one\ntwo'],
    ['spaces kept: they may belong to it', 'A', ' key ', ' key '],
    ['one key of a JSON secret', '/imdb-etl/omdb-api-key#omdbapi_key', '{"omdbapi_key":"k1"}', 'k1'],
    ['one of several keys', 'prod/aws/bedrock#access_key_id', '{"access_key_id":"a","x":"b"}', 'a'],
    ['a number', 'A#n', '{"n":5}', '5'],
    ['a key with the line break of its value dropped', 'A#k', '{"k":"v\\n"}', 'v'],
    ['a key with a # of its own', 'A#b#c', '{"b#c":"v"}', 'v'],
    ['JSON as plaintext when no key is asked for', 'A', '{"k":"v"}', '{"k":"v"}'],
  ];
  for (const [why, name, stored, text] of rows) {
    it(`is ${why}`, async () => assert.equal(await textOf(name, stored), text));
  }

  const placeholder = '{"readtime-tagger":"placeholder","generated":"S3CRET"}';
  const failures: [why: string, name: string, stored: string, problem: string][] = [
    ['empty', 'A', '', '"A" is empty'],
    ['blank', 'A', ' \n\t\n', '"A" is empty'],
    ['a blank key', 'A#k', '{"k":" "}', '"A#k" is empty'],
    ['a placeholder', 'A', placeholder, '"A" still holds its placeholder'],
    ['a placeholder where a key is asked for', 'A#k', placeholder, '"A" still holds its placeholder'],
    ['without the key', 'A#k', '{"S3CRET":1}', '"A" has no key "k"'],
    ['without the key, but a method of objects', 'A#toString', '{"k":"S3CRET"}', '"A" has no key "toString"'],
    ...['S3CRET', '5', 'null', '"S3CRET"', '["S3CRET"]'].map((text): [string, string, string, string] => [
      `not a JSON object, but ${text}, where a key is asked for`,
      'A#0',
      text,
      '"A" is not a JSON object, so it has no key "0"',
    ]),
    ['an object under the key', 'A#k', '{"k":{"S3CRET":1}}', '"A": key "k" is neither text nor a number'],
  ];
  for (const [why, name, stored, problem] of failures) {
    it(`is refused when it is ${why}, without a word of it`, async () => {
      await assert.rejects(textOf(name, stored), (error) => {
        assert.ok(error instanceof Failure);
        assert.equal(error.kind, 'credentials');
        assert.equal(error.message, `Secret ${problem}; set it with: npm run secrets -- set ${name}`);
        assert.doesNotMatch(inspect(error, { depth: 10, showHidden: true }), /S3CRET/);
        return true;
      });
    });
  }

  it('comes back as it was stored under a key, whatever it is', () =>
    fc.assert(
      fc.asyncProperty(fc.string(), fc.string({ minLength: 1 }), async (key, value) => {
        fc.pre(value.trim() !== '' && !value.endsWith('\n') && key !== 'readtime-tagger');
        assert.equal(await textOf(`A#${key}`, JSON.stringify({ [key]: value })), value);
      }),
    ));
});
