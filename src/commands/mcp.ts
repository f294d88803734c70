import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { GraphQLError } from 'graphql';
import { type Config, readConfig } from '../config/config.ts';
import { closeOnFailure, connectTo } from '../server/connect.ts';
import { createServers } from '../server/create-server.ts';
import { warn } from '../terminal.ts';
import { openLog } from './open-log.ts';
import { StartError } from './start-error.ts';
import { warnOf } from './warnings.ts';

/** Serves one agent over standard input and output until it hangs up. Whatever is not protocol goes to standard error. */
export async function mcp(): Promise<void> {
  const config = readConfig();
  const { connect, close } = await connectTo(config);
  warnOf(config);
  const { production, limits } = config;
  const audit = await closeOnFailure(() => openLog(config), close);
  const closeBoth = () => {
    audit?.close();
    return close();
  };
  const servers = createServers({ connect, audit, production, limits });
  const agent = new Request('http://localhost/mcp', { headers: credentialsOf(config) });
  await closeOnFailure(() => checked(servers.mcp(agent)), closeBoth);
  // A connection or a log that is still open would keep the process alive.
  process.stdin.once('close', () => void closeBoth());
  serveStdio(() => servers.mcp(agent), {
    onerror: ({ name }) => warn(`freshsales-graphql: ${name} in the MCP transport`),
  });
}

/** What a request over HTTP would bring in its header. */
function credentialsOf({ callerToken, auth, upstream }: Config): Record<string, string> {
  if (callerToken !== undefined) return { authorization: `Bearer ${callerToken}` };
  const apiKey = upstream.kind === 'account' ? upstream.apiKey : undefined;
  return auth === 'pass-through' && apiKey !== undefined ? { authorization: `Token token=${apiKey}` } : {};
}

/** Who is not let in learns it at the start, not with the first question. */
async function checked(start: Promise<unknown>): Promise<void> {
  try {
    await start;
  } catch (error) {
    if (!(error instanceof GraphQLError) || error.extensions.code !== 'UNAUTHENTICATED') throw error;
    throw new StartError(
      'The agent is not let in. Set FRESHSALES_CALLER_TOKEN to the token of a caller, or FRESHSALES_API_KEY where callers bring their own key.',
    );
  }
}
