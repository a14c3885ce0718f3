import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type SecureContextOptions } from 'node:tls';
import type { PageRequestOptions } from '../../lib/pages/page-request.ts';

/** How a host responds to a request. */
export type Behaviour = (socket: Socket, request: string) => void;

/**
 * An internet on loopback. Names and public addresses are routed to servers on this machine, every other address to a
 * tripwire, which counts connections that must not happen. So nothing leaves the machine, even if the code under test
 * is broken.
 */
export type FakeInternet = {
  readonly lookup: NonNullable<PageRequestOptions['lookup']>;
  readonly route: NonNullable<PageRequestOptions['route']>;
  /** Serves `host` at a public address of its own, on every port; gives the port on loopback behind it. */
  serve(host: string, behaviour: Behaviour, tls?: SecureContextOptions): Promise<number>;
  /** The answers to one lookup of `host` after the other; the last one stays. */
  name(host: string, ...answers: (readonly string[])[]): void;
  /** Connections to addresses that must not be reached. */
  tripped(): number;
  /** Connections that are open at this moment. */
  open(): number;
  close(): Promise<void>;
};

export async function fakeInternet(): Promise<FakeInternet> {
  const servers: Server[] = [];
  const open = new Set<Socket>();
  const names = new Map<string, (readonly string[])[]>();
  const ports = new Map<string, number>();
  let tripped = 0;

  async function listen(onSocket: (socket: Socket) => void, tls?: SecureContextOptions): Promise<number> {
    const listener = (socket: Socket) => {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
      socket.on('error', () => {});
      onSocket(socket);
    };
    const server = tls ? createTlsServer(tls, listener) : createServer(listener);
    servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return portOf(server);
  }

  const tripwire = await listen((socket) => {
    tripped += 1;
    socket.destroy();
  });

  return {
    async lookup(host) {
      const answers = names.get(host);
      const answer = answers && answers.length > 1 ? answers.shift() : answers?.[0];
      if (answer === undefined) throw Object.assign(new Error(host), { code: 'ENOTFOUND' });
      return answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    },
    route({ addresses, port }) {
      const [first = tripwire, ...others] = addresses.map(({ address }) => ports.get(address) ?? tripwire);
      const isOwn = servers.some((server) => portOf(server) === port);
      return {
        addresses: [{ address: '127.0.0.1', family: 4 }],
        port: isOwn ? port : others.includes(tripwire) ? tripwire : first,
      };
    },
    async serve(host, behaviour, tls) {
      const address = `93.184.216.${ports.size + 1}`;
      const answer = (socket: Socket) => socket.on('data', (request) => behaviour(socket, String(request)));
      const port = await listen(answer, tls);
      ports.set(address, port);
      names.set(host, [[address]]);
      return port;
    },
    name: (host, ...answers) => void names.set(host, answers),
    tripped: () => tripped,
    open: () => open.size,
    async close() {
      for (const socket of open) socket.destroy();
      await Promise.all(servers.map((server) => once(server.close(), 'close')));
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A server without a port.');
  return address.port;
}
