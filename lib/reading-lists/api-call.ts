import * as z from 'zod';
import type { Deadline } from '../deadline.ts';
import { Failure } from '../failure.ts';
import {
  describeRequest,
  failureOfStatus,
  type HttpResponse,
  type Request,
  type RequestSpec,
} from '../http/request.ts';
import type { Credentials } from '../secrets/credentials.ts';

/** Options of an adapter for an API with a token. */
export type TokenServiceOptions = {
  /** Address of the service, without a slash at the end. */
  readonly url: string;
  readonly request: Request;
  readonly credentials: Credentials<'token'>;
};

/** One call: its path below the base URL, with the query. It has to be repeatable. */
export type CallSpec = Pick<RequestSpec, 'method' | 'json' | 'classifyResponse' | 'maxRetriesOfErrors'> & {
  readonly path: string;
  /** `fragment`: the response is a fragment of HTML. Default: JSON. */
  readonly expects?: 'fragment';
};
export type CallApi = (spec: CallSpec, deadline: Deadline) => Promise<HttpResponse>;

type Api = {
  readonly base: string;
  /** Scheme of the `Authorization` header. Absent: it is the token alone. */
  readonly scheme?: 'Bearer' | 'Token';
  /** Failures that the service does not report by HTTP status; called first. `label` names the call in a message. */
  readonly classifyResponse?: (response: HttpResponse, label: string) => Failure | undefined;
};

/** Creates the function that calls an API with a token in the `Authorization` header. */
export function tokenCall(
  { request, credentials }: Pick<TokenServiceOptions, 'request' | 'credentials'>,
  { base, scheme, classifyResponse: classifyOwn }: Api,
): CallApi {
  return ({ method = 'GET', path, classifyResponse, expects, ...spec }, deadline) => {
    const described = { method, url: `${base}${path}` };
    return credentials.use(({ token }) =>
      request({
        ...spec,
        ...described,
        headers: { Authorization: scheme ? `${scheme} ${token}` : token },
        deadline,
        classifyResponse: (response) =>
          classifyOwn?.(response, describeRequest(described)) ??
          (classifyResponse
            ? classifyResponse(response)
            : (expects ? classifyFragment : classifyJson)(described, response)),
      }),
    );
  };
}

/** The failure for a 429 whose wait, in milliseconds, is not in `Retry-After`. */
export function overLimit(label: string, retryAfterMs: number): Failure {
  return new Failure('unavailable', `${label}: answered 429`, { status: 429, retryAfterMs });
}

type Described = Pick<RequestSpec, 'method' | 'url'>;

/**
 * The failure of a response that has to be JSON. Text with a 2xx status is from a proxy in front of the service, or a
 * truncated response: it does not tell what the service did, so it is `unavailable`, which is retried. So is nothing at
 * all where something was asked for.
 */
export function classifyJson(spec: Described, response: HttpResponse, hint = ''): Failure | undefined {
  const isAsked = (spec.method ?? 'GET') === 'GET' && response.status !== 204;
  const text = isAsked ? /^/ : /./;
  return (
    failureOfStatus(spec, response) ?? notExpected(text, spec, response, `something that is not JSON${hint}`)
  );
}

/** The same for a fragment of HTML: a whole page is not from the service. */
function classifyFragment(spec: Described, response: HttpResponse): Failure | undefined {
  return (
    failureOfStatus(spec, response) ??
    notExpected(/^\s*<(!doctype|html)/i, spec, response, 'a whole page instead of an article')
  );
}

/** `unavailable` if the body is a text that matches the pattern. */
function notExpected(
  unexpected: RegExp,
  spec: Described,
  { status, body }: HttpResponse,
  what: string,
): Failure | undefined {
  return typeof body === 'string' && unexpected.test(body)
    ? new Failure('unavailable', `${describeRequest(spec)}: answered ${what}`, { status })
    : undefined;
}

/** As `classifyJson`, for a listing: a 404, a redirect or no JSON probably means that the address in `variable` is wrong. */
export function classifyListing(
  url: string,
  variable: string,
): (response: HttpResponse) => Failure | undefined {
  const spec = { url };
  const hint = `; is ${variable} right?`;
  return (response) =>
    response.status === 404
      ? new Failure('settings', `${describeRequest(spec)}: answered 404${hint}`, { status: 404 })
      : (redirectFailure(spec, response, variable) ?? classifyJson(spec, response, hint));
}

/** The failure of a redirect, such as from http to https: it is not followed, since it may lead to another host. */
export function redirectFailure(
  spec: Described,
  { status, header }: HttpResponse,
  variable: string,
): Failure | undefined {
  if (status < 300 || status >= 400) return undefined;
  const { origin } = URL.parse(header('location') ?? '', spec.url) ?? {};
  const target = origin === undefined || origin === new URL(spec.url).origin ? '' : ` to ${origin}`;
  const text = `${describeRequest(spec)}: answered ${status}, a redirect${target}; is ${variable} right?`;
  return new Failure('settings', text, { status });
}

/**
 * Whether an id can be one part of a path: `..` would be another path, even if it is encoded, and `` none. Half a
 * character cannot be encoded.
 */
export function isPathPart(id: string): boolean {
  return !['', '.', '..'].includes(id) && id.isWellFormed();
}

/** An id as one part of a path, encoded. Throws if it cannot be one. */
export function pathPart(id: string): string {
  if (isPathPart(id)) return encodeURIComponent(id);
  throw new Failure('unexpected-response', `Could not call the service: "${id}" cannot be the id of an item`);
}

/** Whether an error is about one item only: the item is gone, or the service rejects the change. */
export function isAboutItem(error: unknown): error is Failure {
  return error instanceof Failure && error.kind === 'unexpected-response' && (error.status ?? 0) >= 400;
}

/** Whether the request or its response was too large, so that a smaller one may succeed. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof Failure && error.status === 413;
}

/** Schemas of fields that may be missing, null or of another type: they count as missing, so that they do not stop a run. */
export const text = z.string().optional().catch(undefined);
export const number = z.number().optional().catch(undefined);
export const flag = z.boolean().optional().catch(undefined);

/** If so many calls in a row fail, each about one item, it may be the service's trouble and not that of the items. */
export const MAX_FAILED_IN_A_ROW = 5;

/**
 * The rows of a listing, each `undefined` that is not one of `row`: one odd row costs an item, not the run. Where none is
 * as expected, the answer is refused by the first.
 */
export function rowsOf<Shape>(row: z.ZodType<Shape>): z.ZodType<(Shape | undefined)[]> {
  return z.array(z.unknown()).transform((values, context) => {
    const rows = values.map((value) => row.safeParse(value));
    const issue = rows.find(({ error }) => error)?.error?.issues[0];
    if (issue && !rows.some(({ success }) => success))
      context.addIssue({ code: 'custom', path: [0, ...issue.path], message: issue.message });
    return rows.map(({ data }) => data);
  });
}

/** The end of the year 9999, in seconds: a later time is one in milliseconds, and its year has no four digits. */
const MAX_ADDED_AT_S = 253_402_300_799;

/** `addedAt` of an item, from a date such as ISO 8601 or seconds since 1970; empty if it is no such time. */
export function addedAtOf(time: string | number | undefined): { addedAt?: number } {
  const addedAt = typeof time === 'number' ? time : Date.parse(time ?? '') / 1000;
  return addedAt > 0 && addedAt <= MAX_ADDED_AT_S ? { addedAt } : {};
}

/** Parses the body of a response. Throws an `unexpected-response` failure that names `what` and the field at fault. */
export function parseResponse<Shape>(schema: z.ZodType<Shape>, { body }: HttpResponse, what: string): Shape {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new Failure(
    'unexpected-response',
    `Could not read ${what}: "${fieldOf(parsed.error)}" is not what was expected`,
  );
}

/** Path of the first field that does not match the schema. */
export function fieldOf(error: z.ZodError): string {
  return error.issues[0]?.path.join('.') || 'answer';
}
