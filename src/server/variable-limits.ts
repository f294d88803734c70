import { type DocumentNode, type ExecutionArgs, GraphQLError, visit } from 'graphql';
import type { GraphQLParams } from 'graphql-yoga';
import { MAX_VALUE_DEPTH } from '../planner/document-limits.ts';

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

const usesIn = new WeakMap<DocumentNode, ReadonlyMap<string, number>>();

/** How often each variable is used in a document, its definition included. */
function countUses(document: DocumentNode): ReadonlyMap<string, number> {
  const known = usesIn.get(document);
  if (known) return known;
  const uses = new Map<string, number>();
  visit(document, { Variable: ({ name }) => void uses.set(name.value, (uses.get(name.value) ?? 0) + 1) });
  usesIn.set(document, uses);
  return uses;
}

/**
 * Why variables are too large for how often they are used: a request of a megabyte that uses one variable a thousand times is a
 * gigabyte by the time it is sent on. Undefined if they are not.
 */
export function exceededUses(
  { document, variableValues }: Pick<ExecutionArgs, 'document' | 'variableValues'>,
  maxBytes: number,
): GraphQLError | undefined {
  const uses = countUses(document);
  let bytes = 0;
  for (const [name, value] of Object.entries(variableValues ?? {})) {
    const further = (uses.get(name) ?? 0) - 2;
    if (further > 0) bytes += further * (JSON.stringify(value)?.length ?? 0);
  }
  if (bytes <= maxBytes) return undefined;
  return refused('The operation uses large variables too often. Use each once, or send several operations.');
}
