import { type Connect, createServer } from 'freshsales-graphql';

/** Handlers of `app/api/crm/[...path]/route.ts`: `export const { GET, POST, OPTIONS } = routeHandlers(connect);` */
export function routeHandlers(connect: Connect) {
  const freshsales = createServer({ connect, basePath: '/api/crm', loopbackOnly: false });
  const handle = (request: Request): Promise<Response> => freshsales.fetch(request);
  return { GET: handle, POST: handle, OPTIONS: handle };
}
