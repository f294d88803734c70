import { openInProcess } from './in-process.ts';
import { PLENTY } from './upstream.ts';

/** Memory of a process, in bytes. */
export interface Use {
  readonly heap: number;
  readonly resident: number;
}

export interface MemoryRun {
  readonly before: Use;
  readonly after: Use;
  readonly reads: number;
  readonly calls: number;
}

const ROWS = 100;
/** The time limit. Enough for all reads if they come from the cache. */
const AT_MOST_MS = 120_000;
const [reads = 0] = process.argv.slice(2).map(Number);
const QUERY = `{ contacts(first: ${ROWS}) { nodes { id displayName email jobTitle updatedAt } } }`;

const { sandbox, ask } = await openInProcess({ behaviours: PLENTY });
await read(200 * ROWS);
sandbox.requests.length = 0;
const before = use();
const done = await read(reads);
const calls = sandbox.requests.length;
// The sandbox logs requests, which must not be measured.
sandbox.reset();
const result: MemoryRun = { before, after: use(), reads: done, calls };
process.send?.(result);

async function read(records: number): Promise<number> {
  const end = performance.now() + AT_MOST_MS;
  let read = 0;
  for (; read < records && performance.now() < end; read += ROWS) await ask(QUERY);
  return read;
}

function use(): Use {
  globalThis.gc?.();
  const { heapUsed: heap, rss: resident } = process.memoryUsage();
  return { heap, resident };
}
