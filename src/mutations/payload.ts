import type { ObjectRef } from '@pothos/core';
import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import type { Identified } from '../freshsales/resource.ts';
import { andThen } from '../maybe-promise.ts';
import type { Context } from '../records/context.ts';
import { fieldsOf, needsOf, selectionOf } from '../records/field-needs.ts';
import { toGid } from '../records/gid.ts';
import { type Needs, union } from '../records/record-type.ts';
import type { UserError } from '../records/write-report.ts';
import { builder, type Types } from '../schema/builder.ts';
import { loadNode, type NodeType } from '../schema/node.ts';

/** The result of a mutation of one record. */
export interface Written {
  /** Null if refused. */
  readonly id: string | null;
  readonly userErrors: readonly UserError[];
  /** For an upsert: true if the record was created. */
  readonly created?: boolean | null;
}

/** `<Name>Payload` with the record, or the reasons for the refusal. */
export function recordPayload<R extends Identified>(
  name: string,
  field: string,
  type: NodeType<R>,
): ObjectRef<Types, Written> {
  return builder.objectRef<Written>(`${name}Payload`).implement({
    description: `Result of ${lowerFirst(name)}.`,
    fields: (t) => ({
      [field]: t.field({
        type,
        description: 'The record after the change. Null if the change was refused.',
        extensions: { freshsales: { reads: true } },
        // Reads selected columns that the response lacks. An error here does not undo the write.
        resolve: ({ id }, _args, context, info) => {
          if (id === null) return null as never;
          const record = loadNode(context, info, type, id);
          return andThen(record, (found) => found ?? Promise.reject(notReadable(toGid(type.name, id)))) as never;
        },
      }),
      userErrors: t.field(userErrorsField),
    }),
  });
}

const notReadable = (record: string): GraphQLError =>
  new GraphQLError(
    'The change was made, but the record cannot be read. It was deleted since, or the API key may not see it.',
    { extensions: { code: 'NOT_FOUND', record } },
  );

/** Adds `created` to the payload of an upsert. */
export function withCreated(ref: ObjectRef<Types, Written>): void {
  builder.objectField(ref, 'created', (t) =>
    t.boolean({
      description: 'True if the record was created, false if it was updated. Null if the change was refused.',
      resolve: ({ created }) => created ?? null,
    }),
  );
}

/** `<Name>Payload` with the global id of a deleted record. */
export const deletePayload = (name: string, field: string, type: string): ObjectRef<Types, Written> =>
  builder.objectRef<Written>(`${name}Payload`).implement({
    description: `Result of ${lowerFirst(name)}.`,
    fields: (t) => ({
      [field]: t.id({
        description: 'Global id of the record. Null if the change was refused.',
        resolve: ({ id }) => (id === null ? null : toGid(type, id)),
      }),
      userErrors: t.field(userErrorsField),
    }),
  });

/** The selection of a payload's record. */
export function payloadNeeds(
  context: Context,
  info: GraphQLResolveInfo,
  { payload, type }: { payload: string; type: string },
): Needs {
  const fields = fieldsOf(selectionOf(context, info), payload, info).filter(({ name }) => name === lowerFirst(type));
  return union(fields.map((selection) => needsOf(selection, type, info)));
}

export const lowerFirst = (name: string): string => `${name.slice(0, 1).toLowerCase()}${name.slice(1)}`;

const UserErrorCode = builder.enumType('UserErrorCode', {
  description: 'Kind of problem with the input.',
  values: {
    INVALID: { description: 'The value has the wrong type or is not allowed here.' },
    REQUIRED: { description: 'A required value is missing.' },
    NOT_UNIQUE: { description: 'Another record already has this value, which must be unique.' },
    NOT_FOUND: { description: 'The record does not exist, or the API key may not see it.' },
    NOT_AVAILABLE: { description: 'The product of the account, Freshsales Suite or Classic, does not have this.' },
    CONFLICT: { description: 'The record was changed after the time in ifUpdatedAt.' },
    IGNORED: { description: 'Freshsales did not store this value. Everything else was written.' },
  } as const,
});

const UserErrorRef = builder.objectRef<UserError>('UserError').implement({
  description: 'A problem with the input that the caller can correct. Nothing was changed, unless the code is IGNORED.',
  fields: (t) => ({
    field: t.stringList({
      nullable: { list: true, items: false },
      description:
        'Path into the arguments of the mutation, such as ["input", "email"]. Null if Freshsales does not name a field.',
      resolve: ({ field }) => (field ? [...field] : null),
    }),
    message: t.exposeString('message', {
      nullable: false,
      description:
        'Description of the problem. If Freshsales refused the change, its own message in the language of the API key’s user.',
    }),
    code: t.expose('code', { type: UserErrorCode, nullable: false, description: 'Machine-readable code.' }),
  }),
});

/** Fields of every payload. */
export const userErrorsField = {
  type: [UserErrorRef] as [typeof UserErrorRef],
  nullable: { list: false, items: false } as const,
  description: 'Problems with the input. Empty if the mutation succeeded.',
  resolve: ({ userErrors }: { readonly userErrors: readonly UserError[] }) => [...userErrors],
};
