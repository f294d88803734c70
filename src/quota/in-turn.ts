import type { Meter } from '../freshsales/transport.ts';

/** Several meters as one, none of which makes a call wait. All of them allow a call, or none does. */
export const inTurn = (...meters: readonly Meter[]): Meter => ({
  allow(call, turn) {
    const taken: Meter[] = [];
    try {
      for (const meter of meters) {
        meter.allow(call, turn);
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
