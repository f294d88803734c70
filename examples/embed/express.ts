import express, { type Express } from 'express';
import { type Connect, createServer } from 'freshsales-graphql';

/** Below /crm of an Express application: /crm/graphql, /crm/mcp. Body parsers before it do no harm. */
export function serveWithExpress(connect: Connect, { parseBodies = false } = {}): Express {
  const app = express();
  if (parseBodies) app.use(express.json({ limit: '1mb' }));
  app.use('/crm', createServer({ connect, basePath: '/crm', loopbackOnly: false }));
  app.get('/', (_request, response) => void response.send('The application'));
  return app;
}
