interface MapLike<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
}

/** The value under a key of a map, which is made and kept if there is none. As `Map.prototype.getOrInsertComputed` of later Node.js. */
export function getOrInsert<K, V extends NonNullable<unknown>>(map: MapLike<K, V>, key: K, make: (key: K) => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make(key);
  map.set(key, made);
  return made;
}

/** Items by a key of theirs, in their order. As `Map.groupBy` of later Node.js. */
export function groupBy<K, T>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) getOrInsert(groups, keyOf(item), () => []).push(item);
  return groups;
}
