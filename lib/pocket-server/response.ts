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

/** Where Pocket looked for the parameters of a call first, and said that it had. */
export type Location = 'body' | 'query';

/** 400, code 130, as for everything that Pocket refused before it looked at the list. */
export const badRequest = (error: string): PocketResponse => errorResponse(400, 130, 'Bad request', error);

/** 400 for one parameter. Pocket repeated its value. */
export const invalidParam = (location: Location, path: string, value: unknown, message = 'Invalid value') =>
  badRequest(`${message}: ${JSON.stringify({ location, path, type: 'field', value })}`);

/** 500, code 198. `error` says more in the body. */
export const internalError = (error?: string): PocketResponse =>
  errorResponse(500, 198, 'Internal Server Error', error);

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** 404, as for every path and method that Pocket did not have. */
export function notFoundPage(method: string, path: string): PocketResponse {
  const what = `Cannot ${method} ${path}`.replaceAll(/[&<>"]/g, (character) => escapes[character] ?? '');
  const head = '<head>\n<meta charset="utf-8">\n<title>Error</title>\n</head>';
  const body = `<!DOCTYPE html>\n<html lang="en">\n${head}\n<body>\n<pre>${what}</pre>\n</body>\n</html>\n`;
  return { status: 404, headers: {}, body };
}

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
