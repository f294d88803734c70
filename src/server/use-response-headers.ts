import type { Plugin } from 'graphql-yoga';
import { STREAMED } from '../observability/use-observer.ts';

/** Request headers on which the responses depend. */
const VARY = ['Authorization', 'Accept', 'Origin'];

/** Keeps responses out of caches, and streams out of the buffers of proxies. */
export const useResponseHeaders = (): Plugin => ({
  onResponse({ response: { headers } }) {
    if (STREAMED.test(headers.get('content-type') ?? '')) passStream(headers);
    keepOutOfCaches(headers);
  },
});

function passStream(headers: Headers): void {
  // nginx would otherwise hold parts back.
  headers.set('x-accel-buffering', 'no');
  // Node.js knows what the connection allows.
  headers.delete('connection');
  headers.delete('transfer-encoding');
}

/** Responses contain data of one caller. Routes whose responses may be shared say so themselves. */
function keepOutOfCaches(headers: Headers): void {
  if (headers.has('cache-control')) return;
  headers.set('cache-control', 'private, no-store');
  const named = (headers.get('vary') ?? '').split(',').map((name) => name.trim());
  const missing = VARY.filter((name) => !named.some((each) => each.toLowerCase() === name.toLowerCase()));
  headers.set('vary', [...named, ...missing].filter(Boolean).join(', '));
}
