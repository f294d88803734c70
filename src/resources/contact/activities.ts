import type { Row } from '../../freshsales/rows.ts';
import { loadUser, User } from '../../lookups/users.ts';
import { badInput } from '../../records/bad-input.ts';
import { type FieldSource, needsOf, selectionOf } from '../../records/field-needs.ts';
import { rowsAsked } from '../../records/price.ts';
import { recordStoreOf } from '../../records/record-store.ts';
import { DEFAULT_FIRST, MAX_FIRST } from '../../records/window.ts';
import { builder } from '../../schema/builder.ts';
import { Contact } from './type.ts';

const text = (cell: unknown): string | null => (typeof cell === 'string' ? cell : null);

const Activity = builder.objectRef<Row>('Activity').implement({
  description: 'A read-only entry in the timeline of a contact.',
  fields: (t) => ({
    type: t.string({
      nullable: false,
      description: 'Type of the activity, as returned by Freshsales in action_type.',
      resolve: ({ action_type }) => String(action_type),
    }),
    createdAt: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'Time of the activity.',
      resolve: ({ created_at }) => String(created_at),
    }),
    compositeId: t.string({
      description: 'Identifier of the entry.',
      resolve: ({ composite_id }) => text(composite_id),
    }),
    isUserActivity: t.boolean({
      description: 'True if a user performed the activity.',
      resolve: ({ user_activity }) => user_activity === true,
    }),
    targetName: t.string({
      description: 'Name of the target record.',
      resolve: ({ targetable_name }) => text(targetable_name),
    }),
    actionableType: t.string({
      description: 'Type of the record created or changed.',
      resolve: ({ actionable_type }) => text(actionable_type),
    }),
    actionableId: t.string({
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
        typeof user_id === 'string'
          ? loadUser(context).load(user_id, needsOf(selectionOf(context, info), User.name, info))
          : null,
    }),
  }),
});

builder.objectField(Contact, 'activities', (t) =>
  t.field({
    type: [Activity],
    nullable: { list: false, items: false },
    extensions: {
      freshsales: {
        price: ({ first }) =>
          first === 0 ? [] : [{ calls: 1, call: 'GET /contacts/{id}/activities', include: ['user'] }],
        rows: rowsAsked,
      } satisfies FieldSource,
    },
    description: 'Timeline of the contact, latest entry first. Costs one call per contact.',
    args: { first: t.arg.int({ description: 'Number of entries to return, at most 500. Defaults to 25.' }) },
    resolve: async ({ id }, { first }, context) => {
      const count = first ?? DEFAULT_FIRST;
      if (count < 0 || count > MAX_FIRST) throw badInput(`“first” is ${count}. It must be from 0 to ${MAX_FIRST}.`);
      if (count === 0) return [];
      const answer = await context.freshsales.below(`contacts/${id}/activities`, 'activities', { include: 'user' });
      if (answer) recordStoreOf(context).keep(answer.sideloads);
      return answer?.rows.slice(0, count) ?? [];
    },
  }),
);
