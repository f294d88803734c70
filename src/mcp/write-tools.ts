import type { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { isDeleting } from './place.ts';
import { type Graph, operationInput, run } from './run.ts';

const writeInput = {
  ...operationInput,
  preview: z.boolean().optional().describe('Show what would change and do nothing'),
  idempotencyKey: z.string().optional().describe('The same key does it once however often it is sent'),
};

/** The tools that change something, as far as the caller may. */
export function registerWriteTools(server: McpServer, graph: Graph): void {
  const mutations = Object.values(graph.schema.getMutationType()?.getFields() ?? {});
  if (mutations.some((field) => !isDeleting(field))) registerMutate(server, graph);
  if (mutations.some(isDeleting)) registerDelete(server, graph);
}

function registerMutate(server: McpServer, graph: Graph): void {
  server.registerTool(
    'mutate',
    {
      description:
        'Run a GraphQL mutation that creates, changes or restores. Refuses whatever deletes. Look at userErrors.',
      inputSchema: z.object({ ...writeInput, confirmationToken: z.string().optional() }),
      // A change overwrites what was there, which the protocol counts as destructive.
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
    },
    ({ query, variables, ...requestOptions }, context) =>
      run(graph, { tool: 'mutate', operation: { query, variables }, requestOptions, place: 'mutate' }, context),
  );
}

function registerDelete(server: McpServer, graph: Graph): void {
  server.registerTool(
    'delete',
    {
      description:
        'Run a GraphQL mutation that deletes, forgets for good or deletes in bulk; nothing else. Preview first. If CONFIRMATION_REQUIRED, call again with the token given.',
      inputSchema: z.object({ ...writeInput, confirmationToken: z.string().optional() }),
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
    },
    ({ query, variables, ...requestOptions }, context) =>
      run(graph, { tool: 'delete', operation: { query, variables }, requestOptions, place: 'delete' }, context),
  );
}
