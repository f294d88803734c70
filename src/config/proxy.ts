import { BlockList, isIP } from 'node:net';
import { ConfigError } from './environment.ts';

/** The proxy between this server and Freshsales. */
export interface ProxyConfig {
  /** With its credentials, if any. */
  readonly url: string;
  /** Host and port, for messages. */
  readonly host: string;
}

/**
 * The proxy for a URL, from HTTPS_PROXY and NO_PROXY in capitals or not, as curl reads them. Plain HTTP is for this machine only and
 * has no proxy.
 */
export function proxyFor(address: string, env: NodeJS.ProcessEnv): ProxyConfig | undefined {
  const given = (env.HTTPS_PROXY || env.https_proxy || '').trim();
  const { protocol, hostname, port } = new URL(address);
  if (given === '' || protocol !== 'https:') return undefined;
  const url = /^[a-z][a-z\d+.-]*:\/\//i.test(given) ? given : `http://${given}`;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new ConfigError('HTTPS_PROXY is not valid. Set it to the URL of a proxy, such as http://proxy.example:3128.');
  if (isExempt({ hostname, port: port || '443' }, env.NO_PROXY || env.no_proxy || '')) return undefined;
  return { url, host: new URL(url).host };
}

/** True if NO_PROXY lists the host: by name or a domain above it, address, network, or with a port. `*` lists all. */
function isExempt({ hostname, port }: { hostname: string; port: string }, list: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      if (entry === '*') return true;
      if (entry.includes('/')) return isInNetwork(host, entry);
      const [, name = entry, onlyPort] = /^(\[[^\]]+\]|[^:]+):(\d+)$/.exec(entry) ?? [];
      if (onlyPort !== undefined && onlyPort !== port) return false;
      const domain = name.replace(/^\[|\]$/g, '').replace(/^\*?\./, '');
      if (isIP(host) !== 0) return isInNetwork(host, `${domain}/${isIP(domain) === 6 ? 128 : 32}`);
      return host === domain || host.endsWith(`.${domain}`);
    });
}

function isInNetwork(host: string, network: string): boolean {
  const [, address = '', prefix] = /^([^/]+)\/(\d{1,3})$/.exec(network) ?? [];
  const [version, family] = [isIP(host), isIP(address)];
  const bits = Number(prefix);
  if (version === 0 || version !== family || bits > (family === 6 ? 128 : 32)) return false;
  const type = family === 6 ? 'ipv6' : 'ipv4';
  const networks = new BlockList();
  networks.addSubnet(address, bits, type);
  return networks.check(host, type);
}
