import type { GraphQLSchema } from 'graphql';
import { createServer as createInternal } from '../server/create-server.ts';
import { schema as fullSchema } from '../server/schema.ts';
import { admitting } from './admissions.ts';
import { countedBy } from './metrics.ts';
import type { Server, ServerOptions } from './types.ts';

/**
 * Creates a server for GraphQL, MCP and health checks. It listens nowhere: pass it to `http.createServer`, mount it, or call `fetch`.
 *
 * @throws TypeError if `connect` is missing, or `basePath` is not a path.
 */
export function createServer({ connect, log, slowCallMs, metrics, metricsToken, ...options }: ServerOptions): Server {
  // JavaScript does not check the type, and each request would fail instead.
  if (typeof connect !== 'function')
    throw new TypeError('connect is missing. Provide a function that returns the account of a request.');
  return createInternal({
    ...options,
    connect: admitting(connect),
    observability: { log, metrics: countedBy(metrics), metricsToken, ...(slowCallMs !== undefined && { slowCallMs }) },
  });
}

/** The schema, without the custom fields of an account. For tools: a server needs none. */
export const schema: GraphQLSchema = fullSchema;
