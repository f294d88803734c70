import { createServer, IncomingMessage, type RequestListener, type Server } from 'node:http';

/** A server on a socket that slow clients cannot hold: headers have to arrive in 10 seconds, and the whole request in 60. */
export function createHttpServer(listener: RequestListener): Server {
  const options = { headersTimeout: 10_000, requestTimeout: 60_000, connectionsCheckingInterval: 5000 };
  // A client that waits for “100 Continue” is told to go on when its body is read, which is after its headers were checked.
  return createServer(options, listener).on('checkContinue', (request, response) => {
    request._read = (size) => {
      if (!response.headersSent) response.writeContinue();
      request._read = IncomingMessage.prototype._read;
      request._read(size);
    };
    listener(request, response);
  });
}
