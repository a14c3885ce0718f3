import assert from 'node:assert/strict';
import * as z from 'zod';
import type { HttpResponse } from '../../lib/http/request.ts';
import { addedAtOf, parseResponse, rowsOf } from '../../lib/reading-lists/api-call.ts';

const response = (body: unknown): HttpResponse => ({ status: 200, header: () => undefined, body });

describe('parseResponse', () => {
  const shape = z.object({ items: z.array(z.object({ id: z.string() })) });
  it('gives what was expected', () =>
    assert.deepEqual(parseResponse(shape, response({ items: [{ id: '1', more: 2 }] }), 'the items'), {
      items: [{ id: '1' }],
    }));

  for (const [body, field] of [
    [{ items: [{ id: 1 }] }, 'items.0.id'],
    [{}, 'items'],
    ['text', 'answer'],
  ] as const)
    it(`is refused by the name of the field: ${field}`, () =>
      assert.throws(() => parseResponse(shape, response(body), 'the items'), {
        kind: 'unexpected-response',
        message: `Could not read the items: "${field}" is not what was expected`,
      }));
});

describe('rowsOf', () => {
  const read = (body: unknown) =>
    parseResponse(
      z.object({ rows: rowsOf(z.object({ id: z.string() })) }),
      { body } as HttpResponse,
      'the list',
    );

  it('leaves a place for each row that is not as expected', () => {
    const rows = [null, { id: 'a' }, {}, 'b', { id: 7 }];
    assert.deepEqual(read({ rows }).rows, [undefined, { id: 'a' }, undefined, undefined, undefined]);
  });

  it('takes a list without rows', () => assert.deepEqual(read({ rows: [] }).rows, []));

  it('refuses a list of which no row is as expected, by the field', () =>
    assert.throws(() => read({ rows: [{ id: 7 }, null] }), { message: /the list: "rows.0.id" is not/ }));

  it('refuses what is no list', () => assert.throws(() => read({ rows: 'none' }), { message: /"rows"/ }));
});

describe('addedAtOf', () => {
  for (const [time, seconds] of [
    ['2026-06-01T00:00:00.000Z', 1_780_272_000],
    ['1970-01-01T00:00:00Z', undefined],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
    [1_780_272_000, 1_780_272_000],
    [0, undefined],
    [253_402_300_799, 253_402_300_799],
    // In milliseconds: a report would list every month up to the year 58384.
    [1_780_272_000_000, undefined],
    ['+058384-06-01T00:00:00.000Z', undefined],
  ] as const)
    it(`is ${seconds} for ${time}`, () => assert.equal(addedAtOf(time).addedAt, seconds));
});
