import type { CallToolResult, ServerContext } from '@modelcontextprotocol/server';
import { type DocumentNode, GraphQLError, type GraphQLField, type GraphQLSchema, Kind } from 'graphql';
import { z } from 'zod';
import { contextWith, detailsOf, type ToolCall } from '../access/request-details.ts';
import { idempotencyKeyProblem } from '../mutations/idempotency.ts';
import { fieldsIn, fragmentsOf, parseShallow } from '../planner/document.ts';
import { badInput } from '../records/errors.ts';
import { sourceOf } from '../records/field-needs.ts';
import { type Answer, toResult } from './tool-result.ts';

/** The graph that the caller of a tool may use. */
export interface Graph {
  readonly schema: GraphQLSchema;
  readonly send: SendOperation;
  readonly mask: (error: unknown) => Error;
  /** Name and version that the client reports. */
  readonly client: () => string | undefined;
  /** Adds a tool call that sent no operation to the audit log, with its error codes. */
  readonly note: (call: ToolCall, codes: readonly string[]) => void;
  /** Maximum number of tokens of an operation. */
  readonly maxTokens: number;
}

/** Arguments of every tool that takes an operation. */
export const operationInput = {
  query: z.string().describe('A GraphQL document with one operation'),
  variables: z.record(z.string(), z.unknown()).optional(),
};

interface Running {
  readonly tool: string;
  readonly operation: ToolOperation;
  readonly requestOptions?: RequestOptions;
}

/** Sends an operation, unless it belongs to another tool. */
export async function run(
  graph: Graph,
  { tool, operation, requestOptions = {} }: Running,
  { mcpReq: { signal } }: ServerContext,
): Promise<CallToolResult> {
  const { schema, send, mask, client, note } = graph;
  const call = { tool, client: client() };
  try {
    if (isOperationTool(tool)) checkTool(operation, tool, graph);
    return toResult(await send(operation, requestOptions, { ...call, signal }), schema);
  } catch (error) {
    const shown = mask(error);
    // Nothing was sent. Operations that were sent write their own line to the audit log.
    if (shown instanceof GraphQLError && shown.extensions.code === 'BAD_USER_INPUT') note(call, ['BAD_USER_INPUT']);
    return toResult({ errors: [shown instanceof GraphQLError ? shown : { message: shown.message }] }, schema);
  }
}

/** Tool annotations promise what a tool does, so an operation for another tool is not sent. */
function checkTool({ query }: ToolOperation, tool: OperationTool, { schema, maxTokens }: Graph): void {
  const actual = toolFor(query, schema, maxTokens);
  if (actual !== tool) throw badInput(`This operation is for the tool ${actual}, not for ${tool}. Nothing was sent.`);
}

/** The operation passed to a tool. */
interface ToolOperation {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
}

/** Options of a request, sent as for any GraphQL request. */
interface RequestOptions {
  /** Return the plan and run nothing. */
  readonly dryRun?: boolean | undefined;
  /** Return what mutations would write, and write nothing. */
  readonly preview?: boolean | undefined;
  readonly confirmationToken?: string | undefined;
  readonly idempotencyKey?: string | undefined;
}

/** The tool call that an operation comes from. */
interface ToolRequest extends ToolCall {
  readonly signal: AbortSignal;
}

/** Sends an operation with the credentials of the tool call. */
type SendOperation = (operation: ToolOperation, requestOptions: RequestOptions, by: ToolRequest) => Promise<Answer>;

/** The GraphQL server as a function. The second argument is its server context. */
export type Fetch = (request: Request, serverContext: object) => Response | Promise<Response>;

/** Headers with the credentials of a request, and with the account that they are for. */
const CREDENTIALS = ['authorization', 'x-freshsales-domain'];

interface GraphQLServer {
  readonly fetch: Fetch;
  readonly graphqlPath: string;
}

/**
 * Sends operations through the GraphQL server, so that authentication, limits, quota and the audit log apply as to any other
 * request. The request id is that of the tool call.
 */
export const sendOver =
  ({ fetch, graphqlPath }: GraphQLServer, from: Request): SendOperation =>
  async (operation, { idempotencyKey, ...extensions }, { signal, ...call }) => {
    const headers = new Headers({ 'content-type': 'application/json', accept: 'application/json' });
    for (const [name, value] of from.headers) if (CREDENTIALS.includes(name)) headers.set(name, value);
    if (idempotencyKey !== undefined) headers.set('idempotency-key', checkedKey(idempotencyKey));
    const body = JSON.stringify({ ...operation, extensions });
    const response = await fetch(
      new Request(new URL(graphqlPath, from.url), { method: 'POST', headers, body, signal: plain(signal) }),
      contextWith({ ...detailsOf(from), call }),
    );
    return (await response.json()) as Answer;
  };

/** Refuses keys that a header cannot contain, with the same message as the server. */
function checkedKey(key: string): string {
  const problem = idempotencyKeyProblem(key);
  if (problem !== undefined) throw badInput(problem);
  return key;
}

/** Replaces the transport's own abort reason by the default AbortError. */
function plain(signal: AbortSignal): AbortSignal {
  const hangUp = new AbortController();
  if (signal.aborted) hangUp.abort();
  else signal.addEventListener('abort', () => hangUp.abort(), { once: true });
  return hangUp.signal;
}

/** Tools that run operations, each of one kind. */
const OPERATION_TOOLS = ['query', 'mutate', 'delete'] as const;

export type OperationTool = (typeof OPERATION_TOOLS)[number];

const isOperationTool = (tool: string): tool is OperationTool => OPERATION_TOOLS.some((each) => each === tool);

/** Actions that remove records. */
const DELETING: readonly string[] = ['delete', 'forget', 'bulkDelete'];

/** The tool for an operation, by the actions that its mutations declare. A mutation without an action counts as deleting. */
export function toolFor(text: string, schema: GraphQLSchema, maxTokens = Number.POSITIVE_INFINITY): OperationTool {
  const document = parseOne(text, maxTokens);
  const [operation] = operationsOf(document);
  if (!operation || operation.operation === 'subscription') throw badInput('Send a query or a mutation.');
  if (operation.operation === 'query') return 'query';
  const declared = schema.getMutationType()?.getFields() ?? {};
  const places = new Set(
    fieldsIn(fragmentsOf(document), operation.selectionSet)
      // The server refuses unknown mutations with a better message.
      .flatMap(({ name }) => declared[name.value] ?? [])
      .map((field) => (isDeleting(field) ? 'delete' : 'mutate')),
  );
  if (places.size > 1)
    throw badInput('An operation cannot delete and make other changes. Send two operations, with two tools.');
  return places.has('delete') ? 'delete' : 'mutate';
}

/** True if a mutation deletes records, or does not declare its action. */
export function isDeleting({ extensions }: Pick<GraphQLField<unknown, unknown>, 'extensions'>): boolean {
  const action = sourceOf(extensions).write?.action;
  return action === undefined || DELETING.includes(action);
}

const operationsOf = ({ definitions }: DocumentNode) =>
  definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);

function parseOne(text: string, maxTokens: number): DocumentNode {
  const document = parsed(text, maxTokens);
  if (operationsOf(document).length !== 1) throw badInput('Send one operation at a time.');
  return document;
}

function parsed(text: string, maxTokens: number): DocumentNode {
  try {
    return parseShallow(text, { noLocation: true, maxTokens });
  } catch (error) {
    if (error instanceof GraphQLError) throw badInput(`${error.message}${positionOf(error)}`);
    throw error;
  }
}

const positionOf = ({ locations }: GraphQLError): string => {
  const [at] = locations ?? [];
  return at ? ` (line ${at.line}, column ${at.column})` : '';
};
