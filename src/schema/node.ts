import type { MaybePromise, ObjectRef } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import type { Identified } from '../freshsales/resource.ts';
import type { Context } from '../records/context.ts';
import { needsOf, selectionOf } from '../records/field-needs.ts';
import { toGid } from '../records/gid.ts';
import type { RecordLoader } from '../records/loader.ts';
import { builder, type Types } from './builder.ts';

/** Anything with a global id. */
export const Node = builder.interfaceRef<Identified>('Node').implement({
  description: 'An object with a global id, which can be read again through node.',
  resolveType: (row) => typeOf(row),
  fields: (t) => ({
    id: t.id({ nullable: false, description: 'Global id, such as gid://freshsales/Contact/31016358306.' }),
  }),
});

/** The GraphQL type of a row; the store writes it on each. */
export const typeOf = (row: Identified): string => String((row as Identified & { __typename?: string }).__typename);

export type NodeReader = (context: Context, id: string, info: GraphQLResolveInfo) => MaybePromise<Identified | null>;

const readers = new Map<string, NodeReader>();

/** How to read a node of this type, if it can be read by its id. */
export const nodeReader = (type: string): NodeReader | undefined => readers.get(type);

export const nodeTypes = (): string[] => [...readers.keys()].sort();

/** Gives a type its two ids. */
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

/** Gives a type its two ids, and makes `node(id:)` find its records. */
export function nodeType<R extends Identified>(ref: ObjectRef<Types, R>, loader: RecordLoader<R>): void {
  withIds(ref);
  registerNode(ref.name, (context, id, info) =>
    loader(context).load(id, needsOf(selectionOf(context, info), ref.name, info)),
  );
}

export function registerNode(type: string, reader: NodeReader): void {
  readers.set(type, reader);
}
