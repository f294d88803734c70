import { createContextCache } from '@pothos/core';
import type { ExecutionResult } from 'graphql';

type Listener = (whole: ExecutionResult) => void;

interface Delivery {
  /** The result is delivered in parts. */
  isIncremental: boolean;
  whole?: ExecutionResult;
  readonly listeners: Listener[];
}

const deliveryOf = createContextCache((_context: object): Delivery => ({ isIncremental: false, listeners: [] }));

/** Says that the result of an operation is delivered in parts. Returns what to call with the whole when it has ended. */
export function deliverInParts(context: object): Listener {
  const delivery = deliveryOf(context);
  delivery.isIncremental = true;
  return (whole) => {
    delivery.whole = whole;
    for (const listener of delivery.listeners.splice(0)) listener(whole);
  };
}

/** Calls back with the whole result: now, or when its last part is made. Never for a subscription, and returns false. */
export function whenWhole(
  context: object | undefined,
  result: ExecutionResult | AsyncIterable<unknown>,
  then: Listener,
): boolean {
  if (!(Symbol.asyncIterator in result)) {
    then(result);
    return true;
  }
  const delivery = context && deliveryOf(context);
  if (!delivery?.isIncremental) return false;
  if (delivery.whole) then(delivery.whole);
  else delivery.listeners.push(then);
  return true;
}
