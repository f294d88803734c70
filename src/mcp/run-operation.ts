import type { CallToolResult, ServerContext } from '@modelcontextprotocol/server';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { z } from 'zod';
import { contextWith, originOf, type ToolCall } from '../access/audit/request-origin.ts';
import { idempotencyKeyProblem } from '../mutations/idempotency.ts';
import { badInput } from '../records/bad-input.ts';
import { type Place, placeOf } from './operation-tool.ts';
import { toResult } from './tool-result.ts';

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

/** One operation, as a tool was given it. */
export interface Operation {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
}

/** What is wished beside the operation, by the conventions of every GraphQL request to this server. */
export interface Wishes {
  /** Tell the cost, run nothing. */
  readonly dryRun?: boolean | undefined;
  /** Tell what mutations would do, do nothing. */
  readonly preview?: boolean | undefined;
  readonly confirmationToken?: string | undefined;
  readonly idempotencyKey?: string | undefined;
}

/** An error as it stands in an answer. */
export interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly AnswerError[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** The call of a tool that an operation comes from. */
export interface AskedBy extends ToolCall {
  readonly signal: AbortSignal;
}

/** Sends an operation on behalf of whoever called the tool. */
export type Ask = (operation: Operation, requestOptions: Wishes, by: AskedBy) => Promise<Answer>;

/** A function from request to answer, such as the GraphQL server. The second argument is its server context. */
export type Fetch = (request: Request, serverContext: object) => Response | Promise<Response>;

export interface GraphQLServer {
  readonly fetch: Fetch;
  readonly graphqlPath: string;
}

/**
 * Asks the server by the way everybody comes in, so that whoever asks is known, limited, charged and written down as for any
 * other operation, under the id of the request that called the tool.
 */
export const askOver =
  ({ fetch, graphqlPath }: GraphQLServer, from: Request): Ask =>
  async (operation, { idempotencyKey, ...extensions }, { signal, ...call }) => {
    const headers = new Headers({ 'content-type': 'application/json', accept: 'application/json' });
    const authorization = from.headers.get('authorization');
    if (authorization !== null) headers.set('authorization', authorization);
    if (idempotencyKey !== undefined) headers.set('idempotency-key', checkedKey(idempotencyKey));
    const body = JSON.stringify({ ...operation, extensions });
    const response = await fetch(
      new Request(new URL(graphqlPath, from.url), { method: 'POST', headers, body, signal: plain(signal) }),
      contextWith({ ...originOf(from), call }),
    );
    return (await response.json()) as Answer;
  };

/** A key that no header can hold is refused here, in the words that the server has for any other wrong key. */
function checkedKey(key: string): string {
  const problem = idempotencyKeyProblem(key);
  if (problem !== undefined) throw badInput(problem);
  return key;
}

/** The same signal with the reason that everybody knows; the transport has one of its own for clients that hang up. */
function plain(signal: AbortSignal): AbortSignal {
  const hangUp = new AbortController();
  if (signal.aborted) hangUp.abort();
  else signal.addEventListener('abort', () => hangUp.abort(), { once: true });
  return hangUp.signal;
}
