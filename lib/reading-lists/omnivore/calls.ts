import * as z from 'zod';
import type { Deadline } from '../../deadline.ts';
import { Failure } from '../../failure.ts';
import type { HttpResponse } from '../../http/request.ts';
import {
  type CallApi,
  type CallSpec,
  classifyListing,
  parseResponse,
  type TokenServiceOptions,
  tokenCall,
} from '../api-call.ts';

/** An operation of the API: its text, and the field of the answer that holds its result. */
type Operation<Shape> = { readonly query: string; readonly field: string; readonly result: z.ZodType<Shape> };

const PATH = '/api/graphql';
const refused = z.object({ errorCodes: z.array(z.string()).min(1) });

/**
 * The API, which is GraphQL, packages/api/src/schema.ts of https://github.com/omnivore-app/omnivore: one address for all
 * operations, with the API key alone in the header. A key that it does not know ends it before the operation, with 500.
 */
export function omnivoreCall({ url, ...options }: TokenServiceOptions): CallApi {
  const base = url.replace(/\/api(\/graphql)?$/, '');
  const classify = classifyListing(`${base}${PATH}`, 'OMNIVORE_URL');
  const call = tokenCall(options, { base, classifyResponse: classifyErrors });
  return (spec, deadline) => call({ classifyResponse: classify, ...spec }, deadline);
}

/** The call for an operation, with its variables. */
export function callOf({ query }: Pick<Operation<unknown>, 'query'>, variables: object): CallSpec {
  return { method: 'POST', path: PATH, json: { query, variables } };
}

/** Calls an operation, and returns its result. Rejects where it is refused, with 404 for what is not there. */
export async function run<Shape>(
  call: CallApi,
  operation: Operation<Shape>,
  variables: object,
  deadline: Deadline,
): Promise<Shape> {
  return resultOf(operation, await call(callOf(operation, variables), deadline));
}

/** The result in the answer to an operation. Rejects as `run`. */
export function resultOf<Shape>({ field, result }: Operation<Shape>, response: HttpResponse): Shape {
  const refusal = z.object({ data: z.object({ [field]: refused }) }).safeParse(response.body);
  if (refusal.success) throw failureOf(field, refusal.data.data[field]?.errorCodes[0] ?? '');
  const answered = z.object({ data: z.object({ [field]: result }) });
  const { data } = parseResponse(answered, response, `the answer of Omnivore to "${field}"`);
  return data[field] as Shape;
}

/** `UNAUTHORIZED` of a change says that the item is not there: that the key is good was seen before. */
function failureOf(field: string, code: string): Failure {
  const message = `Could not call "${field}" of Omnivore: it answered ${code}`;
  if (code === 'UNAUTHORIZED' && field !== 'setLabels')
    return new Failure('credentials', message, { status: 401 });
  const status = ['NOT_FOUND', 'UNAUTHORIZED'].includes(code) ? 404 : 400;
  return new Failure('unexpected-response', message, { status });
}

/** It answers 200 with errors and without a result where it fails, and 500 with them where it does not know the key. */
function classifyErrors({ status, body }: HttpResponse, label: string): Failure | undefined {
  const { errors, data } = Object(body);
  if (!Array.isArray(errors) || ![200, 500].includes(status) || data) return undefined;
  if (status === 200) return new Failure('unavailable', `${label}: answered with an error`, { status: 500 });
  return new Failure('credentials', `${label}: answered 500, as to an API key that it does not know`, {
    status,
  });
}
