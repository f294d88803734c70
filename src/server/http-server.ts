import { createServer, type RequestListener, type Server } from 'node:http';

/** A server on a socket that slow clients cannot hold: headers have to arrive in 10 seconds, and the whole request in 60. */
export const createHttpServer = (listener: RequestListener): Server =>
  createServer({ headersTimeout: 10_000, requestTimeout: 60_000, connectionsCheckingInterval: 5000 }, listener);
