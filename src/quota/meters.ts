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
    const meter = meters[at];
    if (!meter) return undefined;
    const next = () => {
      taken.push(meter);
      return from(at + 1);
    };
    const wait = meter.allow(call, turn);
    return wait ? wait.then(next) : next();
  };
  try {
    return from(0)?.catch(undo);
  } catch (error) {
    return undo(error);
  }
}
