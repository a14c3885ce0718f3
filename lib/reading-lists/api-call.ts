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

/** One call: its path below the base address, query included. All of them may be repeated. */
type CallSpec = Pick<RequestSpec, 'method' | 'json' | 'classifyResponse'> & {
  readonly path: string;
  /** By default the answer has to be JSON. */
  readonly expects?: 'fragment';
};
export type Call = (spec: CallSpec, deadline: Deadline) => Promise<HttpResponse>;

type Api = {
  readonly base: string;
  /** What comes before the token in the `Authorization` header. */
  readonly scheme: 'Bearer' | 'Token';
  /** Failures that the service reports in its own way; tried first. `label` names the call. */
  readonly classifyResponse?: (response: HttpResponse, label: string) => Failure | undefined;
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
        classifyResponse: (response) =>
          classifyOwn?.(response, describeRequest(described)) ??
          (classifyResponse
            ? classifyResponse(response)
            : (expects ? classifyFragment : classifyJson)(described, response)),
      }),
    );
  };
}

/** Over the limit on calls, where the wait does not stand in `Retry-After`: milliseconds. */
export function overLimit(label: string, retryAfterMs: number): Failure {
  return new Failure('unavailable', `${label}: answered 429`, { status: 429, retryAfterMs });
}

type Described = Pick<RequestSpec, 'method' | 'url'>;

/**
 * What is wrong with a response that has to be JSON. Text with a good status comes from a proxy in front of the
 * service, or is half a response: it does not say what the service did, so the call is made again.
 */
export function classifyJson(spec: Described, response: HttpResponse, hint = ''): Failure | undefined {
  return (
    failureOfStatus(spec, response) ?? notExpected(/./, spec, response, `something that is not JSON${hint}`)
  );
}

/** The same for a fragment of HTML: a whole page is not the service's. */
function classifyFragment(spec: Described, response: HttpResponse): Failure | undefined {
  return (
    failureOfStatus(spec, response) ??
    notExpected(/^\s*<(!doctype|html)/i, spec, response, 'a whole page instead of an article')
  );
}

/** `unavailable` where the body is such a text. */
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

/** The same for a listing: after a 404, or without JSON, the address in `variable` is likely to be wrong. */
export function classifyListing(
  url: string,
  variable: string,
): (response: HttpResponse) => Failure | undefined {
  const spec = { method: 'GET', url } as const;
  const hint = `; is ${variable} right?`;
  return (response) =>
    response.status === 404
      ? new Failure('settings', `${describeRequest(spec)}: answered 404${hint}`, { status: 404 })
      : classifyJson(spec, response, hint);
}

/** A response about one item alone: it is gone, or the service does not take the change. */
export function isAboutItem(error: unknown): error is Failure {
  return error instanceof Failure && error.kind === 'unexpected-response' && (error.status ?? 0) >= 400;
}
