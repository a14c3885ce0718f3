import assert from 'node:assert/strict';
import { Failure } from '../../../lib/failure.ts';
import type { HttpResponse } from '../../../lib/http/request.ts';
import { isTooLarge } from '../../../lib/reading-lists/api-call.ts';
import { classifyPocketResponse, limitResetMs } from '../../../lib/reading-lists/pocket/calls.ts';

const URL_OF_SERVER = 'https://pocket.example/v3';
const GET = 'POST https://pocket.example/v3/get';

type Given = { status?: number; headers?: Record<string, string>; body?: unknown };
const answer = ({ status = 200, headers = {}, body = {} }: Given): HttpResponse => ({
  status,
  header: (name) => headers[name],
  body,
});

describe('classifyPocketResponse', () => {
  type Row = [why: string, path: 'get' | 'send', given: Given, found?: [kind: string, status: number]];
  // A status that alone would be another failure.
  const code = (text: string) => ({ status: 400, headers: { 'x-error-code': text } });
  const rows: Row[] = [
    ['a list', 'get', { body: { list: {} } }],
    ['a list, and no error', 'get', { body: { list: {}, error: null } }],
    ['an error that is empty', 'get', { body: { list: {}, error: '' } }],
    ['an error of zero', 'get', { body: { list: {}, error: 0 } }],
    ['results', 'send', { body: { action_results: [] } }],
    [
      'errors that are no refusal',
      'send',
      { body: { action_results: [], action_errors: [null, { code: 1 }] } },
    ],
    ['a code named like a method', 'get', { headers: { 'x-error-code': 'constructor' }, body: { list: {} } }],
    ['errors of actions that are no list', 'send', { body: { action_results: [], action_errors: {} } }],
    ['nothing at the address', 'get', { status: 404 }, ['settings', 404]],
    ...['107', '5200', '132', '138', '152', '136'].map(
      (number): Row => [`code ${number}`, 'get', code(number), ['credentials', 400]],
    ),
    [
      'a token inside HTTP 200, action by action',
      'send',
      { body: { action_results: [false], action_errors: [null, { code: 5200 }] } },
      ['credentials', 200],
    ],
    [
      'a token, in words',
      'get',
      { body: { error: 'You must have a Valid Access Token' } },
      ['credentials', 200],
    ],
    ['no right, in words', 'get', { body: { error: 'Not Authorized' } }, ['credentials', 200]],
    ['an error inside HTTP 200', 'get', { body: { list: {}, error: 'oops' } }, ['unavailable', 200]],
    [
      'too large, inside HTTP 200',
      'get',
      { body: { error: 'Payload too large' } },
      ['unexpected-response', 413],
    ],
    ['too large, by its number', 'get', { body: { error: 'status 413' } }, ['unexpected-response', 413]],
    ['a page of HTML', 'get', { body: '<html>' }, ['unavailable', 200]],
    ['an array', 'get', { body: [] }, ['unavailable', 200]],
    ['null', 'get', { body: null }, ['unavailable', 200]],
    ['JSON without a list', 'get', { body: { action_results: [] } }, ['unexpected-response', 200]],
    ['JSON without results', 'send', { body: { list: {} } }, ['unexpected-response', 200]],
  ];
  for (const [why, path, given, found] of rows)
    it(`finds ${found ? `${found[0]} in ${why}` : `nothing wrong with ${why}`}`, () => {
      const failure = classifyPocketResponse(path, URL_OF_SERVER, answer(given));
      assert.deepEqual(failure && [failure.kind, failure.status], found);
      if (failure) assert.ok(failure.message.startsWith(`POST ${URL_OF_SERVER}/${path}: `));
    });

  it('says which credential is wrong, and nothing that the server sent', () => {
    for (const [number, whose] of [
      ['107', 'token'],
      ['5200', 'token'],
      ['132', 'consumer key'],
      ['138', 'consumer key'],
      ['152', 'consumer key'],
      ['136', 'credentials'],
    ] as const) {
      const given = { ...code(number), body: { error: 'secret-1234' } };
      const { message = '' } = classifyPocketResponse('get', URL_OF_SERVER, answer(given)) ?? {};
      assert.ok(message.includes(whose) && !message.includes('secret-1234'), message);
    }
  });

  it('distinguishes a rate limit from a refusal, and says for how long', () => {
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
