import type { ObjectRef } from '@pothos/core';
import type { Identified, Lookup } from '../freshsales/resource.ts';
import type { Context } from '../records/context.ts';
import { readList } from '../records/loader.ts';
import { priceOnce } from '../records/price.ts';
import { builder, type Types } from './builder.ts';

/** A root field that returns a complete lookup. */
export const wholeList = <R extends Identified>(type: ObjectRef<Types, R>, lookup: Lookup<R>, description: string) => ({
  type: [type] as [ObjectRef<Types, R>],
  semanticNonNull: true,
  description: `${description} Costs one call; cached for an hour.`,
  extensions: priceOnce(lookup.list),
  resolve: (_root: object, _args: object, context: Context): Promise<R[]> => readList(context, lookup),
});

/** Common columns of lookups. */
export function namedFields<R extends Identified & { name: string; position: number | null }>(
  ref: ObjectRef<Types, R>,
): void {
  builder.objectFields(ref, (t) => ({
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
}
