import { type Connect, createServer } from 'freshsales-graphql/worker';

/** A runtime that calls `fetch` of the default export, without `node:fs`. */
export const createWorker = (connect: Connect) => {
  // GraphiQL's assets are not part of the worker.
  const freshsales = createServer({ connect, loopbackOnly: false, production: true });
  return { fetch: (request: Request): Promise<Response> => freshsales.fetch(request) };
};
