import type { Deadline } from '../../deadline.ts';
import { Failure } from '../../failure.ts';
import { cooldown } from '../../http/cooldown.ts';
import { describeRequest, failureOfStatus, type HttpResponse, type Request } from '../../http/request.ts';
import type { Credentials } from '../../secrets/credentials.ts';

export type PocketOptions = {
  /** Base URL, up to and including `/v3`, without a slash at the end. */
  readonly apiUrl: string;
  readonly request: Request;
  readonly credentials: Credentials<'consumerKey' | 'accessToken'>;
};

/** Calls `get` or `send`; adds the credentials to `json`. */
export type CallPocket = (
  path: 'get' | 'send',
  json: Record<string, unknown>,
  deadline: Deadline,
) => Promise<HttpResponse>;

/** Creates the function that calls a Pocket v3 API, within its rate limits. */
export function pocketCall({ apiUrl, request, credentials }: PocketOptions): CallPocket {
  const limit = cooldown();
  return async (path, json, deadline) => {
    // The limit headers of an earlier response may have said that no calls are left.
    await limit.wait(deadline, 'Pocket allows no more calls for now');
    const response = await credentials.use(({ consumerKey, accessToken }) =>
      request({
        method: 'POST',
        url: `${apiUrl}/${path}`,
        json: { consumer_key: consumerKey, access_token: accessToken, ...json },
        deadline,
        classifyResponse: (response) => classifyPocketResponse(path, apiUrl, response),
      }),
    );
    limit.start(limitResetMs(response) ?? 0);
    return response;
  };
}

/**
 * Values of `X-Error-Code` for invalid credentials. The server's own text is not used: it may repeat what was sent.
 */
const CREDENTIAL_ERRORS: ReadonlyMap<string, string> = new Map([
  ['107', 'the access token is not valid'],
  ['132', 'the consumer key is missing'],
  ['136', 'the credentials are not valid'],
  ['138', 'the consumer key is missing'],
  ['152', 'the consumer key is not valid'],
  ['5200', 'the access token is not valid'],
]);

/**
 * The failure that a response stands for; `undefined` for success: 2xx and a JSON object with `error` null or absent and
 * `list` (`get`) or `action_results` (`send`). Errors also come with HTTP 200; 403 means no permission or no calls left.
 * @internal
 */
export function classifyPocketResponse(
  path: 'get' | 'send',
  apiUrl: string,
  response: HttpResponse,
): Failure | undefined {
  const spec = { method: 'POST', url: `${apiUrl}/${path}` } as const;
  const label = describeRequest(spec);
  if (response.status === 404) {
    const message = `${label}: answered 404; is POCKET_API_URL right, up to and including /v3?`;
    return new Failure('settings', message, { status: 404 });
  }
  return (
    limitFailure(label, response) ??
    credentialsFailure(label, response) ??
    failureOfStatus(spec, response) ??
    bodyFailure(path, label, response)
  );
}

/**
 * Time until the rate limits are reset, if the response says that no calls are left, else `undefined`: milliseconds.
 * @internal
 */
export function limitResetMs({ header }: Pick<HttpResponse, 'header'>): number | undefined {
  const waits = ['user', 'key'].flatMap((whose) => {
    const remaining = Number(header(`x-limit-${whose}-remaining`));
    const resetSeconds = Number(header(`x-limit-${whose}-reset`));
    return remaining === 0 ? [(resetSeconds || 0) * 1000] : [];
  });
  return waits.length > 0 ? Math.max(...waits) : undefined;
}

function limitFailure(label: string, response: HttpResponse): Failure | undefined {
  if (response.status !== 403) return undefined;
  const retryAfterMs = limitResetMs(response);
  if (retryAfterMs === undefined) return undefined;
  const minutes = Math.ceil(retryAfterMs / 60_000);
  const message = `${label}: the limit on calls is reached, for another ${minutes} min`;
  return new Failure('unavailable', message, { status: 403, retryAfterMs });
}

function credentialsFailure(label: string, response: HttpResponse): Failure | undefined {
  const codes = [response.header('x-error-code'), ...actionCodes(response.body)];
  const reason = codes.map((code = '') => CREDENTIAL_ERRORS.get(code)).find((text) => text !== undefined);
  if (reason !== undefined) {
    return new Failure('credentials', `${label}: ${reason}`, { status: response.status });
  }
  return /not authorized|valid access token/i.test(errorIn(response.body) ?? '')
    ? new Failure('credentials', `${label}: the access token is not valid`, { status: response.status })
    : undefined;
}

/** `send` may report invalid credentials with HTTP 200, once for each action. */
function actionCodes(body: unknown): string[] {
  const errors = isObject(body) && Array.isArray(body.action_errors) ? body.action_errors : [];
  return errors.map((error: unknown) => (isObject(error) ? String(error.code) : ''));
}

function bodyFailure(
  path: 'get' | 'send',
  label: string,
  { status, body }: HttpResponse,
): Failure | undefined {
  const error = errorIn(body);
  if (error !== undefined) {
    const isTooLarge = /\b413\b|payload too large/i.test(error);
    if (isTooLarge)
      return new Failure('unexpected-response', `${label}: the page is too large`, { status: 413 });
    return new Failure('unavailable', `${label}: an error inside HTTP ${status}`, { status });
  }
  if (!isObject(body))
    return new Failure('unavailable', `${label}: answered something that is not JSON`, { status });
  const needed = path === 'get' ? 'list' : 'action_results';
  return needed in body
    ? undefined
    : new Failure(
        'unexpected-response',
        `${label}: the answer has no "${needed}"; is this a Pocket v3 server?`,
        { status, outcomeUnknown: path === 'send' },
      );
}

function errorIn(body: unknown): string | undefined {
  if (!isObject(body)) return undefined;
  const { error } = body;
  return error === null || error === undefined || error === '' || error === 0 ? undefined : String(error);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
