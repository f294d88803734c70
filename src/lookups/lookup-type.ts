import type { ObjectRef } from '@pothos/core';
import type { Identified, Lookup } from '../freshsales/resource.ts';
import type { Context } from '../records/context.ts';
import { fetchedBy } from '../records/field-needs.ts';
import { loaderFor, type RecordLoader, wholeLookup } from '../records/loader.ts';
import { builder, type Types } from '../schema/builder.ts';
import { Node, withIds } from '../schema/node.ts';

interface LookupOptions {
  readonly description: string;
  /** The root field that returns every row. */
  readonly query: string;
  readonly queryDescription: string;
}

type LookupType<R extends Identified> = readonly [type: ObjectRef<Types, R>, loader: RecordLoader<R>];

/** Declares the GraphQL type of a lookup, with its ids, its place in `node`, and the root field that lists it. */
export function lookupType<R extends Identified>(
  lookup: Lookup<R>,
  { description, query, queryDescription }: LookupOptions,
): LookupType<R> {
  const loader = loaderFor(lookup);
  const type: ObjectRef<Types, R> = builder.objectRef<R>(lookup.name).implement({
    description,
    // Inside a function generic in the record, Pothos cannot see that the types agree.
    interfaces: [Node] as never,
  });
  withIds(type);
  const all = wholeLookup(lookup);
  builder.queryField(query, (t) =>
    t.field({
      type: [type] as [ObjectRef<Types, R>],
      semanticNonNull: true,
      description: `${queryDescription} Costs one call; cached for an hour.`,
      ...fetchedBy({ ...all, run: (_root: object, _args: object, context: Context) => all.run(context) }),
    }),
  );
  return [type, loader];
}

/** The same for a lookup whose rows have a name and a position. */
export function namedLookupType<R extends Identified & { name: string; position: number | null }>(
  lookup: Lookup<R>,
  options: LookupOptions,
): LookupType<R> {
  const declared = lookupType(lookup, options);
  builder.objectFields(declared[0], (t) => ({
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
  return declared;
}
