import { readFileSync } from 'node:fs';
import type { Endpoint } from './endpoint.ts';
import { openNaive } from './naive/server.ts';
import { openProduct } from './product.ts';
import { documentOf } from './queries.ts';

/** A way of serving the same data from Freshsales. */
export interface Contender {
  readonly name: string;
  /** Opened for each query, so that its cache is empty. */
  open(upstream: string): Promise<Endpoint>;
  /** The operation in its schema, or why it cannot be written. */
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

/** Operations of other schemas are in files. A file with only a comment says why the operation cannot be written. */
export function peerDocument(query: string): string | Inexpressible {
  const text = readFileSync(new URL(`peers/queries/${query}.graphql`, import.meta.url), 'utf8');
  const reason = /^# Not expressible: (.+)$/m.exec(text)?.[1];
  return reason === undefined ? text : new Inexpressible(reason);
}
