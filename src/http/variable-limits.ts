import { GraphQLError } from 'graphql';
import type { GraphQLParams } from 'graphql-yoga';
import { MAX_VALUE_DEPTH } from '../graph/document-limits.ts';

/** Throws where variables are nested too deeply for those who recurse into them, or have a key that JavaScript takes for more. */
export function refuseUnsafeVariables({ variables }: GraphQLParams): void {
  const rest: { readonly value: unknown; readonly depth: number }[] = [{ value: variables, depth: 0 }];
  for (let each = rest.pop(); each; each = rest.pop()) {
    const { value, depth } = each;
    if (typeof value !== 'object' || value === null) continue;
    // The variables themselves are an object.
    if (depth > MAX_VALUE_DEPTH)
      throw refused(`A variable is nested more than ${MAX_VALUE_DEPTH} levels deep. Send a flatter value.`);
    if (Object.hasOwn(value, '__proto__')) throw refused('"__proto__" cannot be a key in variables. Remove it.');
    for (const below of Array.isArray(value) ? value : Object.values(value))
      rest.push({ value: below, depth: depth + 1 });
  }
}

const refused = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } });
