import { createHash } from 'node:crypto';
import type { McpServer } from '@modelcontextprotocol/server';
import { LRUCache } from 'lru-cache';
import { originOf } from '../access/audit/request-origin.ts';

/** Characters of a client's name with its version. */
const MAX_NAME = 100;

/**
 * Clients that shake hands name themselves once, in the first of many requests of which each has a server of its own. They are
 * known again by their credentials, address and user agent.
 */
const remembered = new LRUCache<string, string>({ max: 1000 });

/** Finds the name of the client that a server is for. */
export function clientNameOf(server: McpServer, request: Request): () => string | undefined {
  const key = keyOf(request);
  const own = () => nameIn(server.server.getClientVersion());
  const { onclose } = server.server;
  server.server.onclose = () => {
    const name = own();
    if (name !== undefined) remembered.set(key, name);
    onclose?.();
  };
  return () => own() ?? remembered.get(key);
}

function nameIn(client: { readonly name?: unknown; readonly version?: unknown } | undefined): string | undefined {
  const words = [client?.name, client?.version].filter((word) => typeof word === 'string' && word !== '');
  return words.length > 0 ? words.join(' ').slice(0, MAX_NAME) : undefined;
}

function keyOf(request: Request): string {
  const { headers } = request;
  const parts = [headers.get('authorization'), headers.get('user-agent'), originOf(request).address];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
