import { readFileSync } from 'node:fs';
import { json } from 'node:stream/consumers';
import { buildSchema, graphql } from 'graphql';
import { type Endpoint, listen } from '../endpoint.ts';
import { resolveField } from './resolve.ts';
import { createRest } from './rest.ts';

/** The same schema in graphql-js, with a resolver for each field. */
export async function openNaive(baseURL: string, options: { once: boolean }): Promise<Endpoint> {
  const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));
  return listen(async (request, response) => {
    const { query, variables } = (await json(request)) as { query: string; variables: Record<string, unknown> };
    const result = await graphql({
      schema,
      source: query,
      variableValues: variables,
      rootValue: {},
      contextValue: createRest(baseURL, options),
      fieldResolver: resolveField,
    });
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(result));
  });
}
