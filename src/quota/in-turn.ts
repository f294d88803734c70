import type { Call, Meter, Turn } from '../freshsales/transport.ts';

/** Several meters as one. All of them allow a call, or none does. */
export const inTurn = (...meters: readonly Meter[]): Meter => ({
  allow: (call, turn) => allowAll(meters, call, turn),
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

/** Where none makes the call wait it goes on at once. */
function allowAll(meters: readonly Meter[], call: Call, turn: Turn): void | Promise<void> {
  const taken: Meter[] = [];
  const undo = (error: unknown): never => {
    for (const meter of taken) meter.release?.(call, false);
    throw error;
  };
  const from = (at: number): void | Promise<void> => {
    for (const [index, meter] of meters.entries()) {
      if (index < at) continue;
      const wait = meter.allow(call, turn);
      if (wait)
        return wait.then(() => {
          taken.push(meter);
          return from(index + 1);
        });
      taken.push(meter);
    }
  };
  try {
    return from(0)?.catch(undo);
  } catch (error) {
    return undo(error);
  }
}
