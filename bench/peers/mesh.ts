import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { useDeduplicateRequest } from '@graphql-hive/plugin-deduplicate-request';
import InMemoryCache from '@graphql-mesh/cache-inmemory-lru';
import { getComposedSchemaFromConfig } from '@graphql-mesh/compose-cli';
import rest from '@graphql-mesh/transport-rest';
import { loadJSONSchemaSubgraph } from '@omnigraph/json-schema';
import { operations, relations } from './rest-api.ts';

/** GraphQL Mesh over the REST API at the address given; `tuned` turns on what it has to save calls. */
const [endpoint = '', tuned] = process.argv.slice(2);

const quiet: Parameters<typeof getComposedSchemaFromConfig>[1] = {
  log: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: (...parts: unknown[]) => process.stderr.write(`${parts.join(' ')}\n`),
  child: () => quiet,
};

const supergraph = await getComposedSchemaFromConfig(
  {
    subgraphs: [
      {
        sourceHandler: loadJSONSchemaSubgraph('Freshsales', {
          endpoint,
          operationHeaders: { authorization: 'Token token=bench', 'content-type': 'application/json' },
          operations,
        }),
      },
    ],
    additionalTypeDefs: relations,
  },
  quiet,
);

const gateway = createGatewayRuntime({
  supergraph,
  transports: { rest },
  logging: false,
  ...(tuned === 'tuned' && {
    // Its types are of another copy of the gateway's.
    plugins: () => [useDeduplicateRequest() as object],
    cache: new InMemoryCache(),
    responseCaching: { session: () => null, ttl: 60_000 },
  }),
});

const server = createServer(gateway);
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ url: `http://127.0.0.1:${port}/graphql` });
});
process.once('disconnect', () => process.exit(0));
