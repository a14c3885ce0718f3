import type { Deadline } from '../deadline.ts';
import { Failure } from '../failure.ts';

/** The token for a login; requests a new one if there is none, or if it is `refused`, which a call was refused with. */
export type TokenFor<Login> = (
  login: Login,
  deadline: Deadline,
  refused?: Promise<string>,
) => Promise<string>;

/** Keeps the token that `logIn` brings, for services that hand out one for a time. Concurrent calls share one. */
export function sharedTokens<Login extends object>(
  logIn: (login: Login, deadline: Deadline) => Promise<string>,
): TokenFor<Login> {
  const tokens = new WeakMap<Login, Promise<string>>();
  return (login, deadline, refused) => {
    const known = tokens.get(login);
    // Another call may have renewed the token already.
    if (known && known !== refused) return known;
    const granting = logIn(login, deadline);
    tokens.set(login, granting);
    // Refused credentials are final for every call; after any other failure the next call tries again.
    granting.catch((error) => {
      if (!isRefusal(error)) tokens.delete(login);
    });
    return granting;
  };
}

/** Calls `send` with the token of a login, and again with a new one if it is refused. */
export async function withToken<Login, Result>(
  tokenFor: TokenFor<Login>,
  { login, deadline }: { login: Login; deadline: Deadline },
  send: (token: string) => Promise<Result>,
): Promise<Result> {
  const token = tokenFor(login, deadline);
  const granted = await token;
  try {
    return await send(granted);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return await send(await tokenFor(login, deadline, token));
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof Failure && error.kind === 'credentials';
}
