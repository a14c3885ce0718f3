import { randomUUID } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { checkKey, errorResponse, ok, type Params, type PocketResponse, readParams } from './http.ts';
import type { Store } from './store.ts';

const text = (value: unknown) => (typeof value === 'string' ? value : '');

/** /v3/oauth/request: returns a code that the reader then approves or rejects. */
function requestCode(store: Store, params: Params, consumerKey: string): PocketResponse {
  const refused = checkKey(params, consumerKey);
  if (refused) return refused;
  const redirect_uri = text(params.redirect_uri);
  if (!redirect_uri) return errorResponse(400, 140, 'Missing redirect url.');
  const code = randomUUID();
  const state = text(params.state) || null;
  store.addCode({ code, redirect_uri, state, status: 'waiting' });
  return ok({ code, state });
}

/** /v3/oauth/authorize: exchanges an approved code for a token, once. */
function authorize(store: Store, params: Params, consumerKey: string): PocketResponse {
  const refused = checkKey(params, consumerKey);
  if (refused) return refused;
  if (!text(params.code)) return errorResponse(400, 182, 'Missing code.');
  const found = store.findCode(text(params.code));
  if (!found) return errorResponse(400, 185, 'Code not found.');
  if (found.status === 'used') return errorResponse(403, 159, 'Already used code.');
  // Pocket returned "rejected" also for a code that was still waiting.
  if (found.status !== 'approved') return errorResponse(403, 158, 'User rejected code.');
  const access_token = randomUUID();
  store.transaction(() => {
    store.markCode(found.code, 'used');
    store.addToken(access_token);
  });
  return ok({ access_token, username: 'reader', ...(found.state !== null && { state: found.state }) });
}

/** Form-encoded unless the client accepts JSON. Errors are in headers, their text in the body. */
function respond({ status, headers, body }: PocketResponse, wantsJson: boolean): Response {
  const fields = Object.entries(body as Record<string, string | null>).filter(([, value]) => value !== null);
  const form = new URLSearchParams(fields as [string, string][]).toString();
  const type = wantsJson ? 'application/json' : 'application/x-www-form-urlencoded';
  return new Response(wantsJson ? JSON.stringify(body) : form, {
    status,
    headers: { 'Content-Type': type, 'X-Source': 'Pocket', ...headers },
  });
}

const page = (code: string) => html`<!doctype html>
<html lang="en">
  <meta charset="utf-8"><title>Pocket</title>
  <h1>Let this app read and change your list?</h1>
  <form method="post">
    <input type="hidden" name="request_token" value="${code}">
    <button name="answer" value="yes">Yes</button> <button name="answer" value="no">No</button>
  </form>
</html>`;

/** Routes of OAuth: both calls, and the page on which the reader approves or rejects a code. */
export function oauthRoutes(store: Store, consumerKey: () => string): Hono<{ Bindings: HttpBindings }> {
  type Exchange = typeof requestCode;
  const exchange =
    (give: Exchange) =>
    async (context: Context<{ Bindings: HttpBindings }>): Promise<Response> => {
      const read = await readParams(context.env.incoming);
      const answer = 'params' in read ? give(store, read.params, consumerKey()) : read.refused;
      return respond(answer, context.req.header('x-accept')?.includes('json') ?? false);
    };
  return new Hono<{ Bindings: HttpBindings }>()
    .post('/v3/oauth/request', exchange(requestCode))
    .post('/v3/oauth/authorize', exchange(authorize))
    .get('/auth/authorize', (context) => {
      const found = store.findCode(context.req.query('request_token') ?? '');
      if (found?.status !== 'waiting') return context.text('This request is not known any more.', 404);
      context.header('X-Frame-Options', 'DENY');
      return context.html(page(found.code));
    })
    .post('/auth/authorize', async (context) => {
      const read = await readParams(context.env.incoming);
      const sent = 'params' in read ? read.params : {};
      const found = store.findCode(text(sent.request_token));
      if (found?.status !== 'waiting') return context.text('This request is not known any more.', 404);
      store.markCode(found.code, sent.answer === 'yes' ? 'approved' : 'rejected');
      // Nothing is appended to the redirect URI: the app knows its code.
      return context.redirect(found.redirect_uri);
    });
}
