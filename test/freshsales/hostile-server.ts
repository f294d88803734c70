import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { createFreshsales } from '../../src/freshsales/client.ts';
import type { TransportOptions } from '../../src/freshsales/transport.ts';
import { createAccountLedger } from '../../src/quota/account-ledger.ts';
import type { Account } from '../../src/records/context.ts';
import { createServer as createGraphql } from '../../src/server/create-server.ts';

export type Misbehaviour = (request: IncomingMessage, response: ServerResponse) => void;

export const API_KEY = 'key-that-nobody-may-see';

/** The GraphQL server over a Freshsales on a socket that answers as it is told to. */
export async function openHostile(
  misbehave: Misbehaviour,
  options: Pick<TransportOptions, 'timeoutMs' | 'maxResponseBytes'> = {},
) {
  const requests: string[] = [];
  let closed = 0;
  const upstream = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    response.on('error', () => undefined).on('close', () => (closed += 1));
    request.resume().on('end', () => misbehave(request, response));
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    upstream.close();
    upstream.closeAllConnections();
  });
  const { port } = upstream.address() as AddressInfo;
  const ledger = createAccountLedger();
  const baseURL = `http://127.0.0.1:${port}/crm/sales/api`;
  const freshsales = createFreshsales({ baseURL, apiKey: API_KEY, ledger, ...options });
  const account: Account = { freshsales, ledger };
  const yoga = createGraphql({ connect: () => account, limits: {}, production: false });

  const ask = async (query: string) => {
    const response = await yoga.fetch('http://127.0.0.1/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    return (await response.json()) as {
      readonly data?: Readonly<Record<string, unknown>> | null;
      readonly errors?: readonly { readonly message: string; readonly extensions: Readonly<Record<string, unknown>> }[];
    };
  };
  return { ask, requests, port, baseURL, freshsales, closed: () => closed };
}

/** Answers with this status, these headers and this body. */
export const answer =
  (status: number, headers: Record<string, string>, body: string | Buffer = ''): Misbehaviour =>
  (_request, response) =>
    void response.writeHead(status, headers).end(body);

export const json = (body: string | Buffer, headers: Record<string, string> = {}): Misbehaviour =>
  answer(200, { 'content-type': 'application/json', ...headers }, body);

/** Sends as fast as the reader reads, without end, and counts. */
export function endless(status = 200) {
  let sent = 0;
  const block = Buffer.alloc(65_536, '"aaaaaaaaaaaaaa');
  const send: Misbehaviour = (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.write('{"contact":{"id":1,"first_name":[');
    const more = () => {
      while (!response.destroyed) {
        sent += block.length;
        if (!response.write(block)) return void response.once('drain', more);
      }
    };
    more();
  };
  return { send, sent: () => sent };
}
