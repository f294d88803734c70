import type { Plugin } from 'graphql-yoga';

/** Request headers on which the responses depend. */
const VARY = ['Authorization', 'Accept', 'Origin'];

/** Keeps responses out of caches: they contain data of one caller. Routes whose responses may be shared say so themselves. */
export const useCacheHeaders = (): Plugin => ({
  onResponse({ response: { headers } }) {
    if (headers.has('cache-control')) return;
    headers.set('cache-control', 'private, no-store');
    const named = (headers.get('vary') ?? '').split(',').map((name) => name.trim());
    const missing = VARY.filter((name) => !named.some((each) => each.toLowerCase() === name.toLowerCase()));
    headers.set('vary', [...named, ...missing].filter(Boolean).join(', '));
  },
});
