import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What stands for a service: an address, before which a front passes calls on. */
type Behind = { readonly url: string };

/** A refusal in place of what the service would answer. */
type Refusal = { readonly status: number; readonly headers?: Readonly<Record<string, string>> };

export type Front = {
  readonly url: string;
  /** Everything that came, head and body, by the token that came with it; `''`: none that is known. */
  readonly seen: { readonly token: string; readonly text: string }[];
  /** Called before a call is passed on. */
  refuse: (token: string, method: string) => Refusal | undefined;
  close(): Promise<void>;
};

/** One host of several accounts: a call goes to the service of its token, and what came is kept as it came. */
export async function startFront(accounts: Readonly<Record<string, Behind>>): Promise<Front> {
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const { method = 'GET', url = '', rawHeaders, headers } = request;
    const raw = [method, url, ...rawHeaders, body].join('\n');
    const token = Object.keys(accounts).find((one) => headers.authorization?.endsWith(` ${one}`)) ?? '';
    front.seen.push({ token, text: raw });
    const refusal = accounts[token] ? front.refuse(token, method) : { status: 401 };
    if (refusal) {
      response.writeHead(refusal.status, refusal.headers).end('no');
      return;
    }
    const { authorization = '', 'content-type': type } = headers;
    const answer = await fetch(`${accounts[token]?.url}${url}`, {
      method,
      headers: { authorization, ...(type && { 'content-type': type }) },
      ...(body && { body }),
    });
    response
      .writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' })
      .end(await answer.text());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const front: Front = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: [],
    refuse: () => undefined,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return front;
}
