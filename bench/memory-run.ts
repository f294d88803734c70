import { openInProcess } from './in-process.ts';
import { PLENTY } from './upstream.ts';

/** What one process used, in bytes. */
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
/** Enough for all of them where they come from the cache; where not, so many are read as there is time for. */
const AT_MOST_MS = 120_000;
const [reads = 0] = process.argv.slice(2).map(Number);
const QUERY = `{ contacts(first: ${ROWS}) { nodes { id displayName email jobTitle updatedAt } } }`;

const { sandbox, ask } = await openInProcess({ behaviours: PLENTY });
await read(200 * ROWS);
sandbox.requests.length = 0;
const before = use();
const done = await read(reads);
const calls = sandbox.requests.length;
// The sandbox remembers what it was asked; that is not what is measured.
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
