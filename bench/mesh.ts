import { existsSync } from 'node:fs';
import { firstMessage, startApart, stopApart } from './apart.ts';
import { type Contender, peerDocument } from './contender.ts';
import type { Endpoint } from './endpoint.ts';

/** True if Mesh is installed, which a normal install skips. */
export const hasPeers = (): boolean => existsSync(new URL('peers/node_modules/', import.meta.url));

/** GraphQL Mesh by default, and with deduplication and cache. */
export const mesh: readonly Contender[] = [
  { name: 'Mesh', open: (url) => openMesh([url]), document: peerDocument },
  { name: 'Mesh, tuned', open: (url) => openMesh([url, 'tuned']), document: peerDocument },
];

/** In its own process, because it has its own copy of graphql. */
async function openMesh(args: string[]): Promise<Endpoint> {
  const child = startApart('peers/mesh.ts', { args });
  const { url } = await firstMessage<{ url: string }>(child);
  return { url, close: () => stopApart(child) };
}
