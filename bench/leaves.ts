/** All values of a response without their names, to compare responses of different schemas. */
export function leavesOf(data: unknown, found = new Set<string>()): ReadonlySet<string> {
  if (data === null || data === undefined || data === '') return found;
  if (typeof data === 'object') for (const value of Object.values(data)) leavesOf(value, found);
  else found.add(comparable(String(data)));
  return found;
}

const comparable = (text: string): string =>
  /^\d{4}-\d\d-\d\dT/.test(text) ? new Date(text).toISOString() : text.toLowerCase();

/** The number of values that the other response lacks. */
export function missingFrom(other: unknown, wanted: unknown): number {
  const leaves = leavesOf(other);
  return [...leavesOf(wanted)].filter((leaf) => !leaves.has(leaf)).length;
}
