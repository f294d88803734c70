import { inspect } from 'node:util';
import fc, { type Arbitrary } from 'fast-check';

/** Where the random cases begin. Another one in each run, unless SEED replays one. */
export const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));

/** How long all fuzz tests run together. */
export const SECONDS = Number(process.env.FUZZ_SECONDS ?? 60);

const MAX_CASES = 100_000;

export interface FuzzOptions<T> {
  readonly input: Arbitrary<T>;
  readonly seconds: number;
  /** Cases at once. */
  readonly lanes?: number;
  /** Throws where an invariant is broken. */
  readonly check: (input: T) => Promise<void>;
}

/** Checks random inputs until the time is over, and gives their number. Each input has a seed of its own, which replays it. */
export async function fuzz<T>({ input, seconds, lanes = 1, check }: FuzzOptions<T>): Promise<number> {
  const end = performance.now() + seconds * 1000;
  let next = 0;
  const lane = async () => {
    while (performance.now() < end && next < MAX_CASES) {
      const seed = SEED + next;
      next += 1;
      const [value] = fc.sample(input, { seed, numRuns: 1 });
      try {
        await check(value as T);
      } catch (error) {
        const shown = inspect(value, { depth: 10, maxStringLength: 3000, maxArrayLength: 200 });
        throw new Error(`${String(error)}\nReplay: SEED=${seed} npm run test:fuzz\nInput: ${shown}`, { cause: error });
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return next;
}

/** A change to a text: at a place, so many characters are replaced. */
export interface Edit {
  /** Between 0 and 1, of the length. */
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

export const edits = (inserts: Arbitrary<string>, most = 6): Arbitrary<Edit[]> =>
  fc.array(
    fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      remove: fc.oneof({ weight: 3, arbitrary: fc.nat({ max: 12 }) }, fc.nat({ max: 5000 })),
      insert: inserts,
    }),
    { maxLength: most },
  );

export const edit = (text: string, changes: readonly Edit[]): string =>
  changes.reduce((before, { at, remove, insert }) => {
    const start = Math.floor(at * before.length);
    return before.slice(0, start) + insert + before.slice(start + remove);
  }, text);

/** Text that programs stumble over. */
export const awkward = fc.oneof(
  fc.constantFrom(
    '',
    '\0',
    '\u001b[2J',
    '\ud800',
    '\u202e',
    '\ufeff',
    '"""',
    '\\',
    '__proto__',
    'constructor',
    '%00',
    '../',
    '-1',
    '1e999',
    'NaN',
    'null',
    '{{',
    '$x',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc
    .tuple(
      fc.constantFrom('x', '[', '{', '{"a":', '"', 'Value "', '漢', '\\u0000', ' ', '9', '/'),
      fc.nat({ max: 20_000 }),
    )
    .map(([unit, count]) => unit.repeat(count)),
);
