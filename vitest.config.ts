import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';

/** Tests that start many processes, or that wait. Only `npm run test:deep` runs them. */
export const SLOW = 'test/**/*.slow.test.ts';

export default defineConfig({
  // graphql@16 ships two builds and no `exports`: Vite would pick index.mjs while yoga, loaded by Node, picks
  // index.js, and `instanceof GraphQLError` would fail between them.
  resolve: {
    alias: [
      { find: /^graphql$/, replacement: 'graphql/index.js' },
      { find: /^freshsales-graphql$/, replacement: join(import.meta.dirname, 'src/index.ts') },
      { find: /^freshsales-graphql\/worker$/, replacement: join(import.meta.dirname, 'src/worker.ts') },
    ],
  },
  test: {
    reporters: ['default', './test/plain-summary.ts'],
    exclude: [...configDefaults.exclude, SLOW],
    globalSetup: './test/temporary-folder.ts',
    testTimeout: 20_000,
    // Test files share the modules of their worker. Loading the schema for each file took longer than the tests in it.
    isolate: false,
    // Many tests wait for a process or for Redis, about half of the time. By default vitest leaves one core unused.
    maxWorkers: availableParallelism() + 1,
  },
});
