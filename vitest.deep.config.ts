import { mergeConfig } from 'vitest/config';
import usual from './vitest.config.ts';

/** The long tests, with all of their cases. `npm test` runs the same files with the first cases only. */
export default mergeConfig(usual, {
  test: { include: ['test/**/*.deep.test.ts'], env: { DEEP: '1' }, testTimeout: 120_000 },
});
