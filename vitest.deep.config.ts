import { configDefaults, mergeConfig } from 'vitest/config';
import usual, { PACKAGE } from './vitest.config.ts';

/** The long tests, with all of their cases. `npm test` runs the same files with the first cases only. */
const deep = mergeConfig(usual, {
  test: { env: { DEEP: '1' }, testTimeout: 120_000 },
});
deep.test.include = ['test/**/*.deep.test.ts', PACKAGE];
deep.test.exclude = configDefaults.exclude;
export default deep;
