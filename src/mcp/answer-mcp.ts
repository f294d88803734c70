import { createMcpHandler } from '@modelcontextprotocol/server';
import { createMcpServer, type McpOptions } from './create-mcp-server.ts';

/** Open streams for tool notifications, which are never sent. */
const MAX_LISTENING = 100;

/** Answers one request to /mcp whose body has been read. */
export type AnswerMcp = (request: Request, message: unknown) => Promise<Response>;

/** Stateless: each request gets its own MCP server, with the tools of its caller. */
export function createAnswerMcp(options: McpOptions): AnswerMcp {
  // Requests whose tool ran, and wrote a line to the audit log.
  const reached = new WeakSet<Request>();
  const handler = createMcpHandler(
    ({ requestInfo }) => {
      const request = requestOf(requestInfo);
      return createMcpServer(
        watched(options, () => reached.add(request)),
        request,
      );
    },
    { maxSubscriptions: MAX_LISTENING },
  );
  return async (request, message) => {
    const response = await handler.fetch(request, { parsedBody: message });
    const tool = toolIn(message);
    if (tool === undefined) return response;
    return onEnd(response, () => {
      if (!reached.has(request)) options.note(request, { tool }, ['BAD_USER_INPUT']);
    });
  };
}

function requestOf(request: Request | undefined): Request {
  if (!request) throw new Error('An MCP server needs a request');
  return request;
}

/** Reports when a tool starts to do something. */
const watched = (options: McpOptions, onReach: () => void): McpOptions => ({
  ...options,
  note: (...call) => {
    onReach();
    options.note(...call);
  },
  fetch: (...request) => {
    onReach();
    return options.fetch(...request);
  },
});

/** Maximum length of a tool name, which a client may make up. */
const MAX_TOOL_NAME = 100;

/** Name of the tool that a message calls. */
function toolIn(message: unknown): string | undefined {
  const { method, params } = (message ?? {}) as { method?: unknown; params?: { name?: unknown } | null };
  if (method !== 'tools/call') return undefined;
  const name = params?.name;
  return typeof name === 'string' ? name.slice(0, MAX_TOOL_NAME) : '';
}

/** The SDK refuses unknown tools and invalid arguments itself, possibly after the response has started. */
function onEnd(response: Response, then: () => void): Response {
  if (!response.body) {
    then();
    return response;
  }
  const body = response.body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>({ flush: then }));
  return new Response(body, response);
}
