import { createHash, timingSafeEqual } from 'node:crypto';
import { type Answer, refusal } from './answer.ts';
import type { Params } from './params.ts';
import type { Store } from './store.ts';

export type Credentials = { readonly consumerKey: string; readonly accessToken: string };

const digest = (text: string) => createHash('sha256').update(text).digest();
/** Takes as long whether they differ early or late. */
const same = (a: string, b: string) => timingSafeEqual(digest(a), digest(b));

/** Why a consumer key is not accepted; undefined: it is. */
export function refuseKey({ consumer_key: key }: Params, expected: string): Answer | undefined {
  if (typeof key !== 'string' || key === '') return refusal(400, 138, 'Missing consumer key.');
  return same(key, expected) ? undefined : refusal(403, 152, 'Invalid consumer key.');
}

/** Why a call is not let in: its key, or its token, which may also be one that OAuth gave out. */
export function refuse(
  params: Params,
  { consumerKey, accessToken }: Credentials,
  store: Store,
): { readonly what: 'key' | 'token'; readonly answer: Answer } | undefined {
  const answer = refuseKey(params, consumerKey);
  if (answer) return { what: 'key', answer };
  const token = params.access_token;
  if (typeof token === 'string' && token !== '' && (same(token, accessToken) || store.hasToken(token)))
    return undefined;
  const text = 'A valid access token is required to access the requested API endpoint.';
  return { what: 'token', answer: refusal(401, 107, text) };
}
