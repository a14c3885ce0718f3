import * as z from 'zod';
import type { Deadline } from '../../deadline.ts';
import { Failure } from '../../failure.ts';
import { describeRequest, type HttpResponse, type Request } from '../../http/request.ts';
import type { Credentials } from '../../secrets/credentials.ts';
import { sharedTokens, type TokenFor, withToken } from '../access-tokens.ts';
import { type CallApi, classifyJson, parseResponse, redirectFailure } from '../api-call.ts';

/** Parameters of wallabag's password grant. */
type WallabagLogin = Readonly<Record<'clientId' | 'clientSecret' | 'username' | 'password', string>>;

export type WallabagOptions = {
  /** Address of the server, without a slash at the end. */
  readonly url: string;
  readonly request: Request;
  readonly credentials: Credentials<keyof WallabagLogin>;
};

const granted = z.object({ access_token: z.string() });

/**
 * Tokens by password grant, https://doc.wallabag.org/developer/api/oauth/. The lifetime depends on the server (default: an
 * hour), so a token is renewed when it is refused.
 * @internal
 */
export function wallabagLogins(url: string, request: Request): { tokenFor: TokenFor<WallabagLogin> } {
  async function logIn(login: WallabagLogin, deadline: Deadline): Promise<string> {
    const spec = { method: 'POST', url: `${url}/oauth/v2/token` } as const;
    const response = await request({
      ...spec,
      json: {
        grant_type: 'password',
        client_id: login.clientId,
        client_secret: login.clientSecret,
        username: login.username,
        password: login.password,
      },
      deadline,
      classifyResponse: (received) => classifyLogin(spec, received),
    });
    return parseResponse(granted, response, 'the token of wallabag').access_token;
  }

  return { tokenFor: sharedTokens(logIn) };
}

/** 400 with `invalid_grant` is a wrong name or password, 401 with `invalid_client` a wrong client. */
function classifyLogin(spec: { method: 'POST'; url: string }, response: HttpResponse): Failure | undefined {
  const { status } = response;
  const label = `${describeRequest(spec)}: answered ${status}`;
  if (status === 404) return new Failure('settings', `${label}; is WALLABAG_URL right?`, { status });
  if (status === 400 || status === 401) {
    return new Failure('credentials', `${label}, client, name or password refused`, { status });
  }
  return redirectFailure(spec, response, 'WALLABAG_URL') ?? classifyJson(spec, response);
}

/** Creates the function that calls the API with a token, and again with a new one if the token is refused. */
export function wallabagCall({ url, request, credentials }: WallabagOptions): CallApi {
  const { tokenFor } = wallabagLogins(url, request);
  return ({ method = 'GET', path, ...spec }, deadline) =>
    credentials.use((login) =>
      withToken(tokenFor, { login, deadline }, (token) => {
        const described = { method, url: `${url}/api${path}` };
        return request({
          classifyResponse: (response) => classifyJson(described, response),
          ...spec,
          ...described,
          headers: { Authorization: `Bearer ${token}` },
          deadline,
        });
      }),
    );
}
