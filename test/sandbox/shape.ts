/** What an answer looks like, values aside. Array elements are taken together. */
export interface Shape {
  readonly types: Set<string>;
  readonly keys: Map<string, Shape>;
  items?: Shape;
}

/** A difference that is known, and why it is right. The path is matched from its beginning. */
export interface Exception {
  readonly path: RegExp;
  readonly reason: string;
}

/** Objects whose keys are data: custom fields, ids. */
const MAPS = new Set(['custom_field', 'avatar_data', 'action_data', 'field_options']);

const empty = (): Shape => ({ types: new Set(), keys: new Map() });

/** The shape of a value, added to what was seen before. */
export function shapeOf(value: unknown, name = '', shape = empty()): Shape {
  if (value === null || value === undefined) return shape;
  if (Array.isArray(value)) {
    shape.types.add('array');
    shape.items ??= empty();
    for (const item of value) shapeOf(item, '', shape.items);
  } else if (typeof value === 'object') {
    shape.types.add('object');
    if (MAPS.has(name)) return shape;
    for (const [key, cell] of Object.entries(value)) shape.keys.set(key, shapeOf(cell, key, shape.keys.get(key)));
  } else {
    shape.types.add(typeof value);
  }
  return shape;
}

/** Where two shapes differ: keys that one lacks, and types that both have and that clash. Null goes with anything. */
export function differences(wanted: Shape, actual: Shape, path = ''): string[] {
  const found: string[] = [];
  if (wanted.types.size > 0 && actual.types.size > 0 && ![...wanted.types].some((type) => actual.types.has(type)))
    found.push(`${path}: ${[...actual.types]} instead of ${[...wanted.types]}`);
  if (wanted.keys.size > 0 && actual.keys.size > 0) {
    for (const key of wanted.keys.keys()) if (!actual.keys.has(key)) found.push(`${path}.${key}: missing`);
    for (const key of actual.keys.keys()) if (!wanted.keys.has(key)) found.push(`${path}.${key}: too much`);
  }
  for (const [key, inner] of wanted.keys) {
    const other = actual.keys.get(key);
    if (other) found.push(...differences(inner, other, `${path}.${key}`));
  }
  if (wanted.items && actual.items) found.push(...differences(wanted.items, actual.items, `${path}[]`));
  return found;
}

/** The differences that no exception covers. */
export const unexplained = (found: readonly string[], exceptions: readonly Exception[]): string[] =>
  found.filter((difference) => !exceptions.some(({ path }) => path.test(difference)));
