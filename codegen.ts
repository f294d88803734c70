import type { CodegenConfig } from '@graphql-codegen/cli';

/**
 * Typed documents for the operations in examples/, bench/queries/ and test/, so that a change of the schema that breaks them does not
 * compile.
 */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: ['examples/**/*.graphql', 'bench/queries/*.graphql', 'test/**/*.graphql', '!test/contract.graphql'],
  generates: {
    'test/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        // Fields marked @semanticNonNull become non-null, for clients that throw where they read a field that failed. Needs graphql-sock.
        nullability: { errorHandlingClient: true },
        scalars: { DateTime: 'string', Date: 'string', Decimal: 'string', JSON: 'unknown' },
      },
    },
  },
  importExtension: '.ts',
};

export default config;
