import * as z from 'zod';
import type { Deadline } from '../../deadline.ts';
import { Failure } from '../../failure.ts';
import { describeRequest, type HttpResponse, type Request } from '../../http/request.ts';
import { isHangUp } from '../../http/retry.ts';
import type { Credentials } from '../../secrets/credentials.ts';
import { sharedTokens, withToken } from '../access-tokens.ts';
import {
  type CallApi,
  type CallSpec,
  classifyJson,
  flag,
  parseResponse,
  redirectFailure,
} from '../api-call.ts';

type ShioriLogin = Readonly<Record<'username' | 'password', string>>;

export type ShioriOptions = {
  /** Address of the server, without a slash at the end. */
  readonly url: string;
  readonly request: Request;
  readonly credentials: Credentials<keyof ShioriLogin>;
};

/** Before it is known whether the server is down, or has only ended the connection. */
const MAX_RETRIES_OF_HANG_UPS = 1;

const granted = z.object({ token: z.string() });
const account = z.object({ owner: flag });

/** The body of an answer: up to Shiori 1.7 within `{ok, message}`. */
export function unwrapped({ body, ...response }: HttpResponse): HttpResponse {
  const { message } = Object(body);
  return { ...response, body: typeof message === 'object' && message !== null ? message : body };
}

/**
 * Creates the function that calls the API. Its newer part, below /api/v1, has the login and the texts, and answers like
 * other services. The older one, with the list and the tags, answers whatever it cannot do with 500 and a text, and
 * from 1.8 on ends the connection instead, https://github.com/go-shiori/shiori/issues/1204: an outdated token, an account
 * that may not write, a bookmark that is gone. So then the newer part is asked about the token and the account.
 */
export function shioriCall({ url, request, credentials }: ShioriOptions): CallApi {
  const tokenFor = sharedTokens((login: ShioriLogin, deadline) => logIn({ url, request }, login, deadline));
  return ({ method = 'GET', path, ...spec }, deadline) =>
    credentials.use((login) =>
      withToken(tokenFor, { login, deadline }, async (token) => {
        const send = ({ method, path, classifyResponse, ...more }: CallSpec) => {
          const described = { method: method ?? 'GET', url: `${url}${path}` };
          return request({
            ...more,
            ...described,
            headers: { Authorization: `Bearer ${token}` },
            deadline,
            classifyResponse: (response) =>
              refusalByOlder(described, response) ??
              (classifyResponse ? classifyResponse(response) : classifyJson(described, response)),
            ...(!isNewer(path) && { maxRetriesOfHangUps: MAX_RETRIES_OF_HANG_UPS }),
          });
        };
        const called = { ...spec, method, path };
        try {
          return await send(called);
        } catch (error) {
          if (isNewer(path) || !isRefusedByOlder(error)) throw error;
          const response = await send({ path: ME }).catch((problem) => {
            throw problem instanceof Failure && problem.kind !== 'credentials' ? error : problem;
          });
          if (method !== 'GET') checkOwner(response);
          return await send(called).catch((again) => {
            throw isRefusedByOlder(again) ? unwilling(method, again) : again;
          });
        }
      }),
    );
}

/** Path of the account that is logged in. */
const ME = '/api/v1/auth/me';

function isNewer(path: string): boolean {
  return path.startsWith('/api/v1/');
}

/** Rejects with `credentials` unless the account may write. */
export async function checkMayWrite(call: CallApi, deadline: Deadline): Promise<void> {
  checkOwner(await call({ path: ME }, deadline));
}

function checkOwner(response: HttpResponse): void {
  const { owner } = parseResponse(account, unwrapped(response), 'the account of Shiori');
  if (owner !== false) return;
  const text =
    'Could not write to Shiori: the account may only read; make it an owner in the settings of Shiori';
  throw new Failure('credentials', text, { status: 403 });
}

/** `POST /api/v1/auth/login`: the token is valid for an hour, and no longer than the server runs unless it has a key set. */
async function logIn(
  { url, request }: Pick<ShioriOptions, 'url' | 'request'>,
  { username, password }: ShioriLogin,
  deadline: Deadline,
): Promise<string> {
  const spec = { method: 'POST', url: `${url}/api/v1/auth/login` } as const;
  const response = await request({
    ...spec,
    json: { username, password },
    deadline,
    classifyResponse: (received) => classifyLogin(spec, received),
  });
  return parseResponse(granted, unwrapped(response), 'the token of Shiori').token;
}

/** 400 is a wrong name or password. */
function classifyLogin(spec: { method: 'POST'; url: string }, response: HttpResponse): Failure | undefined {
  const { status } = response;
  const label = `${describeRequest(spec)}: answered ${status}`;
  if (status === 404 || status === 405) {
    return new Failure('settings', `${label}; is SHIORI_URL right, and Shiori 1.6 or newer?`, { status });
  }
  if (status === 400) return new Failure('credentials', `${label}, name or password refused`, { status });
  return redirectFailure(spec, response, 'SHIORI_URL') ?? classifyJson(spec, response);
}

/** A text with 500, up to Shiori 1.7: no more tries, except where the database was in use. */
function refusalByOlder(
  spec: { method: NonNullable<CallSpec['method']>; url: string },
  { status, body, header }: HttpResponse,
): Failure | undefined {
  const isText =
    status === 500 && typeof body === 'string' && header('content-type')?.startsWith('text/plain');
  if (!isText || /locked/.test(body)) return undefined;
  return new Failure('unexpected-response', `${describeRequest(spec)}: answered 500`, { status });
}

function isRefusedByOlder(error: unknown): error is Failure {
  if (!(error instanceof Failure)) return false;
  return isHangUp(error) || (error.kind === 'unexpected-response' && error.status === 500);
}

/** The failure of a server that is up, and still does not do it: a write may be of a bookmark that is gone. */
function unwilling(method: CallSpec['method'], { message, outcomeUnknown }: Failure): Failure {
  const kind = method === 'GET' ? 'unavailable' : 'unexpected-response';
  return new Failure(kind, message, { status: 500, outcomeUnknown });
}
