import { type DocumentNode, GraphQLError, type ParseOptions, parse, type Source } from 'graphql';

/** graphql-js parses values by recursion, and lists in lists by the thousand exhaust its stack. */
export function parseShallow(source: string | Source, options: ParseOptions = {}): DocumentNode {
  try {
    return parse(source, options);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new GraphQLError('Syntax Error: the document is nested too deeply.', {
      extensions: { code: 'BAD_USER_INPUT' },
    });
  }
}
