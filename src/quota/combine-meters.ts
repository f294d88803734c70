import type { Meter } from '../freshsales/transport.ts';

/** Several meters as one. Asked in order; all of them allow a call, or none does. */
export const combineMeters = (...meters: readonly Meter[]): Meter => ({
  async allow(call, turn) {
    const taken: Meter[] = [];
    try {
      for (const meter of meters) {
        const wait = meter.allow(call, turn);
        // A call that need not wait goes out at once, in the order of the requests.
        if (wait) await wait;
        taken.push(meter);
      }
    } catch (error) {
      for (const meter of taken) meter.release?.(call, false);
      throw error;
    }
  },
  spend(call) {
    for (const meter of meters) meter.spend(call);
  },
  learn(status, headers, call) {
    for (const meter of meters) meter.learn(status, headers, call);
  },
  release(call, sent) {
    for (const meter of meters) meter.release?.(call, sent);
  },
});
