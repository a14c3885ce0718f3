import type * as z from 'zod';
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

/** What an adapter over a token API is made of. */
export type TokenServiceOptions = {
  /** Address of the service, without a slash at the end. */
  readonly url: string;
  readonly request: Request;
  readonly credentials: Credentials<'token'>;
};

/** One call: its path below the base address, query included. Writes of tags may all be repeated. */
type CallSpec = Pick<RequestSpec, 'method' | 'json' | 'classifyResponse'> & {
  readonly path: string;
  /** By default the answer has to be JSON. */
  readonly expects?: 'fragment';
};
export type Call = (spec: CallSpec, deadline: Deadline) => Promise<HttpResponse>;

type Api = {
  readonly base: string;
  /** What stands before the token in the `Authorization` header. */
  readonly scheme: 'Bearer' | 'Token';
  /** What is wrong with an answer where the service has ways of its own to say so; asked first. */
  readonly classifyResponse?: (answer: HttpResponse, found: string) => Failure | undefined;
};

/** Calls to an API that takes a token in the `Authorization` header. */
export function tokenCall(
  { request, credentials }: Pick<TokenServiceOptions, 'request' | 'credentials'>,
  { base, scheme, classifyResponse: classifyOwn }: Api,
): Call {
  return ({ path, classifyResponse, expects, ...spec }, deadline) => {
    const described = { method: spec.method, url: `${base}${path}` };
    return credentials.use(({ token }) =>
      request({
        ...spec,
        ...described,
        headers: { Authorization: `${scheme} ${token}` },
        deadline,
        classifyResponse: (answer) =>
          classifyOwn?.(answer, describeRequest(described)) ??
          (classifyResponse
            ? classifyResponse(answer)
            : (expects ? classifyFragment : classifyJson)(described, answer)),
      }),
    );
  };
}

/** Over the limit on calls, where the wait does not stand in `Retry-After`: milliseconds. */
export function overLimit(found: string, retryAfterMs: number): Failure {
  return new Failure('unavailable', `${found}: answered 429`, { status: 429, retryAfterMs });
}

type Described = Pick<RequestSpec, 'method' | 'url'>;

/**
 * The judgement of an answer that has to be JSON. Text with a good status comes from something in front of the
 * service, or is half an answer: it does not say what the service did, so the call is made again.
 */
export function classifyJson(spec: Described, answer: HttpResponse, hint = ''): Failure | undefined {
  return failureOfStatus(spec, answer) ?? notExpected(/./, spec, answer, `something that is not JSON${hint}`);
}

/** The same of an answer that has to be part of a page: a whole one is not the service's. */
function classifyFragment(spec: Described, answer: HttpResponse): Failure | undefined {
  return (
    failureOfStatus(spec, answer) ??
    notExpected(/^\s*<(!doctype|html)/i, spec, answer, 'a whole page instead of an article')
  );
}

/** Trouble that passes, where the answer is such a text. */
function notExpected(
  text: RegExp,
  spec: Described,
  { status, body }: HttpResponse,
  what: string,
): Failure | undefined {
  return typeof body === 'string' && text.test(body)
    ? new Failure('unavailable', `${describeRequest(spec)}: answered ${what}`, { status })
    : undefined;
}

/** The judgement of a listing: where nothing is found, or no JSON, the address in `variable` is wrong. */
export function classifyListing(
  url: string,
  variable: string,
): (answer: HttpResponse) => Failure | undefined {
  const spec = { method: 'GET', url } as const;
  const hint = `; is ${variable} right?`;
  return (answer) =>
    answer.status === 404
      ? new Failure('settings', `${describeRequest(spec)}: answered 404${hint}`, { status: 404 })
      : classifyJson(spec, answer, hint);
}

/** An answer in the shape that was expected. Throws a `Failure` of kind `unexpected-response` that names the field. */
export function parseResponse<Shape>(schema: z.ZodType<Shape>, { body }: HttpResponse, what: string): Shape {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') || 'answer';
  throw new Failure('unexpected-response', `Could not read ${what}: "${field}" is not what was expected`);
}

/** Answers that are about one item alone: it is gone, or the service does not take the change. */
export function isAboutItem(error: unknown): error is Failure {
  return error instanceof Failure && error.kind === 'unexpected-response' && (error.status ?? 0) >= 400;
}
