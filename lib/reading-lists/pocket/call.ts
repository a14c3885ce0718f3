import type { Deadline } from '../../deadline.ts';
import { cooldown } from '../../http/cooldown.ts';
import type { HttpResponse, Request } from '../../http/request.ts';
import type { Credentials } from '../../secrets/credentials.ts';
import { judgePocket, limitResetMs } from './errors.ts';

type PocketCredentials = Credentials<'consumerKey' | 'accessToken'>;

export type PocketOptions = {
  /** Base URL, up to and including `/v3`, without a slash at the end. */
  readonly apiUrl: string;
  readonly request: Request;
  readonly credentials: PocketCredentials;
};

/** One call to `get` or `send`, with the credentials. */
export type Call = (
  path: 'get' | 'send',
  json: Record<string, unknown>,
  deadline: Deadline,
) => Promise<HttpResponse>;

/** Calls to a Pocket v3 API, none of them before its limits allow it. */
export function pocketCall({ apiUrl, request, credentials }: PocketOptions): Call {
  const pause = cooldown();
  return async (path, json, deadline) => {
    // The limit headers of an answer may say that it was the last for now.
    await pause.wait(deadline, 'Pocket allows no more calls for now');
    const answer = await credentials.use(({ consumerKey, accessToken }) =>
      request({
        method: 'POST',
        url: `${apiUrl}/${path}`,
        json: { consumer_key: consumerKey, access_token: accessToken, ...json },
        deadline,
        classifyResponse: (answer) => judgePocket(path, apiUrl, answer),
      }),
    );
    pause.start(limitResetMs(answer) ?? 0);
    return answer;
  };
}
