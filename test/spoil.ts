import fc from 'fast-check';

interface Holder {
  [key: string]: unknown;
}

/** Every place in a JSON value, as the thing that holds it and its key there. */
function places(value: unknown): { holder: Holder; key: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Holder;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...places(holder[key])]);
}

/** Values that nobody expects. */
export const garbage = fc.oneof(
  fc.constantFrom(null, '', 0, -1, true, [], {}, [null], ['x'], 'undefined', 1e308, 'not a date', [{}], { id: null }),
  fc.jsonValue(),
);

/** Puts garbage in some places of an answer. */
export function spoil(answer: unknown, wounds: readonly (readonly [number, unknown])[]): unknown {
  const copy = structuredClone(answer);
  for (const [at, value] of wounds) {
    const all = places(copy);
    const place = all[at % Math.max(1, all.length)];
    if (place) place.holder[place.key] = structuredClone(value);
  }
  return copy;
}
