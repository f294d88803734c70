import type { CallToolResult, ServerContext } from '@modelcontextprotocol/server';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { z } from 'zod';
import type { ToolCall } from '../access/audit/request-origin.ts';
import type { Ask, Operation, Wishes } from './ask.ts';
import { type Place, placeOf } from './place.ts';
import { toResult } from './tool-answer.ts';

/** The graph, as whoever called may use it. */
export interface Graph {
  readonly schema: GraphQLSchema;
  readonly ask: Ask;
  readonly mask: (error: unknown) => Error;
  /** Name and version of the client, as it names itself. */
  readonly client: () => string | undefined;
  /** Writes down a call of a tool that asked nothing of the graph, with the codes of what was wrong with it. */
  readonly note: (call: ToolCall, codes: readonly string[]) => void;
  /** Tokens of an operation. */
  readonly maxTokens: number;
}

/** The arguments that every tool with an operation takes. */
export const operationInput = {
  query: z.string().describe('A GraphQL document with one operation'),
  variables: z.record(z.string(), z.unknown()).optional(),
};

interface Running {
  readonly tool: string;
  readonly operation: Operation;
  readonly requestOptions?: Wishes;
  readonly place?: Place;
}

/** Sends an operation, if it is one for this tool; any, where no tool is named. */
export async function run(
  graph: Graph,
  { tool, operation, requestOptions = {}, place }: Running,
  { mcpReq: { signal } }: ServerContext,
): Promise<CallToolResult> {
  const { schema, ask, mask, client, note } = graph;
  const call = { tool, client: client() };
  try {
    if (place) checkPlace(operation, place, graph);
    return toResult(await ask(operation, requestOptions, { ...call, signal }), schema);
  } catch (error) {
    const shown = mask(error);
    // Nothing was sent. Whatever else fails has a line of its own.
    if (shown instanceof GraphQLError && shown.extensions.code === 'BAD_USER_INPUT') note(call, ['BAD_USER_INPUT']);
    return toResult({ errors: [shown instanceof GraphQLError ? shown : { message: shown.message }] }, schema);
  }
}

/** Nothing of a misplaced operation is sent: what a tool says of itself must hold. */
function checkPlace({ query }: Operation, place: Place, { schema, maxTokens }: Graph): void {
  const actual = placeOf(query, schema, maxTokens);
  if (actual === place) return;
  throw new GraphQLError(`This operation is for the tool ${actual}, not for ${place}. Nothing was sent.`, {
    extensions: { code: 'BAD_USER_INPUT' },
  });
}
