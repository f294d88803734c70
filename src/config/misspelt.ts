import { KNOWN_VARIABLES } from './environment.ts';

/** Most edits between a misspelt name and the right one. */
const NEAR = 2;

/** Shorter names, such as PORT, are too similar to variables of other programs. */
const LONG_ENOUGH = 7;

const OURS = /^FRESH_?SALES_?/;

/** Unknown variables that look like ours, each with the name that was probably meant. */
export function misspelt(
  given: Iterable<string>,
  known: readonly string[],
): { readonly name: string; readonly meant: string | undefined }[] {
  return [...given]
    .filter((name) => !known.includes(name))
    .map((name) => ({ name, meant: meantBy(name.toUpperCase().replaceAll('-', '_'), known) }))
    .filter(({ name, meant }) => meant !== undefined || OURS.test(name.toUpperCase()));
}

const meantBy = (name: string, known: readonly string[]): string | undefined =>
  nearest(name, known) ?? similar(name, known);

function nearest(name: string, known: readonly string[]): string | undefined {
  const [first] = known
    .filter((each) => each.length >= LONG_ENOUGH && Math.abs(each.length - name.length) <= NEAR)
    .map((each) => ({ each, distance: distanceOf(name, each) }))
    .filter(({ distance }) => distance <= NEAR)
    .sort((one, other) => one.distance - other.distance);
  return first?.each;
}

/** A name with a missing part or another unit: `FRESHSALES_KEY`, `QUOTA_WAIT`, `CACHE_RECORDS_MS`. */
function similar(name: string, known: readonly string[]): string | undefined {
  const bare = name.replace(OURS, '');
  const stem = name.split('_').slice(0, 2).join('_');
  if (bare !== name && bare !== '')
    return known.find((each) => each === bare) ?? known.find((each) => OURS.test(each) && each.includes(`_${bare}`));
  return stem.includes('_') ? known.find((each) => each.startsWith(`${stem}_`)) : undefined;
}

/** Levenshtein distance. Names are short, so the plain algorithm is fast enough. */
function distanceOf(one: string, other: string): number {
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...one].entries()) {
    const current = [row + 1];
    for (const [column, against] of [...other].entries()) {
      const replaced = (previous[column] ?? 0) + (letter === against ? 0 : 1);
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous.at(-1) ?? 0;
}

/** Warnings about names that look like variables of this server. `asked` are names that the file of callers uses. */
export function misspeltIn(env: NodeJS.ProcessEnv, asked: ReadonlySet<string>): string[] {
  const names = Object.keys(env).filter((name) => !asked.has(name));
  return misspelt(names, KNOWN_VARIABLES).map(
    ({ name, meant }) =>
      `${name} is not a variable of this server. ${meant ? `Did you mean ${meant}?` : 'See docs/configuration.md.'}`,
  );
}

/** Warnings about variables that Node.js reads before the `.env` file. */
export const misplaced = (names: readonly string[] = [], file = '.env'): string[] =>
  names
    .filter((name) => name === 'NODE_EXTRA_CA_CERTS')
    .map((name) => `${name} in ${file} has no effect. Set it in the environment of the process.`);
