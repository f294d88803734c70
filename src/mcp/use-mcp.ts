import type { Plugin } from 'graphql-yoga';
import type { AnswerMcp, AnswerMcpOptions } from './answer-mcp.ts';

/**
 * Serves MCP at /mcp over streamable HTTP, behind the browser guard. What it takes is loaded when it is first asked for: it is
 * large, and who sends GraphQL does not wait for it.
 */
export function useMcp(options: AnswerMcpOptions): Plugin {
  let answering: Promise<AnswerMcp> | undefined;
  return {
    async onRequest({ request, url, endResponse }) {
      if (url.pathname !== '/mcp') return;
      answering ??= load(options);
      const answer = await answering;
      endResponse(await answer(request));
    },
  };
}

async function load(options: AnswerMcpOptions): Promise<AnswerMcp> {
  const { createAnswerMcp } = await import('./answer-mcp.ts');
  return createAnswerMcp(options);
}
