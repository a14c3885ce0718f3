/** What goes back to the client. A string body is sent as it is, anything else as JSON. */
export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
};

export const ok = (body: unknown): Answer => ({ status: 200, headers: {}, body });

/** An error as Pocket sends it: the code and the text in headers, and the text in the body. */
export function refusal(status: number, code: number, message: string, error = message): Answer {
  const headers = { 'X-Error-Code': String(code), 'X-Error': message };
  return { status, headers, body: { error } };
}

/** 400, code 130. `what` is the sentence, `value` what was sent, which Pocket echoed. */
export const badRequest = (what: string, value: unknown): Answer =>
  refusal(400, 130, 'Bad request', `${what}: ${JSON.stringify(value) ?? 'missing'}`);

export const internalError = (): Answer => refusal(500, 198, 'Internal Server Error');

export function toResponse({ status, headers, body }: Answer): Response {
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
