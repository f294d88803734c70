/** graphql-markdown brings no types; this is what we use of it. */
declare module 'graphql-markdown' {
  import type { IntrospectionQuery } from 'graphql';

  interface Options {
    readonly title: string;
    readonly prologue: string;
    /** Types whose fields are in the table of contents. */
    readonly tocFieldTypes: readonly string[];
    readonly printer: (line: string) => void;
    /** The page of a type that is not part of the schema. */
    readonly unknownTypeURL: (type: { readonly name: string }) => string | undefined;
  }

  export function renderSchema(schema: IntrospectionQuery, options: Options): void;
}
