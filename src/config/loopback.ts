import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** True for a loopback IP address in any notation. False for names. */
export function isLoopbackAddress(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && loopback.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

/** True if a Host header or an address to listen on names this machine: `localhost:4000`, `127.0.0.1`, `[::1]:4000`, `::1`. */
export function isLoopbackHost(host: string): boolean {
  const name = nameOf(host);
  return name.toLowerCase() === 'localhost' || isLoopbackAddress(name);
}

function nameOf(host: string): string {
  if (host.startsWith('[')) return host.slice(1, host.indexOf(']'));
  const parts = host.split(':');
  return parts.length > 2 ? host : (parts[0] ?? '');
}
