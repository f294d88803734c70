import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server with an address. */
export interface Endpoint {
  readonly url: string;
  close(): Promise<void>;
}

/** A response. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly data: unknown;
  readonly errors: readonly { readonly message: string }[];
}

/** Serves a handler on a free port of loopback. */
export async function listen(handler: RequestListener): Promise<Endpoint> {
  const server = createServer(handler);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Sends one operation and reads the response. */
export async function ask(
  url: string,
  query: string,
  variables: object = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    body: bodyOf(query, variables),
  });
  const text = await response.text();
  const { data, errors = [] } = JSON.parse(text) as Pick<Answer, 'data'> & Partial<Answer>;
  return { status: response.status, text, data, errors };
}

export const bodyOf = (query: string, variables: object): string => JSON.stringify({ query, variables });
