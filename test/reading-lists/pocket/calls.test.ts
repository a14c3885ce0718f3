import assert from 'node:assert/strict';
import { Failure } from '../../../lib/failure.ts';
import type { HttpResponse } from '../../../lib/http/request.ts';
import { classifyPocketResponse, isTooLarge, limitResetMs } from '../../../lib/reading-lists/pocket/calls.ts';

const URL_OF_SERVER = 'https://pocket.example/v3';
const GET = 'POST https://pocket.example/v3/get';
const SEND = 'POST https://pocket.example/v3/send';

type Given = { status?: number; headers?: Record<string, string>; body?: unknown };
const answer = ({ status = 200, headers = {}, body = {} }: Given): HttpResponse => ({
  status,
  header: (name) => headers[name],
  body,
});

describe('classifyPocketResponse', () => {
  const TOKEN = 'the access token is not valid';
  type Row = [
    why: string,
    path: 'get' | 'send',
    given: Given,
    found?: [kind: string, message: string, status: number],
  ];
  const code = (text: string) => ({ status: 401, headers: { 'x-error-code': text } });
  const rows: Row[] = [
    ['a list', 'get', { body: { list: {} } }],
    ['a list, and no error', 'get', { body: { list: {}, error: null } }],
    ['an error that is empty', 'get', { body: { list: {}, error: '' } }],
    ['an error of zero', 'get', { body: { list: {}, error: 0 } }],
    ['results', 'send', { body: { action_results: [] } }],
    [
      'results, and errors that are no refusal',
      'send',
      { body: { action_results: [], action_errors: [null, { code: 1 }] } },
    ],
    [
      'a code that every object knows',
      'get',
      { headers: { 'x-error-code': 'constructor' }, body: { list: {} } },
    ],
    ['errors of actions that are no list', 'send', { body: { action_results: [], action_errors: {} } }],
    [
      'nothing at the address',
      'get',
      { status: 404 },
      ['settings', `${GET}: answered 404; is POCKET_API_URL right, up to and including /v3?`, 404],
    ],
    ['a token, by number', 'get', code('107'), ['credentials', `${GET}: ${TOKEN}`, 401]],
    ['a token, by the later number', 'get', code('5200'), ['credentials', `${GET}: ${TOKEN}`, 401]],
    ['no key', 'get', code('132'), ['credentials', `${GET}: the consumer key is missing`, 401]],
    [
      'no key, in another way',
      'get',
      code('138'),
      ['credentials', `${GET}: the consumer key is missing`, 401],
    ],
    ['a key', 'get', code('152'), ['credentials', `${GET}: the consumer key is not valid`, 401]],
    ['both', 'get', code('136'), ['credentials', `${GET}: the credentials are not valid`, 401]],
    [
      'a token inside HTTP 200, action by action',
      'send',
      { body: { action_results: [false], action_errors: [null, { code: 5200 }] } },
      ['credentials', `${SEND}: ${TOKEN}`, 200],
    ],
    [
      'a token inside HTTP 200, in words',
      'get',
      { body: { error: 'You must have a Valid Access Token' } },
      ['credentials', `${GET}: ${TOKEN}`, 200],
    ],
    [
      'no right, in words',
      'get',
      { body: { error: 'Not Authorized' } },
      ['credentials', `${GET}: ${TOKEN}`, 200],
    ],
    [
      'an error inside HTTP 200',
      'get',
      { body: { list: {}, error: 'oops' } },
      ['unavailable', `${GET}: an error inside HTTP 200`, 200],
    ],
    [
      'a page that is too large, inside HTTP 200',
      'get',
      { body: { error: 'Payload too large' } },
      ['unexpected-response', `${GET}: the page is too large`, 413],
    ],
    [
      'a page that is too large, by its number',
      'get',
      { body: { error: 'status 413' } },
      ['unexpected-response', `${GET}: the page is too large`, 413],
    ],
    [
      'a page of HTML',
      'get',
      { body: '<html>' },
      ['unavailable', `${GET}: answered something that is not JSON`, 200],
    ],
    [
      'a list alone',
      'get',
      { body: [] },
      ['unavailable', `${GET}: answered something that is not JSON`, 200],
    ],
    ['null', 'get', { body: null }, ['unavailable', `${GET}: answered something that is not JSON`, 200]],
    [
      'JSON of somebody else',
      'get',
      { body: { action_results: [] } },
      ['unexpected-response', `${GET}: the answer has no "list"; is this a Pocket v3 server?`, 200],
    ],
    [
      'JSON of somebody else, to a write',
      'send',
      { body: { list: {} } },
      [
        'unexpected-response',
        `${SEND}: the answer has no "action_results"; is this a Pocket v3 server?`,
        200,
      ],
    ],
  ];
  for (const [why, path, given, found] of rows)
    it(`finds ${found ? `${found[0]} in ${why}` : `nothing wrong with ${why}`}`, () => {
      const failure = classifyPocketResponse(path, URL_OF_SERVER, answer(given));
      assert.deepEqual(failure && [failure.kind, failure.message, failure.status], found);
    });

  it('tells the limit on calls from a refusal, and for how long', () => {
    const headers = { 'x-limit-user-remaining': '0', 'x-limit-user-reset': '61' };
    const failure = classifyPocketResponse('get', URL_OF_SERVER, answer({ status: 403, headers }));
    assert.deepEqual(
      [failure?.kind, failure?.message, failure?.retryAfterMs, failure?.status],
      ['unavailable', `${GET}: the limit on calls is reached, for another 2 min`, 61_000, 403],
    );
    const refused = classifyPocketResponse('get', URL_OF_SERVER, answer({ status: 403 }));
    assert.equal(refused?.kind, 'credentials');
  });
});

describe('limitResetMs', () => {
  const rows: [why: string, headers: Record<string, string>, ms: number | undefined][] = [
    ['no limits', {}, undefined],
    ['calls left', { 'x-limit-user-remaining': '1', 'x-limit-user-reset': '9' }, undefined],
    ['none left for the user', { 'x-limit-user-remaining': '0', 'x-limit-user-reset': '9' }, 9000],
    ['none left for the key', { 'x-limit-key-remaining': '0', 'x-limit-key-reset': '7' }, 7000],
    [
      'none left for either: the longer wait',
      {
        'x-limit-user-remaining': '0',
        'x-limit-user-reset': '9',
        'x-limit-key-remaining': '0',
        'x-limit-key-reset': '7',
      },
      9000,
    ],
    ['none left, and no word of when', { 'x-limit-user-remaining': '0' }, 0],
    ['a reset alone', { 'x-limit-user-reset': '9' }, undefined],
  ];
  for (const [why, headers, ms] of rows)
    it(`is ${ms}: ${why}`, () => assert.equal(limitResetMs(answer({ headers })), ms));
});

describe('isTooLarge', () => {
  it('is so by the status alone', () => {
    assert.ok(isTooLarge(new Failure('unavailable', 'x', { status: 413 })));
    assert.ok(!isTooLarge(new Failure('unavailable', 'x', { status: 414 })));
    assert.ok(!isTooLarge(new Error('413')));
  });
});
