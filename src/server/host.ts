/** The name in a Host header or an address to listen on: `localhost:4000`, `127.0.0.1`, `[::1]:4000`, `::1`. */
function nameOf(host: string): string {
  if (host.startsWith('[')) return host.slice(1, host.indexOf(']'));
  const parts = host.split(':');
  return parts.length > 2 ? host : (parts[0] ?? '');
}

export const isLoopbackHost = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|::1)$/i.test(nameOf(host));

/** A Host header that names a host and nothing else, so that it means the same to everything that reads it. */
export const isValidHost = (host: string): boolean => /^[^\s/\\?#@]+$/.test(host) && URL.canParse(`http://${host}/`);

/** True if a browser sends this for a page of another origin that is not allowed. Other clients say nothing of origins. */
export function isForeign(headers: Headers, host: string, origins: readonly string[]): boolean {
  const origin = headers.get('origin');
  if (origin !== null) return !origins.includes(origin) && !isSameHost(origin, host);
  return headers.get('sec-fetch-site') === 'cross-site' && headers.get('sec-fetch-mode') !== 'navigate';
}

const isSameHost = (origin: string, host: string): boolean =>
  URL.canParse(origin) && [host, new URL(`http://${host}/`).host].includes(new URL(origin).host);
