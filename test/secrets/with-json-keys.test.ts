import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { Failure } from '../../lib/failure.ts';
import { pastedWrongly, withJsonKeys } from '../../lib/secrets/with-json-keys.ts';
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
    ['plaintext without the byte order mark that an editor puts before it', 'A', '\uFEFFkey', 'key'],
    ['a byte order mark inside, which is part of it', 'A', 'k\uFEFFey', 'k\uFEFFey'],
    ['one key of JSON with a byte order mark', 'A#k', '\uFEFF{"k":"v"}', 'v'],
    ['JSON as plaintext when no key is asked for', 'A', '{"k":"v"}', '{"k":"v"}'],
  ];
  for (const [why, name, stored, text] of rows) {
    it(`is ${why}`, async () => assert.equal(await textOf(name, stored), text));
  }

  const placeholder = '{"readtime-tagger":"placeholder","generated":"S3CRET"}';
  const failures: [why: string, name: string, stored: string, problem: string, set?: string][] = [
    ['empty', 'A', '', '"A" is empty'],
    ['blank', 'A', ' \n\t\n', '"A" is empty'],
    ['a blank key', 'A#k', '{"k":" "}', '"A#k" is empty'],
    ['a placeholder', 'A', placeholder, '"A" still holds its placeholder'],
    [
      'a placeholder where a key is asked for',
      'A#k',
      placeholder,
      '"A" still holds its placeholder',
      'A (a JSON object)',
    ],
    ['without the key', 'A#k', '{"S3CRET":1}', '"A" has no key "k"'],
    ['without the key, but a method of objects', 'A#toString', '{"k":"S3CRET"}', '"A" has no key "toString"'],
    ...['S3CRET', '5', 'null', '["S3CRET"]', '{"0":"S3CRET"'].map(
      (text): [string, string, string, string, string] => [
        `not a JSON object, but ${text}, where a key is asked for`,
        'A#0',
        text,
        '"A" is not a JSON object',
        'A (a JSON object)',
      ],
    ),
    ...[`'{"k":"S3CRET"}'`, '"{\\"k\\":\\"S3CRET\\"}"', '“{"k":"S3CRET"}”', '"S3CRET" '].map(
      (text): [string, string, string, string, string] => [
        `a JSON object in quotes: ${text}`,
        'A#k',
        text,
        '"A" is in quotes, and so not a JSON object',
        'A (a JSON object)',
      ],
    ),
    ['an object under the key', 'A#k', '{"k":{"S3CRET":1}}', '"A": key "k" is neither text nor a number'],
  ];
  for (const [why, name, stored, problem, set = name] of failures) {
    it(`is refused when it is ${why}, without a word of it`, async () => {
      await assert.rejects(textOf(name, stored), (error) => {
        assert.ok(error instanceof Failure);
        assert.equal(error.kind, 'credentials');
        assert.equal(error.message, `Secret ${problem}; set it with: SET ${set}`);
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

describe('a plain secret that was pasted with more than its value', () => {
  const json = "holds JSON, as the console's key/value editor stores it, .*; name it as A#KEY, .*";
  const rows: [why: string, text: string, problem: string | undefined][] = [
    ['the console’s key/value editor', '{"POCKET_KEY":"S3CRET"}', json],
    ['the same with two keys', '{"a":"S3CRET","b":"S3CRET"}', json],
    ['straight quotes', '"S3CRET"', 'is in quotes'],
    ['single quotes, and a line break behind them', "'S3CRET'\n", 'is in quotes'],
    ['quotes of a word processor', '“S3CRET”', 'is in quotes'],
    ['those of German', ' „S3CRET“', 'is in quotes'],
    ['single ones of a word processor', '‘S3CRET’', 'is in quotes'],
    ['two lines', 'S3CRET\nS3CRET', 'holds line breaks or letters that no token has'],
    ['a space without width, as pages have it', 'S3C\u200BRET', 'holds line breaks or letters'],
    ['nothing more', 'S3CRET', undefined],
    ['a quote at one end, which may belong to it', 'S3CRET"', undefined],
    ['base64 with its padding', 'UzNDUkVU/+==', undefined],
    ['JSON that is no object', '5', undefined],
  ];
  for (const [why, text, problem] of rows)
    it(`${problem ? 'is told' : 'is not seen'}: ${why}`, () => {
      const told = pastedWrongly('A', text, 'SET A');
      assert.match(
        told ?? 'undefined',
        new RegExp(problem ? `^Secret "A" ${problem}.* SET A$` : '^undefined$'),
      );
      assert.doesNotMatch(told ?? '', /S3C/);
    });
});
