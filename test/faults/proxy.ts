import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** One request on its way through a proxy. */
export type Exchange = {
  readonly client: Socket;
  /** Sends the request on, and resolves to the whole answer. */
  answer(): Promise<Buffer>;
  /** Sends the first half of the request on, and ends that connection. */
  halfARequest(): Promise<void>;
};

/** What becomes of a connection; `refuse`: nobody listens. An HTTP server cannot do any of this by itself. */
export type TransportFault = 'refuse' | ((exchange: Exchange) => unknown);

export type Proxy = {
  readonly url: string;
  /** How many connections were tried, those that were refused among them. */
  tried(): number;
  /** Resolves once nothing is on its way to the server any more. */
  close(): Promise<void>;
};

/** A TCP proxy in front of a server, with a connection for each request. `faultAt`: of the n-th, from 1 on. */
export async function startProxy(
  target: string,
  faultAt: (n: number) => TransportFault | undefined,
): Promise<Proxy> {
  const { hostname, port: targetPort, pathname } = new URL(target);
  const open = new Set<Socket>();
  const kept = (socket: Socket) => {
    open.add(socket);
    // A broken connection is what the proxy is for.
    return socket.on('error', () => {}).on('close', () => open.delete(socket));
  };
  const underWay: Promise<void>[] = [];
  const toServer = () => kept(connect(Number(targetPort), hostname));
  let tried = 0;
  const listener = createServer({ noDelay: true }, (client) => {
    tried += 1;
    const fault = faultAt(tried) ?? passOn;
    openOrShut();
    if (fault !== 'refuse') underWay.push(meet(kept(client), toServer, fault));
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;

  /** Nobody listens by the time the connection comes that is to be refused. */
  function openOrShut(): void {
    const refuses = faultAt(tried + 1) === 'refuse';
    if (refuses && listener.listening) listener.close();
    if (!refuses && !listener.listening) listener.listen(port, '127.0.0.1');
  }
  /** A refused connection is seen by its client alone, which is in this process. */
  function onClientError(message: unknown): void {
    const { request } = message as { request: { getHeader(name: string): unknown } };
    if (listener.listening || request.getHeader('host') !== `127.0.0.1:${port}`) return;
    tried += 1;
    openOrShut();
  }
  subscribe('http.client.request.error', onClientError);
  openOrShut();
  return {
    url: `http://127.0.0.1:${port}${pathname}`,
    tried: () => tried,
    close: async () => {
      unsubscribe('http.client.request.error', onClientError);
      listener.close();
      await Promise.all(underWay);
      for (const socket of open) socket.destroy();
    },
  };
}

const passOn = async ({ client, answer }: Exchange) => client.end(await answer());

async function meet(
  client: Socket,
  toServer: () => Socket,
  fault: (exchange: Exchange) => unknown,
): Promise<void> {
  const answer = async () => {
    const request = await readRequest(client);
    const server = toServer();
    server.write(request);
    const chunks: Buffer[] = [];
    for await (const chunk of server) chunks.push(chunk);
    return Buffer.concat(chunks);
  };
  const halfARequest = async () => {
    const request = await readRequest(client);
    const server = toServer().resume();
    server.end(request.slice(0, request.length / 2));
    await once(server, 'close');
  };
  try {
    await fault({ client, answer, halfARequest });
  } catch {
    client.destroy();
  }
}

/** Head and body, as far as `Content-Length` says, with word to the server that no more will come. */
async function readRequest(client: Socket): Promise<string> {
  let text = '';
  for await (const chunk of client.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    const length = Number(/^content-length: (\d+)/im.exec(text)?.[1] ?? 0);
    const bodyAt = text.indexOf('\r\n\r\n') + 4;
    const isWhole = bodyAt > 3 && Buffer.byteLength(text.slice(bodyAt)) >= length;
    if (isWhole) {
      client.resume();
      return text.replace(/^connection: .*$/im, 'Connection: close');
    }
  }
  throw new Error('The client gave up before it had sent its request');
}
