import type { GraphQLResolveInfo } from 'graphql';
import { type Row, toRow } from '../../freshsales/answer.ts';
import { isObject } from '../../freshsales/json.ts';
import { isId, toWireId, unreadable, type WriteRequest } from '../../freshsales/writes.ts';
import { contactListLookup } from '../../lookups/lookup-types.ts';
import { once } from '../../mutations/idempotency.ts';
import { userErrorsField } from '../../mutations/payload.ts';
import { refersTo } from '../../mutations/refers-to.ts';
import { Draft, idAt, refs, text } from '../../mutations/writable.ts';
import { send, withUncertainty } from '../../mutations/write.ts';
import {
  allRecords,
  type DraftContext,
  eachOf,
  oneRecord,
  type WriteCall,
  writeCost,
  writtenBy,
} from '../../mutations/write-facts.ts';
import type { Context } from '../../records/context.ts';
import { asksBeyondIds, type CountRecords, fieldsOf, type Planning } from '../../records/field-needs.ts';
import { wholeLookup } from '../../records/loader.ts';
import { recordStoreOf } from '../../records/record-store.ts';
import type { UserError } from '../../records/write-report.ts';
import { builder } from '../../schema/builder.ts';
import { loadRelated } from '../../schema/node.ts';
import { ContactList } from './type.ts';

/** Result of a change to a contact list. */
interface Listed {
  readonly isUnsent?: boolean;
  readonly id: string | null;
  /** The list as returned by Freshsales. Undefined if only its members changed. */
  readonly row?: Row | undefined;
  readonly message: string | null;
  readonly userErrors: readonly UserError[];
}

const ContactListPayload = builder.objectRef<Listed>('ContactListPayload').implement({
  description: 'Result of a change to a contact list.',
  fields: (t) => ({
    contactList: t.field({
      type: ContactList,
      description: 'The contact list after the change. Null if the change was refused.',
      resolve: ({ id, row }, _args, context, info) => {
        if (id === null) return null;
        if (row) recordStoreOf(context).put(contactListLookup, row);
        // The list exists, as Freshsales just changed it; it is read only for its name.
        return loadRelated(context, info, ContactList, id);
      },
    }),
    message: t.exposeString('message', {
      description: 'Message returned by Freshsales. For many contacts it may say that the change happens later.',
    }),
    userErrors: t.field(userErrorsField),
  }),
});

/** Contacts may be on other lists after the change. */
const touched = [{ type: 'Contact', id: '*' }];

const changeOf = (ids: readonly string[], action: 'create' | 'update'): WriteRequest['change'] => ({
  type: 'ContactList',
  path: contactListLookup.list,
  ids,
  touched: action === 'create' ? [] : touched,
  action,
});

async function change(
  context: Context,
  info: GraphQLResolveInfo,
  { draft, order, list }: { draft: Draft; order: WriteRequest; list: string | null },
): Promise<Listed> {
  const { reply, ...refused } = await send(context, info, { draft, order });
  if (!reply) return { id: null, message: null, ...refused };
  const body = isObject(reply.body) ? reply.body : {};
  const row = isObject(body.list) ? toRow(body.list) : undefined;
  if (list === null && !isId(row?.id)) throw withUncertainty(unreadable('list'));
  return { id: row?.id ?? list, row, message: typeof body.message === 'string' ? body.message : null, userErrors: [] };
}

const name = text('name', 'Name of the contact list.', { needed: true });
const members = refs('Contact', 'ids', 'Contacts to add, remove or move.');

function writeName(given: string, draft: Draft): void {
  if (given.trim() === '') draft.refuse(['name'], '“name” must not be empty.', 'REQUIRED');
  else name.write(given, { path: ['name'], draft });
  draft.paths.set('name', ['name']);
}

function writeMembers(given: readonly string[], draft: Draft): void {
  if (given.length === 0) draft.refuse(['contactIds'], 'Provide at least one contact.', 'REQUIRED');
  draft.paths.set(members.column, ['contactIds']);
  members.write(given, { path: ['contactIds'], draft });
}

/** The id of the list to change, and a draft for the change. */
function listDraft({ freshsales }: DraftContext, given: string, at = 'id'): { draft: Draft; id: string } {
  const draft = new Draft(freshsales.product);
  draft.paths.set('id', [at]);
  return { draft, id: idAt('ContactList', given, { path: [at], draft }) ?? '' };
}

const listId = {
  required: true,
  description: 'Freshsales id or global id of the contact list.',
  ...refersTo('ContactList'),
} as const;
const contactIds = { required: true, description: members.description, ...refersTo('Contact') } as const;

const MEMBERS = eachOf('contactIds');

/** A change of a list, as its arguments say. */
interface ListChange {
  /** Empty for a new list. */
  readonly id: string;
  readonly draft: Draft;
  readonly body: object;
}

/** The extensions and the resolver of a mutation of the list itself. */
const ofList = <A extends object>(
  action: 'create' | 'update',
  call: WriteCall,
  toChange: (args: A, context: DraftContext) => ListChange,
) =>
  writtenBy(
    {
      cost: writeCost({ call, drafting: toChange }),
      run: (_root: object, args: A, context: Context, info: GraphQLResolveInfo) => {
        const { id, draft, body } = toChange(args, context);
        const ids = action === 'create' ? [] : [id];
        const order: WriteRequest = { method: call.method, path: call.path(id), body, change: changeOf(ids, action) };
        return once(context, info, args, () =>
          change(context, info, { draft, order, list: action === 'create' ? null : id }),
        );
      },
    },
    { type: 'ContactList', action, records: oneRecord },
  );

/**
 * The same for a mutation of its members. Freshsales does not return the list after a change of members: it is read if more than
 * its id is selected.
 */
function ofMembers<A extends object>(
  action: string,
  records: CountRecords,
  toChange: (args: A, context: DraftContext) => ListChange,
) {
  const call: WriteCall = { method: 'PUT', path: (id) => `${contactListLookup.list}/${id}/${action}` };
  const cost = writeCost({ call, drafting: toChange });
  return writtenBy(
    {
      cost: (args: A, planning: Planning) => {
        const selected = fieldsOf(planning.selection, ContactListPayload.name, planning);
        const isShown = selected.some((field) => field.name === 'contactList' && asksBeyondIds(field));
        return [...cost(args, planning), ...(isShown ? wholeLookup(contactListLookup).costAfterWrite() : [])];
      },
      run: (_root: object, args: A, context: Context, info: GraphQLResolveInfo) => {
        const { id, draft, body } = toChange(args, context);
        const order: WriteRequest = {
          method: call.method,
          path: call.path(id),
          body,
          change: changeOf([id], 'update'),
        };
        return once(context, info, args, () => change(context, info, { draft, order, list: id }));
      },
    },
    { type: 'ContactList', action: 'update', records },
  );
}

const CREATE: WriteCall = { method: 'POST', path: () => contactListLookup.list };
const RENAME: WriteCall = { method: 'PUT', path: (id) => `${contactListLookup.list}/${id}` };

builder.mutationFields((t) => ({
  createContactList: t.field({
    type: ContactListPayload,
    semanticNonNull: true,
    description: 'Creates an empty contact list. Costs one call.',
    args: { name: t.arg.string({ required: true, description: 'Name of the contact list.' }) },
    ...ofList('create', CREATE, (args: { name: string }, { freshsales }) => {
      const draft = new Draft(freshsales.product);
      writeName(args.name, draft);
      return { id: '', draft, body: draft.columns };
    }),
  }),
  renameContactList: t.field({
    type: ContactListPayload,
    semanticNonNull: true,
    description: 'Renames a contact list. Costs one call.',
    args: { id: t.arg.id(listId), name: t.arg.string({ required: true, description: 'Name of the contact list.' }) },
    ...ofList('update', RENAME, (args: { id: string; name: string }, context) => {
      const { draft, id } = listDraft(context, args.id);
      writeName(args.name, draft);
      return { id, draft, body: draft.columns };
    }),
  }),
}));

interface MembersArgs {
  readonly id: string;
  readonly contactIds: readonly string[];
}

function membersChange({ id: given, contactIds }: MembersArgs, context: DraftContext): ListChange {
  const { draft, id } = listDraft(context, given);
  writeMembers(contactIds, draft);
  return { id, draft, body: draft.columns };
}

builder.mutationFields((t) => ({
  addContactsToList: t.field({
    type: ContactListPayload,
    semanticNonNull: true,
    description: 'Adds contacts to a list. Costs one call.',
    args: { id: t.arg.id(listId), contactIds: t.arg.idList(contactIds) },
    ...ofMembers('add_contacts', MEMBERS, membersChange),
  }),
  removeContactsFromList: t.field({
    type: ContactListPayload,
    semanticNonNull: true,
    description: 'Removes contacts from a list. The contacts themselves are kept. Costs one call.',
    args: { id: t.arg.id(listId), contactIds: t.arg.idList(contactIds) },
    ...ofMembers('remove_contacts', MEMBERS, membersChange),
  }),
  removeAllContactsFromList: t.field({
    type: ContactListPayload,
    semanticNonNull: true,
    description:
      'Removes all contacts from a list. The contacts themselves are kept. Freshsales does this asynchronously. Costs one call.',
    args: { id: t.arg.id(listId) },
    ...ofMembers('remove_contacts', allRecords, (args: { id: string }, context) => ({
      ...listDraft(context, args.id),
      body: { all: true },
    })),
  }),
  moveContactsBetweenLists: t.field({
    type: ContactListPayload,
    semanticNonNull: true,
    description: 'Moves contacts from one list to another. Costs one call.',
    args: {
      fromListId: t.arg.id({ ...listId, description: 'The list the contacts are on.' }),
      toListId: t.arg.id({ ...listId, description: 'The list to move the contacts to.' }),
      contactIds: t.arg.idList(contactIds),
    },
    ...ofMembers('move_contacts', MEMBERS, toMove),
  }),
}));

interface MoveArgs {
  readonly fromListId: string;
  readonly toListId: string;
  readonly contactIds: readonly string[];
}

function toMove({ fromListId, toListId, contactIds }: MoveArgs, context: DraftContext): ListChange {
  const { draft, id } = listDraft(context, toListId, 'toListId');
  // Freshsales does not say which of the two lists does not exist.
  draft.paths.delete('id');
  const from = idAt('ContactList', fromListId, { path: ['fromListId'], draft });
  writeMembers(contactIds, draft);
  if (from === id) draft.refuse(['toListId'], 'fromListId and toListId are the same list. Use two different lists.');
  return { id, draft, body: { ...draft.columns, from_list_id: toWireId(from ?? '') } };
}
