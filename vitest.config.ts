import { defineConfig } from 'vitest/config';

export default defineConfig({
  // graphql@16 ships two builds and no `exports`: Vite would pick index.mjs while yoga, loaded by Node, picks
  // index.js, and `instanceof GraphQLError` would fail between them.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    reporters: ['default', './test/plain-summary.ts'],
    testTimeout: 20_000,
    // All files of a worker share its modules. Building the schema anew for each file takes longer than the tests, and
    // a test that needs a module without isolation would find state that a server with two accounts would share, too.
    isolate: false,
  },
});
