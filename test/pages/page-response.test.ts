import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { stepFrom } from '../../lib/pages/page-response.ts';

const url = (path = '') => new URL(`http://a.example/${path}`);

/** An answer as it comes from a socket. */
const answer = (statusCode: number | undefined, headers: object = {}, body = '<p>') =>
  Object.assign(Readable.from([Buffer.from(body)]), { statusCode, headers }) as unknown as IncomingMessage;

describe('stepFrom', () => {
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
      const found = stepFrom(answer(200, { 'content-type': declared }), url(path), 100);
      if (type === undefined) await assert.rejects(found, { code: 'not-a-page' });
      else {
        const step = await found;
        assert.equal(typeof step === 'object' && 'contentType' in step && step.contentType, type);
      }
    });
  }

  it('takes what begins as a PDF for one, whatever it is called', async () => {
    for (const [body, type] of [
      ['%PDF-1.7', 'application/pdf'],
      ['%PDF', 'text/html'],
    ] as const) {
      const step = await stepFrom(answer(200, {}, body), url(), 100);
      assert.equal(typeof step === 'object' && 'contentType' in step && step.contentType, type);
    }
  });

  it('gives all that the headers say of the page', async () => {
    const headers = { 'content-type': 'text/html; charset=koi8-r', 'content-language': 'ru' };
    assert.deepEqual(await stepFrom(answer(200, headers), url('x'), 100), {
      ok: true,
      bytes: Buffer.from('<p>'),
      contentType: 'text/html',
      charset: 'koi8-r',
      contentLanguage: 'ru',
      finalUrl: 'http://a.example/x',
    });
    assert.deepEqual(Object.keys(await stepFrom(answer(200), url(), 100)).sort(), [
      'bytes',
      'contentType',
      'finalUrl',
      'ok',
    ]);
  });

  const statuses: [status: number | undefined, headers: object, found: string][] = [
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
  for (const [status, headers, found] of statuses) {
    it(`takes ${status} with ${JSON.stringify(headers)} for ${found}`, async () => {
      const step = await stepFrom(answer(status, headers), url(), 100).catch((error) => error.code);
      const told = typeof step === 'string' ? step : 'redirectTo' in step ? step.redirectTo : 'page';
      assert.equal(told, found);
    });
  }
});
