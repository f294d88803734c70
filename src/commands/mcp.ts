import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { GraphQLError } from 'graphql';
import { type Config, readConfig } from '../config/config.ts';
import { createExactLines } from '../mcp/exact-numbers.ts';
import { closeOnFailure, connectTo } from '../server/connect.ts';
import { createServers } from '../server/create-server.ts';
import { warn } from '../terminal.ts';
import { openLog, openSchemas, StartError, warnOf } from './start.ts';

/** Serves one agent over standard input and output until it disconnects. Everything but protocol goes to standard error. */
export async function mcp(): Promise<void> {
  const config = readConfig();
  const { connect, accounts, close } = await connectTo(config);
  warnOf(config);
  const { production, limits } = config;
  const audit = await closeOnFailure(() => openLog(config), close);
  const schemas = await closeOnFailure(() => openSchemas(config, accounts), close);
  const closeAll = () => {
    audit?.close();
    schemas.close();
    return close();
  };
  const servers = createServers({ connect, schema: schemas.schemaOf, audit, production, limits });
  const agent = new Request('http://localhost/mcp', { headers: credentialsOf(config) });
  await closeOnFailure(() => checked(servers.mcp(agent)), closeAll);
  // An open connection or log would keep the process alive.
  process.stdin.once('close', () => void closeAll());
  serveStdio(() => servers.mcp(agent), {
    transport: new StdioServerTransport(process.stdin.pipe(createExactLines())),
    onerror: ({ name }) => warn(`freshsales-graphql: ${name} in the MCP transport`),
  });
}

/** The credentials that an HTTP request would have in its header. */
function credentialsOf({ callerToken, auth, upstream }: Config): Record<string, string> {
  if (callerToken !== undefined) return { authorization: `Bearer ${callerToken}` };
  const apiKey = upstream.kind === 'account' ? upstream.apiKey : undefined;
  return auth === 'pass-through' && apiKey !== undefined ? { authorization: `Token token=${apiKey}` } : {};
}

/** Checks the credentials at the start, not at the first request. */
async function checked(start: Promise<unknown>): Promise<void> {
  try {
    await start;
  } catch (error) {
    if (!(error instanceof GraphQLError) || error.extensions.code !== 'UNAUTHENTICATED') throw error;
    throw new StartError(
      'Credentials are missing or wrong. Set FRESHSALES_CALLER_TOKEN to the token of a caller, or FRESHSALES_API_KEY with FRESHSALES_AUTH=pass-through.',
    );
  }
}
