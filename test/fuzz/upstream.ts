import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { spoil } from '../spoil.ts';
import type { Damage } from './answers.ts';
import { edit } from './cases.ts';

const MEGABYTE = 1_000_000;

/** An endless answer ends after this much, should nobody hang up. */
const ENDLESS = 64 * MEGABYTE;

const zeros = gzipSync(Buffer.alloc(50 * MEGABYTE));

/** Freshsales on a socket: the sandbox, whose answers are damaged as ordered. */
export async function startUpstream() {
  const sandbox = createSandbox({ behaviours: { hourlyLimit: 1e9, minuteLimit: 1e9, rateLimitHeaders: false } });
  let script: readonly Damage[] = [];
  let asked = 0;
  const stolen: string[] = [];
  const server = createServer(async (request, response) => {
    response.on('error', () => {});
    if (request.url?.startsWith('/stolen')) stolen.push(String(request.headers.authorization));
    if (sandbox.requests.length > 300) sandbox.reset();
    const damage = script[asked % Math.max(1, script.length)] ?? { kind: 'none' };
    asked += 1;
    await answer(request, response, damage, sandbox.fetch).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    sandbox,
    url: host + new URL(sandbox.baseURL).pathname,
    /** Requests for the place that redirects lead to, by the key they carried. */
    stolen,
    /** The damage of the next answers, over and over. */
    order(damage: readonly Damage[]) {
      script = damage;
      asked = 0;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export type Upstream = Awaited<ReturnType<typeof startUpstream>>;

async function honest(request: IncomingMessage, fetch: typeof globalThis.fetch) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = 'GET', url = '/', headers } = request;
  const sent = new Headers({
    'content-type': headers['content-type'] ?? '',
    authorization: headers.authorization ?? '',
  });
  const body = method === 'GET' || method === 'HEAD' ? null : Buffer.concat(chunks);
  const reply = await fetch(`http://sandbox.invalid${url}`, { method, headers: sent, body });
  return { status: reply.status, text: await reply.text() };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  damage: Damage,
  fetch: typeof globalThis.fetch,
): Promise<void> {
  const { status, text } = await honest(request, fetch);
  const send = (code: number, body: string | Buffer, headers: Record<string, string> = {}) =>
    response.writeHead(code, { 'content-type': 'application/json', ...headers }).end(body);
  if (damage.kind === 'none') send(status, text);
  else if (damage.kind === 'spoiled') send(status, JSON.stringify(spoil(parsed(text), damage.wounds)));
  else if (damage.kind === 'edited') send(status, edit(text, damage.edits));
  else if (damage.kind === 'replaced') send(damage.status ?? status, damage.text, damage.headers);
  else if (damage.kind === 'status') send(damage.status, text, absolute(damage.headers, request));
  else if (damage.kind === 'encoded') send(status, damage.bytes, { 'content-encoding': damage.encoding });
  else if (damage.kind === 'bomb') send(status, zeros, { 'content-encoding': 'gzip' });
  else if (damage.kind === 'raw') request.socket.end(damage.bytes);
  else await sendSlowly(response, damage, text);
}

/** Leads a redirect back here, under another name, where the key would show. */
const absolute = ({ location, ...headers }: Record<string, string>, { socket }: IncomingMessage) => ({
  ...headers,
  ...(location !== undefined && {
    location: location === '/stolen' ? `http://localhost:${socket.localPort}/stolen` : location,
  }),
});

async function sendSlowly(
  response: ServerResponse,
  damage: Extract<Damage, { kind: 'drip' | 'cut' | 'endless' }>,
  text: string,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json' });
  const isOpen = () => !response.destroyed && !response.socket?.destroyed;
  if (damage.kind === 'cut') {
    response.write(text.slice(0, Math.floor(damage.at * text.length)));
    await setTimeout(5);
  } else if (damage.kind === 'drip') {
    for (let at = 0; at < damage.steps && isOpen(); at += 1) {
      response.write(text[at] ?? ' ');
      await setTimeout(20);
    }
  } else {
    const chunk = Buffer.alloc(256_000, damage.unit);
    for (let sent = 0; sent < ENDLESS && isOpen(); sent += chunk.length)
      if (!response.write(chunk))
        await Promise.race([new Promise((go) => response.once('drain', go)), setTimeout(1000)]);
  }
  response.destroy();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
