import { type DocumentNode, GraphQLError, type ParseOptions, parse, type Source } from 'graphql';

/** Tokens of a document, unless configured otherwise. */
export const DEFAULT_MAX_TOKENS = 5000;

export interface ShallowParseOptions extends ParseOptions {
  /** Tokens of the document. */
  readonly maxTokens: number;
}

/**
 * Parses what others wrote. Throws a GraphQLError for documents of too many tokens, and for those that are nested so deeply that
 * the stack of graphql-js' parser does not reach.
 */
export function parseShallow(source: string | Source, options: ShallowParseOptions): DocumentNode {
  try {
    return parse(source, options);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new GraphQLError('Syntax Error: the document is nested too deeply.', {
      extensions: { code: 'BAD_USER_INPUT' },
    });
  }
}
