import assert from 'node:assert/strict';
import { Failure } from '../../lib/failure.ts';
import type { HttpResponse, RequestSpec } from '../../lib/http/request.ts';
import { classifyListing, isAboutItem, overLimit, tokenCall } from '../../lib/reading-lists/api-call.ts';
import { NO_DEADLINE } from '../helpers/pocket.ts';

const BASE = 'https://links.example/api';
const CALL = 'GET https://links.example/api/items';

type Given = { status?: number; body?: unknown; location?: string };
const answer = ({ status = 200, body = {}, location }: Given): HttpResponse => ({
  status,
  header: () => location,
  body,
});
const told = (failure: Failure | undefined) => failure && [failure.kind, failure.message, failure.status];

describe('a call with a token', () => {
  /** The request of one call, and what was found wrong with the answer to it. */
  async function called(
    given: Given,
    more: { expects?: 'fragment'; classifyResponse?: (answer: HttpResponse) => undefined },
  ) {
    const sent: RequestSpec[] = [];
    const call = tokenCall(
      {
        request: async (spec) => {
          sent.push(spec);
          return answer(given);
        },
        credentials: { use: (make) => make({ token: 'token-5678' }) },
      },
      { base: BASE, scheme: 'Bearer' },
    );
    await call({ method: 'GET', path: '/items', ...more }, NO_DEADLINE);
    return { sent: sent[0], failure: sent[0]?.classifyResponse?.(answer(given)) };
  }

  it('goes to the address below the base, with the token', async () => {
    const { sent } = await called({}, {});
    assert.deepEqual(
      [sent?.method, sent?.url, sent?.headers],
      ['GET', `${BASE}/items`, { Authorization: 'Bearer token-5678' }],
    );
  });

  const NOT_JSON = ['unavailable', `${CALL}: answered something that is not JSON`, 200];
  const WHOLE = ['unavailable', `${CALL}: answered a whole page instead of an article`, 200];
  const judged: [why: string, expects: 'fragment' | undefined, given: Given, found: unknown][] = [
    ['JSON', undefined, { body: { a: 1 } }, undefined],
    ['nothing at all, as to a DELETE', undefined, { status: 204, body: '' }, undefined],
    ['a page of HTML', undefined, { body: '<html>' }, NOT_JSON],
    ['an answer cut to nothing', undefined, { body: '' }, NOT_JSON],
    [
      'a page of HTML with a status that says what it is',
      undefined,
      { status: 503, body: '<html>' },
      ['unavailable', `${CALL}: answered 503`, 503],
    ],
    ['part of a page', 'fragment', { body: '<section><p>word</p></section>' }, undefined],
    ['nothing, where there is no article', 'fragment', { body: '' }, undefined],
    ['part of a page, about HTML', 'fragment', { body: '<p>Begin with</p><pre> <html></pre>' }, undefined],
    ['words before the name of a tag', 'fragment', { body: 'So<html' }, undefined],
    ['a whole page', 'fragment', { body: '<html><p>Log in</p></html>' }, WHOLE],
    ['a whole page by its first line', 'fragment', { body: '<!DOCTYPE html><p>Log in' }, WHOLE],
    ['a whole page behind empty lines', 'fragment', { body: '\n\n  <html>' }, WHOLE],
    [
      'a part with a status that says what it is',
      'fragment',
      { status: 404, body: '<p>gone</p>' },
      ['unexpected-response', `${CALL}: answered 404`, 404],
    ],
  ];
  for (const [why, expects, given, found] of judged)
    it(`finds ${found ? 'trouble in' : 'nothing wrong with'} ${why}`, async () => {
      const { failure } = await called(given, expects ? { expects } : {});
      assert.deepEqual(told(failure), found);
    });

  it('is judged as the call asks for', async () => {
    const { failure } = await called({ status: 503 }, { classifyResponse: () => undefined });
    assert.equal(failure, undefined);
  });
});

describe('a listing', () => {
  const classifyResponse = classifyListing(`${BASE}/items`, 'LINKS_URL');
  const rows: [why: string, given: Given, found: unknown][] = [
    ['JSON', {}, undefined],
    [
      'nothing at the address',
      { status: 404 },
      ['settings', `${CALL}: answered 404; is LINKS_URL right?`, 404],
    ],
    [
      'a page of HTML',
      { body: '<html>' },
      ['unavailable', `${CALL}: answered something that is not JSON; is LINKS_URL right?`, 200],
    ],
    [
      'a redirect to TLS',
      { status: 301, location: 'https://other.example/login?token=t' },
      ['settings', `${CALL}: answered 301, a redirect to https://other.example; is LINKS_URL right?`, 301],
    ],
    [
      'a redirect to a page of its own',
      { status: 302, location: '/login' },
      ['settings', `${CALL}: answered 302, a redirect; is LINKS_URL right?`, 302],
    ],
    [
      'a redirect to nowhere',
      { status: 302 },
      ['settings', `${CALL}: answered 302, a redirect; is LINKS_URL right?`, 302],
    ],
    ['a refusal', { status: 401 }, ['credentials', `${CALL}: answered 401, credentials refused`, 401]],
  ];
  for (const [why, given, found] of rows)
    it(`finds ${found ? 'trouble in' : 'nothing wrong with'} ${why}`, () =>
      assert.deepEqual(told(classifyResponse(answer(given))), found));
});

describe('a failure', () => {
  const of = (kind: Failure['kind'], status?: number) =>
    new Failure(kind, 'x', status === undefined ? {} : { status });
  const rows: [why: string, error: unknown, isAbout: boolean][] = [
    ['the item is gone', of('unexpected-response', 404), true],
    ['the change is not taken, with the least of such numbers', of('unexpected-response', 400), true],
    ['the service sends elsewhere', of('unexpected-response', 302), false],
    ['the answer has another shape', of('unexpected-response'), false],
    ['the service is down', of('unavailable', 503), false],
    ['the token is refused', of('credentials', 401), false],
    ['the code is wrong', new TypeError('x'), false],
  ];
  for (const [why, error, isAbout] of rows)
    it(`is ${isAbout ? '' : 'not '}about one item alone: ${why}`, () =>
      assert.equal(isAboutItem(error), isAbout));

  it('over the limit says for how long', () => {
    const failure = overLimit(CALL, 7000);
    assert.deepEqual(
      [...(told(failure) ?? []), failure.retryAfterMs],
      ['unavailable', `${CALL}: answered 429`, 429, 7000],
    );
  });
});
