import type { McpServer } from '@modelcontextprotocol/server';
import {
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { z } from 'zod';
import { type Graph, isDeleting, operationInput, run } from './run-operation.ts';
import { indexOf, overviewOf } from './schema-index.ts';
import { textResult } from './tool-result.ts';

/** Registers the tools that the caller may use. */
export function registerTools(server: McpServer, graph: Graph): void {
  registerSchema(server, graph);
  server.registerTool(
    'query',
    {
      description: 'Run a GraphQL query. Read only.',
      inputSchema: z.object(operationInput),
      annotations: { readOnlyHint: true, openWorldHint: true },
    },
    (operation, context) => run(graph, { tool: 'query', operation }, context),
  );
  server.registerTool(
    'plan',
    {
      description: 'Cost of a query or mutation: its Freshsales calls, bounds, cheaper ways. Runs nothing.',
      inputSchema: z.object(operationInput),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    // `preview` makes sure that nothing is written even if the mutation runs.
    (operation, context) =>
      run(graph, { tool: 'plan', operation, requestOptions: { dryRun: true, preview: true } }, context),
  );
  registerQuota(server, graph);
  registerViews(server, graph);
  registerWrite(server, graph, 'mutate');
  registerWrite(server, graph, 'delete');
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
      if (found.pages === 0) return textResult(`No match. Available:\n${overviewOf(schema)}`);
      return textResult(found.pages === 1 ? found.sdl : `${found.sdl}\n# page ${found.page} of ${found.pages}`);
    },
  );
}

function registerQuota(server: McpServer, graph: Graph): void {
  server.registerTool(
    'quota',
    {
      description: 'Calls left to the account and to you, and when the counters reset. Free.',
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    (context) =>
      run(graph, { tool: 'quota', operation: { query: leavesOf(graph.schema, ['rateLimit', 'viewer']) } }, context),
  );
}

/** Omitted if the caller may not see any views. */
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

const WRITE_TOOLS = {
  mutate: 'Run a GraphQL mutation that creates, changes or restores. Refuses mutations that delete. Check userErrors.',
  delete:
    'Run a GraphQL mutation that deletes records, also permanently or in bulk; nothing else. Preview first. If CONFIRMATION_REQUIRED, call again with the token given.',
} as const;

/** Omitted if the caller may not use any of its mutations. */
function registerWrite(server: McpServer, graph: Graph, tool: keyof typeof WRITE_TOOLS): void {
  if (isWithheld(tool, graph.schema)) return;
  server.registerTool(
    tool,
    {
      description: WRITE_TOOLS[tool],
      inputSchema: z.object({
        ...operationInput,
        preview: z.boolean().optional().describe('Show what would change and do nothing'),
        idempotencyKey: z.string().optional().describe('Runs once for each key, however often it is sent'),
        confirmationToken: z.string().optional(),
      }),
      // MCP counts overwriting as destructive.
      annotations: {
        readOnlyHint: false,
        destructiveHint: true,
        idempotentHint: tool === 'delete',
        openWorldHint: true,
      },
    },
    ({ query, variables, ...requestOptions }, context) =>
      run(graph, { tool, operation: { query, variables }, requestOptions }, context),
  );
}

/** True if the tool exists, but the schema of the caller has nothing that it could use. */
export function isWithheld(tool: string, schema: GraphQLSchema): boolean {
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
  if (tool === 'mutate') return mutations.every(isDeleting);
  if (tool === 'delete') return !mutations.some(isDeleting);
  return tool === 'views' && Object.keys(viewFields(schema)).length === 0;
}

/** Depth of the selection below a root field. */
const DEPTH = 2;

/** A query for all leaf fields of the given root fields that are in the schema. */
function leavesOf(schema: GraphQLSchema, names: readonly string[]): string {
  const fields = schema.getQueryType()?.getFields() ?? {};
  const selections = names.flatMap((name) => (fields[name] ? leaves(fields[name], DEPTH) : []));
  return `{ ${selections.length > 0 ? selections.join(' ') : '__typename'} }`;
}

function leaves(field: GraphQLField<unknown, unknown>, depth: number): string[] {
  if (field.args.some(isRequiredArgument)) return [];
  const type = getNamedType(field.type);
  if (isLeafType(type)) return [field.name];
  if (!isObjectType(type) || depth === 0) return [];
  const below = Object.values(type.getFields()).flatMap((each) => leaves(each, depth - 1));
  return below.length > 0 ? [`${field.name} { ${below.join(' ')} }`] : [];
}

/** Root fields with saved views, by record type. */
function viewFields(schema: GraphQLSchema): Record<string, string> {
  return Object.fromEntries(
    Object.values(schema.getQueryType()?.getFields() ?? {}).flatMap(({ name, type }) => {
      const [, recordType] = /^(\w+)View$/.exec(getNamedType(type).name) ?? [];
      return recordType === undefined ? [] : [[recordType, name]];
    }),
  );
}
