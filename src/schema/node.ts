import type { ObjectRef } from '@pothos/core';
import type { Identified } from '../freshsales/resource.ts';
import { toGid } from '../records/gid.ts';
import { builder, type Types } from './builder.ts';

/** An object with a global id. */
export const Node = builder.interfaceRef<Identified>('Node').implement({
  description: 'An object with a global id, which can be read again through node.',
  resolveType: (row) => typeOf(row),
  fields: (t) => ({
    id: t.id({ nullable: false, description: 'Global id, such as gid://freshsales/Contact/31016358306.' }),
  }),
});

/** The GraphQL type of a row, set by the record store. */
export const typeOf = (row: Identified): string => String((row as Identified & { __typename?: string }).__typename);

/** Adds the two ids to a type. */
export function withIds<R extends Identified>(ref: ObjectRef<Types, R>): void {
  builder.objectFields(ref, (t) => ({
    id: t.id({
      nullable: false,
      description: `Global id, such as ${toGid(ref.name, '31016358306')}.`,
      resolve: ({ id }) => toGid(ref.name, id),
    }),
    databaseId: t.string({
      nullable: false,
      description: 'Freshsales id.',
      resolve: ({ id }) => id,
    }),
  }));
}
