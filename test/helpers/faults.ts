import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';

/** What Hono runs a fake service on. */
export type Node = { Bindings: HttpBindings };

type CannedAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A string is sent as it is, anything else as JSON. */
  readonly body: unknown;
};

/**
 * How a call goes wrong. `done: true`: after the call was carried out, so that the client does not learn of
 * it; otherwise nothing of it is carried out.
 */
export type Fault =
  | { readonly kind: 'answer'; readonly answer: CannedAnswer; readonly done?: boolean }
  | { readonly kind: 'reset'; readonly done?: boolean }
  /** No answer, ever: until the client gives up or the server closes. */
  | { readonly kind: 'hang'; readonly done?: boolean }
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** Carried out, and the answer cut in half. */
  | { readonly kind: 'truncate' }
  /** Carried out, and the JSON of the answer replaced; `change` may also change the headers. */
  | { readonly kind: 'change'; readonly change: (body: unknown, headers: Headers) => unknown }
  /** Answered as if carried out, and nothing kept. */
  | { readonly kind: 'forget' };

/**
 * Answers a call by `carryOut`, or does whatever of this the fault leaves; the answer is in `context.res`.
 * @param snapshot notes what the call may change, and returns what puts it back
 */
export async function withFault(
  fault: Fault | undefined,
  context: Context,
  snapshot: () => () => void,
  carryOut: () => Promise<void>,
): Promise<void> {
  if (!fault) return carryOut();
  const restore = snapshot();
  const isDone = 'done' in fault ? fault.done : !['answer', 'reset', 'hang'].includes(fault.kind);
  if (isDone) await carryOut();
  if (fault.kind === 'forget') restore();
  // Does not keep a process alive that is otherwise done.
  if (fault.kind === 'slow') await sleep(fault.delayMs, undefined, { ref: false });
  replace(context, await spoil(fault, context));
}

/** Another response; Hono would merge the headers of the first into it. */
export function replace(context: Context, response: Response): void {
  context.res = undefined;
  context.res = response;
}

/** What is left of the answer. */
async function spoil(fault: Fault, context: Context): Promise<Response> {
  if (fault.kind === 'answer') return cannedResponse(fault.answer);
  if (fault.kind === 'reset') context.env.incoming.socket.resetAndDestroy();
  if (fault.kind === 'reset' || fault.kind === 'hang') return RESPONSE_ALREADY_SENT;
  if (fault.kind !== 'truncate' && fault.kind !== 'change') return context.res;
  const { status } = context.res;
  const headers = new Headers(context.res.headers);
  headers.delete('Content-Length');
  const text = await context.res.clone().text();
  return fault.kind === 'truncate'
    ? new Response(text.slice(0, Math.floor(text.length / 2)), { status, headers })
    : Response.json(fault.change(JSON.parse(text), headers), { status, headers });
}

function cannedResponse({ status, headers, body }: CannedAnswer): Response {
  return typeof body === 'string'
    ? new Response(body, { status, headers })
    : Response.json(body, { status, headers });
}

const answer = (status: number, headers: Record<string, string>, body: unknown): Fault => ({
  kind: 'answer',
  answer: { status, headers, body },
});

const html = { 'Content-Type': 'text/html; charset=UTF-8' };

/** `kill -9` and a new start: the fault of each call, of which the first is carried out, and so many find nobody. */
export function restart(calls: number): () => Fault | undefined {
  let call = 0;
  return () => {
    call += 1;
    return call > calls ? undefined : { kind: 'reset', done: call === 1 };
  };
}

/** What Pocket, and what stood in front of it, was seen to answer on bad days. */
export const faults = {
  /** 503, the sync server is down; `retryAfterSeconds` as a header where given. */
  maintenance: (retryAfterSeconds?: number): Fault =>
    answer(
      503,
      {
        'X-Error': 'Pocket server issue.',
        'X-Error-Code': '199',
        ...(retryAfterSeconds !== undefined && { 'Retry-After': String(retryAfterSeconds) }),
      },
      { error: 'Pocket server issue.' },
    ),
  internalError: (): Fault =>
    answer(
      500,
      { 'X-Error': 'Internal Server Error', 'X-Error-Code': '198' },
      { error: 'Internal Server Error' },
    ),
  /** 403 with no calls left for the user. */
  rateLimited: (resetSeconds: number): Fault =>
    answer(
      403,
      {
        'X-Limit-User-Limit': '320',
        'X-Limit-User-Remaining': '0',
        'X-Limit-User-Reset': String(resetSeconds),
        'X-Error': 'User was rate limited.',
      },
      { error: 'User was rate limited.' },
    ),
  /** 403 with calls left: the app may not do this. */
  noPermission: (): Fault =>
    answer(403, { 'X-Limit-User-Remaining': '319', 'X-Error': 'Forbidden' }, { error: 'Forbidden' }),
  tokenRefused: (): Fault =>
    answer(
      401,
      { 'X-Error': 'A valid access token is required to access the requested API endpoint.' },
      { error: 'A valid access token is required to access the requested API endpoint.' },
    ),
  /** HTTP 200 with an error and no list. */
  errorInside200: (error = 'Internal server error'): Fault => answer(200, {}, { error }),
  refusedInside200: (): Fault =>
    answer(200, { 'X-Error-Code': '5200', 'X-Error': 'Not authorized' }, { error: 'Not authorized' }),
  tooLarge: (): Fault => answer(413, html, '<html><body><h1>413 Request Entity Too Large</h1></body></html>'),
  /** A page for people where JSON was expected. */
  html: (status = 200): Fault => answer(status, html, '<!DOCTYPE html><html><body>Pocket</body></html>'),
} as const;
