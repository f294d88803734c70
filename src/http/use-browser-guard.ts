import type { Plugin } from 'graphql-yoga';
import { refusal } from './refusal.ts';

export interface BrowserGuardOptions {
  /** Only a loopback name may be asked for: a foreign name that resolves here is how a web page gets past the browser. */
  readonly loopbackOnly: boolean;
  /** Origins whose pages may send operations, beside our own. */
  readonly origins: readonly string[];
}

/** The name in a Host header or an address to listen on: `localhost:4000`, `127.0.0.1`, `[::1]:4000`, `::1`. */
function nameOf(host: string): string {
  if (host.startsWith('[')) return host.slice(1, host.indexOf(']'));
  const parts = host.split(':');
  return parts.length > 2 ? host : (parts[0] ?? '');
}

export const isLoopbackHost = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|::1)$/i.test(nameOf(host));

/** Keeps pages of other sites from spending calls and reading answers through somebody's browser. */
export const useBrowserGuard = ({ loopbackOnly, origins }: BrowserGuardOptions): Plugin => ({
  onRequest({ request, url, endResponse }) {
    const host = request.headers.get('host') ?? url.host;
    if (isForeign(request.headers, host, origins))
      return endResponse(
        refusal(403, 'Pages of this origin may not send operations here (ALLOWED_ORIGINS).', 'FORBIDDEN'),
      );
    if (loopbackOnly && !isLoopbackHost(host))
      return endResponse(
        refusal(
          403,
          'This server answers only to localhost. Set FRESHSALES_CALLERS, or FRESHSALES_AUTH=pass-through, to serve others.',
          'FORBIDDEN',
        ),
      );
    if (url.pathname === '/')
      return endResponse(new Response(null, { status: 302, headers: { location: '/graphql' } }));
  },
});

/** Whether a browser sends this for a page of another origin that was not let in. What is no browser says nothing of it. */
function isForeign(headers: Headers, host: string, origins: readonly string[]): boolean {
  const origin = headers.get('origin');
  if (origin !== null) return !origins.includes(origin) && !sameHost(origin, host);
  return headers.get('sec-fetch-site') === 'cross-site' && headers.get('sec-fetch-mode') !== 'navigate';
}

const sameHost = (origin: string, host: string): boolean => URL.canParse(origin) && new URL(origin).host === host;
