import { readFileSync } from 'node:fs';
import type { Endpoint } from './endpoint.ts';
import { openNaive } from './naive/server.ts';
import { openProduct } from './product.ts';
import { documentOf } from './queries.ts';

/** One way of serving the same data over Freshsales. */
export interface Contender {
  readonly name: string;
  /** Opened anew for each query, so that nothing is known when it is asked first. */
  open(upstream: string): Promise<Endpoint>;
  /** The operation in its own schema, or why it has none. */
  document(query: string): string | Inexpressible;
}

export class Inexpressible {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

export const product: Contender = { name: 'this server', open: openProduct, document: documentOf };

export const naive: readonly Contender[] = [
  { name: 'naive', open: (url) => openNaive(url, { once: false }), document: documentOf },
  { name: 'naive, once per request', open: (url) => openNaive(url, { once: true }), document: documentOf },
];

/** An operation of another schema is in a file of its own; one that cannot be written is a comment that says why. */
export function peerDocument(query: string): string | Inexpressible {
  const text = readFileSync(new URL(`peers/queries/${query}.graphql`, import.meta.url), 'utf8');
  const reason = /^# Not expressible: (.+)$/m.exec(text)?.[1];
  return reason === undefined ? text : new Inexpressible(reason);
}
