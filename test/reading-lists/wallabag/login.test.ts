import assert from 'node:assert/strict';
import sinon from 'sinon';
import { Failure } from '../../../lib/failure.ts';
import type { HttpResponse, RequestSpec } from '../../../lib/http/request.ts';
import { wallabagLogins } from '../../../lib/reading-lists/wallabag/login.ts';
import { NO_DEADLINE } from '../../helpers/pocket.ts';

const LOGIN = { clientId: 'c', clientSecret: 's', username: 'u', password: 'p' };
const URL_OF_SERVER = 'https://wallabag.example';

/** Answers as the server would, after what the caller makes of the answer itself. */
function answering(...answers: (Partial<HttpResponse> | Error)[]) {
  return sinon.fake(async (spec: RequestSpec): Promise<HttpResponse> => {
    const next = answers.shift();
    if (next instanceof Error) throw next;
    const answer = { status: 200, header: () => undefined, body: undefined, ...next } as HttpResponse;
    const failure = spec.classifyResponse?.(answer);
    if (failure) throw failure;
    return answer;
  });
}
const token = (access_token: string) => ({ body: { access_token } });

describe('wallabagLogins', () => {
  it('asks for a token by password, and keeps it', async () => {
    const request = answering(token('one'));
    const logins = wallabagLogins(URL_OF_SERVER, request);
    assert.equal(await logins.tokenFor(LOGIN, NO_DEADLINE), 'one');
    assert.equal(await logins.tokenFor(LOGIN, NO_DEADLINE), 'one');
    assert.equal(request.callCount, 1);
    const { method, url, json } = request.firstCall.firstArg;
    assert.deepEqual(
      [method, url, json],
      [
        'POST',
        'https://wallabag.example/oauth/v2/token',
        { grant_type: 'password', client_id: 'c', client_secret: 's', username: 'u', password: 'p' },
      ],
    );
  });

  it('shares one token among those who ask at once, and gets another for one that is refused', async () => {
    const request = answering(token('one'), token('two'));
    const logins = wallabagLogins(URL_OF_SERVER, request);
    const first = logins.tokenFor(LOGIN, NO_DEADLINE);
    assert.equal(logins.tokenFor(LOGIN, NO_DEADLINE), first);
    await first;
    const [one, other] = [1, 2].map(() => logins.tokenFor(LOGIN, NO_DEADLINE, first));
    assert.deepEqual([await one, await other, request.callCount], ['two', 'two', 2]);
  });

  const refusals: [status: number, kind: string, message: RegExp][] = [
    [404, 'settings', /\/oauth\/v2\/token: answered 404; is WALLABAG_URL right\?$/],
    [301, 'settings', /\/oauth\/v2\/token: answered 301, a redirect; is WALLABAG_URL right\?$/],
    [400, 'credentials', /\/oauth\/v2\/token: answered 400, client, name or password refused$/],
    [401, 'credentials', /\/oauth\/v2\/token: answered 401, client, name or password refused$/],
  ];
  for (const [status, kind, message] of refusals) {
    it(`says what is wrong: ${status}`, async () => {
      const logins = wallabagLogins(URL_OF_SERVER, answering({ status }));
      await assert.rejects(logins.tokenFor(LOGIN, NO_DEADLINE), { kind, message, status });
    });
  }

  it('asks once for what is refused, whoever asks again', async () => {
    const request = answering({ status: 400 }, token('never'));
    const logins = wallabagLogins(URL_OF_SERVER, request);
    for (const _ of [1, 2])
      await assert.rejects(logins.tokenFor(LOGIN, NO_DEADLINE), { kind: 'credentials' });
    assert.equal(request.callCount, 1);
  });

  for (const [why, trouble] of [
    ['no answer', new Failure('unavailable', 'no answer')],
    ['what is no trouble of the service at all', new TypeError('ours')],
    ['a wrong address, which may be put right', { status: 404 }],
  ] as const) {
    it(`asks again after ${why}`, async () => {
      const request = answering(trouble, token('one'));
      const logins = wallabagLogins(URL_OF_SERVER, request);
      await assert.rejects(logins.tokenFor(LOGIN, NO_DEADLINE));
      assert.equal(await logins.tokenFor(LOGIN, NO_DEADLINE), 'one');
    });
  }

  it('names what is missing in an answer without a token', async () => {
    const logins = wallabagLogins(URL_OF_SERVER, answering({ body: {} }));
    await assert.rejects(logins.tokenFor(LOGIN, NO_DEADLINE), {
      message: /the token of wallabag: "access_token"/,
    });
  });
});
