import fc from 'fast-check';

// The same cases in each run: one that fails is about what was changed. SEED looks elsewhere, and RUNS longer.
fc.configureGlobal({ seed: Number(process.env.SEED ?? 20_261_125) });

/** How many cases a test of a property tries. */
export const runs = (usually: number) => ({ numRuns: Number(process.env.RUNS ?? usually) });

export default fc;
