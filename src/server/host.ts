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
