import { configDefaults, mergeConfig } from 'vitest/config';
import usual, { SLOW } from './vitest.config.ts';

/** The long tests, with all of their cases. Of `*.deep.test.ts`, `npm test` runs the first cases. */
const deep = mergeConfig(usual, {
  test: { env: { DEEP: '1' }, testTimeout: 120_000 },
});
deep.test.include = ['test/**/*.deep.test.ts', SLOW];
deep.test.exclude = configDefaults.exclude;
export default deep;
