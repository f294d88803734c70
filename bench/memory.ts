import { runApart } from './apart.ts';
import type { MemoryRun } from './memory-run.ts';
import { type Section, whole } from './section.ts';

const READS = 1_000_000;
const MB = 1_000_000;

/** Memory before and after many reads. */
export async function memorySection(): Promise<Section> {
  const { before, after, reads, calls } = await runApart<MemoryRun>('memory-run.ts', {
    args: [String(READS)],
    flags: ['--expose-gc'],
  });
  const fromCache = calls <= reads / 1000;
  const megabytes = (bytes: number) => `${(bytes / MB).toFixed(1)} MB`;
  return {
    title: 'Memory',
    about: `${whole(reads)} records read by ${whole(reads / 100)} queries of 100 records, in one process with server and sandbox, for at most two minutes. *Before* is after 200
queries to warm up. The heap is measured after a garbage collection.`,
    columns: ['', 'before', 'after', 'growth'],
    rows: [
      ['heap', megabytes(before.heap), megabytes(after.heap), megabytes(after.heap - before.heap)],
      ['resident', megabytes(before.resident), megabytes(after.resident), megabytes(after.resident - before.resident)],
    ],
    notes: [
      `Freshsales calls during the run: ${whole(calls)}.${fromCache ? '' : ' The records did not come from the cache, and each call leaves its time limit behind for as long as that is.'}`,
    ],
    aims: [
      {
        what: `heap after ${whole(reads)} record reads`,
        aim: 'no growth with the number of reads',
        measured: `${megabytes(before.heap)} before, ${megabytes(after.heap)} after${fromCache ? '' : ', and not from the cache'}`,
      },
    ],
  };
}
