import { BlockList, isIP } from 'node:net';
import { AxiosError, type AxiosProxyConfig } from 'axios';

/** The variables that may name proxies. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The proxy of a request, and the variable that names it. */
export type NamedProxy = AxiosProxyConfig & { readonly variable: string };

/**
 * The proxy that an environment names for an address; `false`: none, as for every address of this machine. axios would
 * look in that of the process alone, send the password percent-encoded, and loopback addresses to the proxy.
 */
export function proxyFor(url: string, env: Environment): NamedProxy | false {
  const address = new URL(url);
  const { protocol, hostname } = address;
  const names = [`${protocol.slice(0, -1)}_proxy`, 'all_proxy'].flatMap((name) => [name, name.toUpperCase()]);
  const variable = names.find((name) => env[name]?.trim());
  if (!variable || isLoopback(hostname) || isException(address, env.no_proxy || env.NO_PROXY || ''))
    return false;
  const text = env[variable]?.trim() ?? '';
  const proxy = URL.parse(text.includes('://') ? text : `http://${text}`);
  if (!proxy || !/^https?:$/.test(proxy.protocol))
    throw new AxiosError(
      `${variable}: is not the address of an http proxy; give one such as http://proxy.example.com:3128`,
      'BAD_PROXY',
    );
  const [username, password] = [proxy.username, proxy.password].map(decoded);
  return {
    variable,
    protocol: proxy.protocol,
    host: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: Number(proxy.port || (proxy.protocol === 'https:' ? 443 : 80)),
    ...(username && { auth: { username, password: password ?? '' } }),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Whether `NO_PROXY` has an address: by its host or `HOST:PORT`, by `.example.com` or `*.example.com` for all below it, by a
 * range such as `192.168.0.0/16`, or by `*`. An address of IPv6 needs brackets only before a port.
 */
function isException({ protocol, hostname, port }: URL, noProxy: string): boolean {
  const portOfUrl = port || (protocol === 'https:' ? '443' : '80');
  const entries = noProxy.toLowerCase().split(/[\s,]+/);
  const isMeant = (entry: string) => {
    const [, host = entry, onlyPort = portOfUrl] = /^(.+):(\d+)$/.exec(entry) ?? [];
    const isHost = /^[.*]/.test(host) ? hostname.endsWith(host.replace('*', '')) : hostname === host;
    return isHost && onlyPort === portOfUrl;
  };
  return entries.some(isMeant) || isInList(hostname, rangesIn(entries));
}

function rangesIn(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [network = '', bits = isIP(entry) === 4 ? '32' : '128'] = entry.split('/');
    if (isIP(network) && /^\d+$/.test(bits) && Number(bits) <= (isIP(network) === 4 ? 32 : 128))
      list.addSubnet(network, Number(bits), isIP(network) === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('0.0.0.0');
loopback.addAddress('::1', 'ipv6');

/** Whether the host of a URL is a loopback address or name. */
export function isLoopback(host: string): boolean {
  return /(^|\.)localhost\.?$/.test(host) || isInList(host, loopback);
}

function isInList(host: string, list: BlockList): boolean {
  return host.startsWith('[') ? list.check(host.slice(1, -1), 'ipv6') : list.check(host);
}
