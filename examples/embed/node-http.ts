import { createServer as createHttpServer, type Server } from 'node:http';
import { type Connect, createServer } from 'freshsales-graphql';

/** GraphQL, MCP and health checks on a server of Node.js, at /graphql, /mcp and /health. */
export function serveWithNode(connect: Connect): Server {
  const freshsales = createServer({ connect, loopbackOnly: false });
  // Load balancers keep idle connections for up to 60 seconds.
  return createHttpServer({ keepAliveTimeout: 65_000 }, freshsales);
}
