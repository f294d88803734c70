/** Every value of an answer, whatever it is called there, so that answers of different schemas can be held against each other. */
export function leavesOf(data: unknown, found = new Set<string>()): ReadonlySet<string> {
  if (data === null || data === undefined || data === '') return found;
  if (typeof data === 'object') for (const value of Object.values(data)) leavesOf(value, found);
  else found.add(comparable(String(data)));
  return found;
}

const comparable = (text: string): string =>
  /^\d{4}-\d\d-\d\dT/.test(text) ? new Date(text).toISOString() : text.toLowerCase();

/** How many of the values that were asked for are not in the other answer. */
export function missingFrom(other: unknown, wanted: unknown): number {
  const leaves = leavesOf(other);
  return [...leavesOf(wanted)].filter((leaf) => !leaves.has(leaf)).length;
}
