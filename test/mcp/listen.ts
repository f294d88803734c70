import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CallToolResult, Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { createServer, type ServerOptions } from '../../src/server/create-server.ts';
import { openWorld, type WorldOptions } from '../world.ts';

/** The whole stack behind a real socket. */
export async function listen(options: Partial<ServerOptions> = {}, worldOptions: WorldOptions = {}) {
  const world = openWorld(worldOptions);
  const server = createHttpServer(createServer({ connect: () => world.account, ...options }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { ...world, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, close };
}

/** The two kinds of clients there are: those that shake hands first (2025), and those that do not (2026). */
export type Era = 'legacy' | 'modern';

export interface ConnectOptions {
  readonly headers?: Record<string, string>;
  readonly era?: Era;
  /** Cuts the connection of whatever is under way. */
  readonly signal?: AbortSignal;
}

/** A real client of the SDK, connected over HTTP. */
export async function connect(url: string, { headers = {}, era = 'legacy', signal }: ConnectOptions = {}) {
  const mode = era === 'modern' ? 'auto' : 'legacy';
  const client = new Client({ name: 'test', version: '1.0.0' }, { versionNegotiation: { mode } });
  const cuttable: typeof fetch = (input, init) =>
    fetch(input, { ...init, signal: AbortSignal.any([init?.signal, signal].flatMap((each) => each ?? [])) });
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers }, fetch: cuttable }));
  return client;
}

/** What a tool answers: its one text, and as JSON where it is some. */
export async function call(client: Client, name: string, args: Record<string, unknown> = {}) {
  const result = (await client.callTool({ name, arguments: args })) as CallToolResult;
  const [content] = result.content;
  if (content?.type !== 'text' || result.content.length !== 1) throw new Error('one text is wanted');
  return { text: content.text, isError: result.isError === true, result };
}

interface Answered {
  readonly isError: boolean;
  readonly data?: unknown;
  readonly errors?: unknown;
}

/** What a tool answers, as JSON. */
export async function ask(client: Client, name: string, args: Record<string, unknown> = {}): Promise<Answered> {
  const { text, isError } = await call(client, name, args);
  return { ...(JSON.parse(text) as object), isError };
}
