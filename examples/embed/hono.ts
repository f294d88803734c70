import { type Connect, createServer } from 'freshsales-graphql';
import { Hono } from 'hono';

/** Below /crm of a Hono application, on any runtime. */
export function serveWithHono(connect: Connect): Hono {
  const freshsales = createServer({ connect, basePath: '/crm', loopbackOnly: false });
  return new Hono().all('/crm/*', ({ req }) => freshsales.fetch(req.raw)).get('/', (c) => c.text('The application'));
}
