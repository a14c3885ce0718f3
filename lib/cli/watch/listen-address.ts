import { InvalidArgumentError } from 'commander';
import type { ListenAddress } from '../../webhooks/webhook-server.ts';

const LOOPBACK = '127.0.0.1';
const MAX_PORT = 65_535;

/**
 * Parses the address of `--listen`. A port alone is one of this machine only: who wants to be reached from elsewhere
 * says so.
 *
 * @example
 * readListenAddress('8484'); // { host: '127.0.0.1', port: 8484 }
 */
export function readListenAddress(text: string): ListenAddress {
  const [, , ipv6, name, port = ''] =
    /^((?:\[([\da-f:.]+)\]|([\w.-]+)):)?(\d{1,5})$/i.exec(text.trim()) ?? [];
  if (port !== '' && Number(port) <= MAX_PORT) return { host: ipv6 ?? name ?? LOOPBACK, port: Number(port) };
  throw new InvalidArgumentError(
    'Give an address and a port, such as 127.0.0.1:8484 for this machine only, or 0.0.0.0:8484 in a container.',
  );
}
