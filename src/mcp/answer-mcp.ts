import { createMcpHandler } from '@modelcontextprotocol/server';
import { createMcpServer, type McpOptions } from './create-mcp-server.ts';

/** Agents that hold a stream open for news of the tools, of which there is none. */
const MAX_LISTENING = 100;

/** Answers one request to /mcp whose body has been read. */
export type AnswerMcp = (request: Request, message: unknown) => Promise<Response>;

/** Nothing is kept between requests: each gets a server of its own, with the tools of whoever sent it. */
export function createAnswerMcp(options: McpOptions): AnswerMcp {
  const handler = createMcpHandler(({ requestInfo }) => createMcpServer(options, asker(requestInfo)), {
    maxSubscriptions: MAX_LISTENING,
  });
  return async (request, message) => handler.fetch(request, { parsedBody: message });
}

function asker(request: Request | undefined): Request {
  if (!request) throw new Error('There is no request to know the caller by');
  return request;
}
