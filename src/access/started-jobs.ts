import { jobIdOf } from '../freshsales/job.ts';
import type { Done, Once } from '../stores/once.ts';

/** The bulk jobs that a caller has started. Ids of jobs are not secret, and what a job reports quotes records. */
export interface Jobs {
  /** Remembers the job in the answer to a bulk write, for a day; on all servers that share a Redis. */
  started(body: unknown): Promise<void>;
  isOwn(id: string): Promise<boolean>;
}

type Known = { readonly isStarted: boolean };

/** Callers may share a key to Freshsales, and with it what is known to be done once. */
export function jobsOf(once: Once, caller: string): Jobs {
  const run = (id: string, isStarted: boolean): Promise<Done<Known>> =>
    once.run<Known>(`${caller} job ${id}`, 'job', async () => ({ isStarted }), {
      value: (known) => known.isStarted,
      error: () => false,
      own: () => true,
    });
  // What this operation has started it may look at, whatever the others know.
  const own = new Set<string>();
  return {
    async started(body) {
      const id = idIn(body);
      if (id === undefined) return;
      own.add(id);
      await run(id, true);
    },
    async isOwn(id) {
      if (own.has(id)) return true;
      const done = await run(id, false);
      return done.kind === 'done' && done.value.isStarted;
    },
  };
}

function idIn(body: unknown): string | undefined {
  try {
    return jobIdOf(body);
  } catch {
    // Most writes start none.
    return undefined;
  }
}
