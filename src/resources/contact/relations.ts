import type { Row } from '../../freshsales/answer.ts';
import { getCall } from '../../freshsales/reads.ts';
import { callTemplate } from '../../freshsales/transport.ts';
import { isTrue } from '../../freshsales/values.ts';
import { Campaign, ContactStatus, LeadSource, LifecycleStage, Territory } from '../../lookups/contacts.ts';
import { User } from '../../lookups/users.ts';
import { andThen, type MaybePromise } from '../../maybe-promise.ts';
import type { Context } from '../../records/context.ts';
import { badInput } from '../../records/errors.ts';
import { fetchedBy } from '../../records/field-needs.ts';
import { toGid } from '../../records/gid.ts';
import { loaderFor } from '../../records/loader.ts';
import { recordStoreOf } from '../../records/record-store.ts';
import { rowsAsked } from '../../records/strategies/list-pages.ts';
import { DEFAULT_FIRST, MAX_FIRST } from '../../records/window.ts';
import { builder } from '../../schema/builder.ts';
import { connectionType } from '../../schema/connection.ts';
import { loadAllRelated, loadNode, loadRelated } from '../../schema/node.ts';
import { connectKnown, embeddedRows, relatedIds, relationArgs, toMany, toOne } from '../../schema/relation.ts';
import { inOrder, sorts } from '../../schema/sort.ts';
import { appointments } from '../appointment/type.ts';
import { ContactList } from '../contact-list/type.ts';
import { deals } from '../deal/type.ts';
import { notes } from '../note/type.ts';
import { salesAccountType } from '../sales-account/record.ts';
import { SalesAccount, salesAccounts } from '../sales-account/type.ts';
import { tasksOf } from '../task/type.ts';
import { type ContactRecord, type ContactSalesAccount, contactType } from './record.ts';
import { Contact } from './type.ts';

builder.objectFields(Contact, (t) => ({
  lifecycleStage: t.field(toOne(contactType, 'lifecycle_stage', LifecycleStage, 'Lifecycle stage.')),
  status: t.field(toOne(contactType, 'contact_status', ContactStatus, 'Status within the lifecycle stage.')),
  leadSource: t.field(toOne(contactType, 'source', LeadSource, 'Source.')),
  campaign: t.field(toOne(contactType, 'campaign', Campaign, 'Campaign.')),
  territory: t.field(toOne(contactType, 'territory', Territory, 'Territory.')),
  deals: t.field(toMany(contactType, 'deals', deals, 'The deals associated with the contact.')),
  tasks: t.field(tasksOf(contactType)),
  appointments: t.field(toMany(contactType, 'appointments', appointments, 'Appointments.')),
  notes: t.field(toMany(contactType, 'notes', notes, 'Notes.')),
}));

const ContactSalesAccountConnection = connectionType('ContactSalesAccount', SalesAccount, {
  description: 'The sales accounts of a contact. One of them is primary.',
  isPrimary: true,
});

const fromAccounts = { freshsales: { include: 'sales_accounts' } };

/** Freshsales embeds the accounts in the contact, each with a few columns and `is_primary`. */
const accountsOf = (context: Context, contact: ContactRecord): MaybePromise<ContactSalesAccount[]> =>
  embeddedRows(context, contactType, contact, 'sales_accounts');

const toId = ({ id }: { readonly id: string }): string => id;

builder.objectFields(Contact, (t) => ({
  primarySalesAccount: t.field({
    type: SalesAccount,
    description: 'The primary sales account, or the first one if none is marked as primary.',
    extensions: fromAccounts,
    resolve: (contact, _args, context, info) =>
      andThen(accountsOf(context, contact), (accounts) => {
        const id = accounts.find((account) => isTrue(account.is_primary))?.id ?? contact.sales_account_id;
        return id ? loadNode(context, info, SalesAccount, id) : null;
      }),
  }),
  salesAccounts: t.field({
    type: ContactSalesAccountConnection,
    semanticNonNull: true,
    description: 'All sales accounts of the contact.',
    args: relationArgs(salesAccounts.sort),
    extensions: { freshsales: { ...fromAccounts.freshsales, rows: rowsAsked, sorts } },
    resolve: (contact, args, context, info) =>
      andThen(accountsOf(context, contact), (accounts) => {
        const primary = new Set(accounts.filter((account) => isTrue(account.is_primary)).map(toId));
        const list = {
          type: SalesAccount,
          key: `Contact/${contact.id}/sales_accounts`,
          ids: [...new Set(accounts.map(toId))],
          load: loaderFor(context, salesAccountType).loadMany,
          record: toGid(Contact.name, contact.id),
          isPrimary: (id: string) => primary.has(id),
        };
        return connectKnown(list, args, context, info, inOrder(args.sort));
      }),
  }),
  lists: t.field({
    type: [ContactList],
    semanticNonNull: true,
    description: 'The lists the contact is on.',
    extensions: { freshsales: { include: 'lists' } },
    resolve: (contact, _args, context, info) =>
      andThen(relatedIds(context, contactType, contact, 'lists'), (ids) =>
        loadAllRelated(context, info, ContactList, ids),
      ),
  }),
}));

const text = (cell: unknown): string | null =>
  typeof cell === 'string' || typeof cell === 'number' ? String(cell) : null;

const Activity = builder.objectRef<Row>('Activity').implement({
  description: 'A read-only entry in the timeline of a contact.',
  fields: (t) => ({
    type: t.string({
      semanticNonNull: true,
      description: 'Type of the activity, as returned by Freshsales in action_type.',
      resolve: ({ action_type }) => text(action_type),
    }),
    createdAt: t.field({
      type: 'DateTime',
      semanticNonNull: true,
      description: 'Time of the activity.',
      resolve: ({ created_at }) => text(created_at),
    }),
    compositeId: t.id({
      description: 'Identifier of the entry.',
      resolve: ({ composite_id }) => text(composite_id),
    }),
    isUserActivity: t.boolean({
      description: 'True if a user performed the activity.',
      resolve: ({ user_activity }) => isTrue(user_activity),
    }),
    targetName: t.string({
      description: 'Name of the target record.',
      resolve: ({ targetable_name }) => text(targetable_name),
    }),
    actionableType: t.string({
      description: 'Type of the record created or changed.',
      resolve: ({ actionable_type }) => text(actionable_type),
    }),
    actionableId: t.id({
      description: 'Id of the record created or changed.',
      resolve: ({ actionable_id }) => text(actionable_id),
    }),
    data: t.field({
      type: 'JSON',
      description: 'Details. The content depends on the type.',
      resolve: ({ action_data }) => action_data ?? null,
    }),
    actor: t.field({
      type: User,
      description: 'The user who performed the activity.',
      resolve: ({ user_id }, _args, context, info) =>
        typeof user_id === 'string' ? loadRelated(context, info, User, user_id) : null,
    }),
  }),
});

const timelineOf = (id: string): string => `${contactType.path}/${id}/activities`;

interface TimelineArgs {
  readonly first?: number | null | undefined;
}

const timeline = {
  cost: ({ first }: TimelineArgs) =>
    first === 0 ? [] : [{ calls: 1, call: callTemplate(getCall(timelineOf('{id}'))), include: ['user'] }],
  run: async ({ id }: { id: string }, { first }: TimelineArgs, context: Context) => {
    const count = first ?? DEFAULT_FIRST;
    if (count < 0 || count > MAX_FIRST) throw badInput(`“first” is ${count}. It must be from 0 to ${MAX_FIRST}.`);
    if (count === 0) return [];
    const answer = await context.freshsales.subResource(timelineOf(id), 'activities', { include: 'user' });
    if (answer) recordStoreOf(context).keep(answer.sideloads);
    return answer?.rows.slice(0, count) ?? [];
  },
};

builder.objectField(Contact, 'activities', (t) =>
  t.field({
    type: [Activity],
    semanticNonNull: true,
    description: 'Timeline of the contact, latest entry first. Costs one call per contact.',
    args: {
      first: t.arg.int({
        description: `Number of entries to return, at most ${MAX_FIRST}. Defaults to ${DEFAULT_FIRST}.`,
      }),
    },
    ...fetchedBy(timeline, { rows: rowsAsked }),
  }),
);
