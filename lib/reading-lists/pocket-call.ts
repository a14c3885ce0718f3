import type { Deadline } from '../deadline.ts';
import type { Credentials } from '../secrets/credentials.ts';
import { gate } from '../web/gate.ts';
import type { Answer, Request } from '../web/request.ts';
import { judgePocket, limitResetMs } from './pocket-errors.ts';

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
) => Promise<Answer>;

/** Calls to a Pocket v3 API, none of them before its limits allow it. */
export function pocketCall({ apiUrl, request, credentials }: PocketOptions): Call {
  const open = gate();
  return async (path, json, deadline) => {
    // The limit headers of an answer may say that it was the last for now.
    await open.pass(deadline, 'Pocket allows no more calls for now');
    const answer = await credentials.use(({ consumerKey, accessToken }) =>
      request({
        method: 'POST',
        url: `${apiUrl}/${path}`,
        json: { consumer_key: consumerKey, access_token: accessToken, ...json },
        // Reading is by POST too; adding or removing a tag twice is the same as once.
        repeatable: true,
        deadline,
        judge: (answer) => judgePocket(path, apiUrl, answer),
      }),
    );
    open.shut(limitResetMs(answer) ?? 0);
    return answer;
  };
}
