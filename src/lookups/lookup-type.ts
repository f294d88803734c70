import type { GraphQLResolveInfo } from 'graphql';
import { withIds } from '../freshsales/answer.ts';
import type { Identified, Lookup } from '../freshsales/resource.ts';
import type { Context } from '../records/context.ts';
import { fetchedBy } from '../records/field-needs.ts';
import { wholeLookup } from '../records/loader.ts';
import { builder } from '../schema/builder.ts';
import { identified } from '../schema/connection.ts';
import { type NodeType, nodeType } from '../schema/node.ts';

interface LookupOptions {
  readonly description: string;
  /** The root field that returns every row. */
  readonly query: string;
  readonly queryDescription: string;
}

/** Declares the GraphQL type of a lookup, with its ids, its place in `node`, and the root field that lists it. */
export function lookupType<R extends Identified>(
  lookup: Lookup<R>,
  { description, query, queryDescription }: LookupOptions,
): NodeType<R> {
  const type = nodeType<R, Lookup<R>>(lookup, description);
  const all = wholeLookup(lookup);
  builder.queryField(query, (t) =>
    t.field({
      type: [type] as [NodeType<R>],
      semanticNonNull: true,
      description: `${queryDescription} Costs one call; cached for an hour.`,
      ...fetchedBy({
        ...all,
        run: async (_root: object, _args: object, context: Context, info: GraphQLResolveInfo) =>
          identified(context, info, await all.run(context)),
      }),
    }),
  );
  return type;
}

/** The rows of another lookup that point to a row by a column. */
export const rowsOf = <T extends Identified>(
  lookup: Lookup<T>,
  column: keyof T & string,
  type: NodeType<T>,
  description: string,
) => {
  const all = wholeLookup(lookup);
  return {
    type: [type] as [NodeType<T>],
    semanticNonNull: true,
    description: `${description} Costs one call; cached for an hour.`,
    extensions: { freshsales: { fetch: all } },
    resolve: async ({ id }: Identified, _args: object, context: Context): Promise<T[]> =>
      withIds(await all.run(context)).filter((row) => row[column] === id),
  };
};

/** The same for a lookup whose rows have a name and a position. */
export function namedLookupType<R extends Identified & { name: string; position: number | null }>(
  lookup: Lookup<R>,
  options: LookupOptions,
): NodeType<R> {
  const type = lookupType(lookup, options);
  builder.objectFields(type, (t) => ({
    name: t.string({
      semanticNonNull: true,
      description: 'Name.',
      extensions: { pothosExposedField: 'name' },
      resolve: ({ name }) => name,
    }),
    position: t.int({
      description: 'Position in the list, starting at 1.',
      extensions: { pothosExposedField: 'position' },
      resolve: ({ position }) => position,
    }),
  }));
  return type;
}
