import { createMcpHandler, type McpHttpHandler, readRequestBody } from '@modelcontextprotocol/server';
import { GraphQLError } from 'graphql';
import { createMcpServer, type McpOptions } from './create-mcp-server.ts';

export interface AnswerMcpOptions extends McpOptions {
  /** Bytes of a request's body. */
  readonly maxBodyBytes: number;
}

/** Agents that hold a stream open for news of the tools, of which there is none. */
const MAX_LISTENING = 100;

/** Answers one request to /mcp. */
export type AnswerMcp = (request: Request) => Promise<Response>;

/** Nothing is kept between requests: each gets a server of its own, with the tools of whoever sent it. */
export function createAnswerMcp({ maxBodyBytes, ...options }: AnswerMcpOptions): AnswerMcp {
  const handler = createMcpHandler(({ requestInfo }) => createMcpServer(options, asker(requestInfo)), {
    maxSubscriptions: MAX_LISTENING,
  });
  return async (request) => (await refusal(request, options)) ?? serve(handler, request, maxBodyBytes);
}

function asker(request: Request | undefined): Request {
  if (!request) throw new Error('There is no request to know the caller by');
  return request;
}

/** Strangers are turned away before anything is read, by the rules that hold for GraphQL. */
async function refusal(request: Request, { schemaFor, mask }: McpOptions): Promise<Response | undefined> {
  try {
    await schemaFor(request);
    return undefined;
  } catch (error) {
    const shown = mask(error);
    const isStranger = shown instanceof GraphQLError && shown.extensions.code === 'UNAUTHENTICATED';
    if (!isStranger) return failure(500, -32603, shown.message);
    return failure(401, -32001, shown.message, { 'www-authenticate': 'Bearer' });
  }
}

/** One message at a time: a batch would be a way round the limits on what one request may cost. */
async function serve({ fetch }: McpHttpHandler, request: Request, maxBodyBytes: number): Promise<Response> {
  if (request.method !== 'POST') return fetch(request);
  const body = await readRequestBody(request, maxBodyBytes);
  if (body.tooLarge) return failure(413, -32600, `The request is larger than ${maxBodyBytes} bytes (MAX_BODY_BYTES).`);
  const message = parsed(body.text);
  if (message === undefined) return failure(400, -32700, 'The body is not JSON.');
  if (Array.isArray(message)) return failure(400, -32600, 'Send one message at a time.');
  return fetch(request, { parsedBody: message });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const failure = (status: number, code: number, message: string, headers: Record<string, string> = {}): Response =>
  Response.json({ jsonrpc: '2.0', error: { code, message }, id: null }, { status, headers });
