import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { readResponse } from '../../lib/pages/page-response.ts';

const url = (path = '') => new URL(`http://a.example/${path}`);

/** A response as it comes from a socket. */
const response = (statusCode: number | undefined, headers: object = {}, body = '<p>') =>
  Object.assign(Readable.from([Buffer.from(body)]), { statusCode, headers }) as unknown as IncomingMessage;

describe('readResponse', () => {
  const types: [declared: string | undefined, path: string, type: string | undefined][] = [
    [undefined, '', 'text/html'],
    ['', '', 'text/html'],
    ['nonsense', '', 'text/html'],
    ['Text/HTML; charset=x', '', 'text/html'],
    ['application/xhtml+xml', '', 'application/xhtml+xml'],
    ['application/xml', '', 'application/xml'],
    ['text/xml', '', 'text/xml'],
    ['text/plain', '', 'text/plain'],
    ['text/markdown', '', 'text/markdown'],
    ['application/pdf', '', 'application/pdf'],
    ['application/octet-stream', 'a.pdf', 'application/pdf'],
    ['binary/x-download', 'a.PDF', 'application/pdf'],
    ['application/force-download', 'a.pdf', 'application/pdf'],
    ['application/octet-stream', 'a.zip', undefined],
    ['application/octet-stream', 'a.pdf.zip', undefined],
    ['application/octet-streams', 'a.pdf', undefined],
    ['x-application/octet-stream', 'a.pdf', undefined],
    ['image/png', 'a.pdf', undefined],
  ];
  for (const [declared, path, type] of types) {
    it(`takes ${declared} of /${path} for ${type ?? 'no page'}`, async () => {
      const reading = readResponse(response(200, { 'content-type': declared }), url(path), 100);
      if (type === undefined) await assert.rejects(reading, { code: 'not-a-page' });
      else {
        const step = await reading;
        assert.equal(typeof step === 'object' && 'contentType' in step && step.contentType, type);
      }
    });
  }

  it('takes what begins as a PDF for one, whatever it is called', async () => {
    for (const [body, type] of [
      ['%PDF-1.7', 'application/pdf'],
      ['%PDF', 'text/html'],
    ] as const) {
      const step = await readResponse(response(200, {}, body), url(), 100);
      assert.equal(typeof step === 'object' && 'contentType' in step && step.contentType, type);
    }
  });

  it('gives the charset that the header claims, if any', async () => {
    const page = { ok: true, url: url(), bytes: Buffer.from('<p>'), contentType: 'text/html' };
    const declared = response(200, { 'content-type': 'text/html; charset=koi8-r' });
    assert.deepEqual(await readResponse(declared, url(), 100), { ...page, charset: 'koi8-r' });
    assert.deepEqual(await readResponse(response(200), url(), 100), page);
  });

  const statuses: [status: number | undefined, headers: object, expected: string][] = [
    [undefined, {}, 'bad-response'],
    [199, {}, 'bad-response'],
    [200, {}, 'page'],
    [299, {}, 'page'],
    [300, { location: '/y' }, 'bad-response'],
    [301, { location: '/y' }, '/y'],
    [302, { location: '/\u00c3\u00a4' }, '/ä'],
    [303, { location: '/y' }, '/y'],
    [307, { location: '/y' }, '/y'],
    [308, { location: '/y' }, '/y'],
    [301, {}, 'bad-response'],
    [399, {}, 'bad-response'],
    [400, {}, 'refused'],
    [404, {}, 'gone'],
    [410, {}, 'gone'],
    [499, {}, 'refused'],
    [500, {}, 'server-error'],
  ];
  for (const [status, headers, expected] of statuses) {
    it(`takes ${status} with ${JSON.stringify(headers)} for ${expected}`, async () => {
      const step = await readResponse(response(status, headers), url(), 100).catch((error) => error.code);
      const outcome = typeof step === 'string' ? step : 'redirectTo' in step ? step.redirectTo : 'page';
      assert.equal(outcome, expected);
    });
  }

  const refresh = (content: string): string =>
    `<head><meta http-equiv="Refresh" content="${content}"></head>`;
  const refreshes: readonly (readonly [reason: string, body: string, to: string | undefined])[] = [
    ['at once', refresh('0;url=/article'), '/article'],
    ['with quotes and spaces', refresh("1 ; URL = '/article'"), '/article'],
    ['without url=', refresh('0; /article'), '/article'],
    ['with entities', refresh('0;url=/a?b=1&amp;c=2'), '/a?b=1&c=2'],
    ['its attributes in another order', "<meta content='0;url=/article' http-equiv=refresh>", '/article'],
    ['after a while: it is read first', refresh('30;url=/article'), undefined],
    ['to itself: it is read', refresh('0;url=/#top'), undefined],
    ['to nowhere', refresh('0'), undefined],
    ['in a comment', `<!--${refresh('0;url=/article')}-->`, undefined],
    [
      'without scripts only, where the page says that there is nothing',
      `<noscript>${refresh('0;url=/off')}</noscript>`,
      undefined,
    ],
    ['in the text of another page', `<p>${'x'.repeat(10_000)}</p>${refresh('0;url=/article')}`, undefined],
  ];
  for (const [reason, body, to] of refreshes) {
    it(`is sent on by a page ${reason}: ${to ?? 'no'}`, async () => {
      const step = await readResponse(response(200, {}, body), url(), 20_000);
      assert.equal(typeof step === 'object' && 'redirectTo' in step ? step.redirectTo : undefined, to);
    });
  }

  it('reads a page of markup without end in no time', async () => {
    const body = '<meta http-equiv=refresh content="0;url='.repeat(250);
    assert.equal(typeof (await readResponse(response(200, {}, body), url(), 20_000)), 'object');
  });
});
