/** A response to a client. A string body is sent as HTML, anything else as JSON. */
export type PocketResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
};

export const ok = (body: unknown): PocketResponse => ({ status: 200, headers: {}, body });

/** An error as Pocket sends it: code and message in headers, `error` in the body. */
export function errorResponse(
  status: number,
  code: number,
  message: string,
  error = message,
): PocketResponse {
  const headers = { 'X-Error-Code': String(code), 'X-Error': message };
  return { status, headers, body: { error } };
}

/** 400, code 130. `what`: the message, `value`: what was sent, which Pocket repeated in the body. */
export const badRequest = (what: string, value: unknown): PocketResponse =>
  errorResponse(400, 130, 'Bad request', `${what}: ${JSON.stringify(value) ?? 'missing'}`);

export const internalError = (): PocketResponse => errorResponse(500, 198, 'Internal Server Error');

export function toResponse({ status, headers, body }: PocketResponse): Response {
  const isText = typeof body === 'string';
  return new Response(isText ? body : JSON.stringify(body), {
    status,
    headers: {
      'Content-Type': isText ? 'text/html; charset=UTF-8' : 'application/json; charset=utf-8',
      'X-Source': 'Pocket',
      ...headers,
    },
  });
}
