import type { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { leavesOf, viewFields } from './fixed-queries.ts';
import { type Graph, operationInput, run } from './run.ts';
import { indexOf, overviewOf } from './schema-index.ts';
import { textResult } from './tool-answer.ts';

/** The tools that change nothing. What does not leave this server is no open world. */
export function registerReadTools(server: McpServer, graph: Graph): void {
  registerSchema(server, graph);
  server.registerTool(
    'query',
    {
      description: 'Run a GraphQL query. Read only.',
      inputSchema: z.object(operationInput),
      annotations: { readOnlyHint: true, openWorldHint: true },
    },
    (operation, context) => run(graph, { tool: 'query', operation, place: 'query' }, context),
  );
  server.registerTool(
    'plan',
    {
      description: 'What a query or mutation would cost: its Freshsales calls, bounds, cheaper ways. Runs nothing.',
      inputSchema: z.object(operationInput),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    // Where a mutation came to run all the same, it would be a preview and write nothing.
    (operation, context) =>
      run(graph, { tool: 'plan', operation, requestOptions: { dryRun: true, preview: true } }, context),
  );
  registerQuota(server, graph);
  registerViews(server, graph);
}

function registerSchema(server: McpServer, { schema, client, note }: Graph): void {
  server.registerTool(
    'schema',
    {
      description:
        'Search what you may use: queries, mutations and types as GraphQL SDL, with what they cost. Try “deal”, “create contact” or a type’s name. Without search, all queries and mutations by name.',
      inputSchema: z.object({ search: z.string().max(200).optional(), page: z.int().min(1).max(99).optional() }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ search = '', page = 1 }) => {
      note({ tool: 'schema', client: client() }, []);
      if (search.trim() === '') return textResult(overviewOf(schema));
      const found = indexOf(schema).search(search, page);
      if (found.pages === 0) return textResult(`Nothing is called that. There is:\n${overviewOf(schema)}`);
      return textResult(found.pages === 1 ? found.sdl : `${found.sdl}\n# page ${found.page} of ${found.pages}`);
    },
  );
}

function registerQuota(server: McpServer, graph: Graph): void {
  server.registerTool(
    'quota',
    {
      description: 'Calls left to the account and to you, and when counting begins anew. Free.',
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    (context) =>
      run(graph, { tool: 'quota', operation: { query: leavesOf(graph.schema, ['rateLimit', 'viewer']) } }, context),
  );
}

/** Left out where there is no record type whose views the caller may see. */
function registerViews(server: McpServer, graph: Graph): void {
  const fields = viewFields(graph.schema);
  const [first, ...more] = Object.keys(fields);
  if (first === undefined) return;
  server.registerTool(
    'views',
    {
      description: 'Saved views of a record type, whose names list queries take as view. One call an hour.',
      inputSchema: z.object({ type: z.enum([first, ...more]) }),
      annotations: { readOnlyHint: true, openWorldHint: true },
    },
    ({ type }, context) =>
      run(graph, { tool: 'views', operation: { query: `{ ${fields[type]} { databaseId name } }` } }, context),
  );
}
