import { createMcpHandler } from '@modelcontextprotocol/server';
import { createMcpServer, type McpOptions } from './create-mcp-server.ts';

/** Agents that hold a stream open for news of the tools, of which there is none. */
const MAX_LISTENING = 100;

/** Answers one request to /mcp whose body has been read. */
export type AnswerMcp = (request: Request, message: unknown) => Promise<Response>;

/** Nothing is kept between requests: each gets a server of its own, with the tools of whoever sent it. */
export function createAnswerMcp(options: McpOptions): AnswerMcp {
  // Requests whose tool has run. It writes its own line in the audit log, or the operation that it sends does.
  const reached = new WeakSet<Request>();
  const handler = createMcpHandler(
    ({ requestInfo }) => {
      const request = asker(requestInfo);
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

function asker(request: Request | undefined): Request {
  if (!request) throw new Error('There is no request to know the caller by');
  return request;
}

/** Tells when a tool does anything. */
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

/** Characters of a tool's name, which a client may make up. */
const MAX_TOOL_NAME = 100;

/** The tool that a message calls. */
function toolIn(message: unknown): string | undefined {
  const { method, params } = (message ?? {}) as { method?: unknown; params?: { name?: unknown } | null };
  if (method !== 'tools/call') return undefined;
  const name = params?.name;
  return typeof name === 'string' ? name.slice(0, MAX_TOOL_NAME) : '';
}

/** The SDK refuses unknown tools and wrong arguments on its own, in a stream that may begin before it does. */
function onEnd(response: Response, then: () => void): Response {
  if (!response.body) {
    then();
    return response;
  }
  const body = response.body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>({ flush: then }));
  return new Response(body, response);
}
