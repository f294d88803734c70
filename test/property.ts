import fc from 'fast-check';

// The same cases in each run: one that fails is about what was changed. SEED looks elsewhere, and RUNS longer.
fc.configureGlobal({ seed: Number(process.env.SEED ?? 20_261_125) });

/** True in `npm run test:deep`, which runs the files named `*.deep.test.ts` at full size. */
export const isDeep = process.env.DEEP === '1';

/** The number of cases that a test of a property tries. */
export const runs = (usually: number) => ({ numRuns: Number(process.env.RUNS ?? usually) });

/** The same for long properties, in `*.deep.test.ts`: all cases in `npm run test:deep`, the first of them in `npm test`. */
export const deepRuns = (all: number) => runs(isDeep ? all : Math.ceil(all / 6));

/** The same for cases that are listed. */
export const deepCases = <T>(all: readonly T[], usually: number): readonly T[] =>
  isDeep ? all : all.slice(0, usually);

export default fc;
