import * as z from 'zod';
import type { Deadline } from '../../deadline.ts';
import { Failure } from '../../failure.ts';
import { describeRequest, type HttpResponse, type Request } from '../../http/request.ts';
import { classifyJson } from '../api-call.ts';
import { parseResponse } from '../parse-response.ts';

/** What wallabag's password grant takes. */
export type WallabagLogin = Readonly<Record<'clientId' | 'clientSecret' | 'username' | 'password', string>>;

export type Logins = {
  /** The token granted for these values, or a new one. `refused`: not this one any more. */
  tokenFor(login: WallabagLogin, deadline: Deadline, refused?: Promise<string>): Promise<string>;
};

const granted = z.object({ access_token: z.string() });

/**
 * Tokens by password grant, https://doc.wallabag.org/developer/api/oauth/. One is good for an hour unless the
 * server is set otherwise, so it is renewed when it is refused, whatever its age. Concurrent calls share one.
 */
export function wallabagLogins(url: string, request: Request): Logins {
  const tokens = new WeakMap<WallabagLogin, Promise<string>>();

  async function logIn(login: WallabagLogin, deadline: Deadline): Promise<string> {
    const spec = { method: 'POST', url: `${url}/oauth/v2/token` } as const;
    const answer = await request({
      ...spec,
      json: {
        grant_type: 'password',
        client_id: login.clientId,
        client_secret: login.clientSecret,
        username: login.username,
        password: login.password,
      },
      deadline,
      classifyResponse: (answer) => classifyLogin(spec, answer),
    });
    return parseResponse(granted, answer, 'the token of wallabag').access_token;
  }

  return {
    tokenFor(login, deadline, refused) {
      const known = tokens.get(login);
      // A call that is refused late finds the token that another call got meanwhile.
      if (known && known !== refused) return known;
      const granting = logIn(login, deadline);
      tokens.set(login, granting);
      // A refusal is final, for every call; after any other failure the next call tries again.
      granting.catch((error) => {
        if (!isRefusal(error)) tokens.delete(login);
      });
      return granting;
    },
  };
}

function isRefusal(error: unknown): boolean {
  return error instanceof Failure && error.kind === 'credentials';
}

/** 400 with `invalid_grant` is a wrong name or password, 401 with `invalid_client` a wrong client. */
function classifyLogin(spec: { method: 'POST'; url: string }, answer: HttpResponse): Failure | undefined {
  const { status } = answer;
  const label = `${describeRequest(spec)}: answered ${status}`;
  if (status === 404) return new Failure('settings', `${label}; is WALLABAG_URL right?`, { status });
  if (status === 400 || status === 401) {
    return new Failure('credentials', `${label}, client, name or password refused`, { status });
  }
  return classifyJson(spec, answer);
}
