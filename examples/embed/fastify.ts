import fastify, { type FastifyInstance } from 'fastify';
import { type Connect, createServer } from 'freshsales-graphql';

/** Below /crm of a Fastify application. */
export function serveWithFastify(connect: Connect): FastifyInstance {
  const app = fastify();
  const freshsales = createServer({ connect, basePath: '/crm', loopbackOnly: false });
  app.register(async (scope) => {
    // The body is left to the server, which limits its size.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _body, done) => done(null));
    scope.all('/crm/*', (request, reply) => {
      reply.hijack();
      return freshsales(request.raw, reply.raw);
    });
  });
  app.get('/', async () => 'The application');
  return app;
}
