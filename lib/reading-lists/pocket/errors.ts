import { Failure } from '../../failure.ts';
import { describeRequest, failureOfStatus, type HttpResponse } from '../../http/request.ts';

/**
 * `X-Error-Code`s that say whose credentials are wrong. 5200 and 107 stand for the token; the others for
 * the consumer key. The text beside a code comes from the server and may repeat what was sent, so it is not told.
 */
const REFUSALS: ReadonlyMap<string, string> = new Map([
  ['107', 'the access token is not valid'],
  ['132', 'the consumer key is missing'],
  ['136', 'the credentials are not valid'],
  ['138', 'the consumer key is missing'],
  ['152', 'the consumer key is not valid'],
  ['5200', 'the access token is not valid'],
]);

/**
 * What is wrong with an answer of Pocket's. Success is 2xx, a JSON object, `error` null or absent, and for
 * `get` a `list`. Errors come inside HTTP 200 too; 403 means either no permission or no calls left.
 */
export function judgePocket(path: 'get' | 'send', apiUrl: string, answer: HttpResponse): Failure | undefined {
  const spec = { method: 'POST', url: `${apiUrl}/${path}` } as const;
  const found = describeRequest(spec);
  if (answer.status === 404) {
    const message = `${found}: answered 404; is POCKET_API_URL right, up to and including /v3?`;
    return new Failure('settings', message, { status: 404 });
  }
  return (
    limitFailure(found, answer) ??
    refusal(found, answer) ??
    failureOfStatus(spec, answer) ??
    bodyFailure(path, found, answer)
  );
}

/** How long until the limits are reset, if this answer said that no calls are left: milliseconds. */
export function limitResetMs({ header }: Pick<HttpResponse, 'header'>): number | undefined {
  const waits = ['user', 'key'].flatMap((whose) => {
    const remaining = Number(header(`x-limit-${whose}-remaining`));
    const resetSeconds = Number(header(`x-limit-${whose}-reset`));
    return remaining === 0 ? [(resetSeconds || 0) * 1000] : [];
  });
  return waits.length > 0 ? Math.max(...waits) : undefined;
}

/** The server finds a request, or its answer, too large: it may be asked for less. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof Failure && error.status === 413;
}

function limitFailure(found: string, answer: HttpResponse): Failure | undefined {
  if (answer.status !== 403) return undefined;
  const retryAfterMs = limitResetMs(answer);
  if (retryAfterMs === undefined) return undefined;
  const minutes = Math.ceil(retryAfterMs / 60_000);
  const message = `${found}: the limit on calls is reached, for another ${minutes} min`;
  return new Failure('unavailable', message, { status: 403, retryAfterMs });
}

function refusal(found: string, answer: HttpResponse): Failure | undefined {
  const codes = [answer.header('x-error-code'), ...actionCodes(answer.body)];
  const reason = codes.map((code = '') => REFUSALS.get(code)).find((text) => text !== undefined);
  if (reason !== undefined) {
    return new Failure('credentials', `${found}: ${reason}`, { status: answer.status });
  }
  return /not authorized|valid access token/i.test(errorIn(answer.body) ?? '')
    ? new Failure('credentials', `${found}: the access token is not valid`, { status: answer.status })
    : undefined;
}

/** `send` may refuse the credentials inside HTTP 200, once for each action. */
function actionCodes(body: unknown): string[] {
  const errors = isObject(body) && Array.isArray(body.action_errors) ? body.action_errors : [];
  return errors.map((error: unknown) => (isObject(error) ? String(error.code) : ''));
}

function bodyFailure(
  path: 'get' | 'send',
  found: string,
  { status, body }: HttpResponse,
): Failure | undefined {
  const error = errorIn(body);
  if (error !== undefined) {
    const isTooLarge = /\b413\b|payload too large/i.test(error);
    if (isTooLarge)
      return new Failure('unexpected-response', `${found}: the page is too large`, { status: 413 });
    return new Failure('unavailable', `${found}: an error inside HTTP ${status}`, { status });
  }
  if (!isObject(body))
    return new Failure('unavailable', `${found}: answered something that is not JSON`, { status });
  const needed = path === 'get' ? 'list' : 'action_results';
  return needed in body
    ? undefined
    : new Failure(
        'unexpected-response',
        `${found}: the answer has no "${needed}"; is this a Pocket v3 server?`,
        { status },
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
