import { SalesActivityOutcome, SalesActivityType } from '../../lookups/activities.ts';
import { User } from '../../lookups/users.ts';
import { builder } from '../../schema/builder.ts';
import { connectionArgs, pagesField, recordList } from '../../schema/connection.ts';
import { createdTime, updatedTime, withCustomFields } from '../../schema/fields.ts';
import { listedFetch, recordField } from '../../schema/list-fields.ts';
import { nodeType } from '../../schema/node.ts';
import { toOne, toOneBy } from '../../schema/relation.ts';
import { targetField } from '../target.ts';
import { salesActivityType } from './record.ts';

export const SalesActivity = nodeType(
  salesActivityType,
  'A sales activity of a custom type. Does not include calls, meetings and tasks.',
);

builder.objectFields(SalesActivity, (t) => ({
  title: t.exposeString('title', { semanticNonNull: true, description: 'Title.' }),
  notes: t.exposeString('notes', { description: 'Description.' }),
  startsAt: t.expose('start_date', { type: 'DateTime', description: 'Start time.' }),
  endsAt: t.expose('end_date', { type: 'DateTime', description: 'End time.' }),
  conversationAt: t.expose('conversation_time', {
    type: 'DateTime',
    description: 'Time of the conversation.',
  }),
  isCompleted: t.exposeBoolean('status', { description: 'True if completed.' }),
  completedAt: t.expose('completed_date', { type: 'DateTime', description: 'Time of completion.' }),
  createdAt: t.expose('created_at', createdTime),
  updatedAt: t.expose('updated_at', updatedTime),
  location: t.exposeString('location', { description: 'Location.' }),
  latitude: t.exposeString('latitude', { description: 'Place of check-in.' }),
  longitude: t.exposeString('longitude', { description: 'Place of check-in.' }),
  checkedInAt: t.expose('checkedin_at', { type: 'DateTime', description: 'Time of check-in.' }),
  checkedOutAt: t.expose('checkedout_at', { type: 'DateTime', description: 'Time of check-out.' }),
  checkedOutLocation: t.exposeString('checkedout_location', { description: 'Place of check-out.' }),
  checkedOutLatitude: t.exposeString('checkedout_latitude', { description: 'Place of check-out.' }),
  checkedOutLongitude: t.exposeString('checkedout_longitude', { description: 'Place of check-out.' }),
  checkedInDuration: t.exposeString('checkedin_duration', { description: 'Time between check-in and check-out.' }),
  remoteId: t.exposeID('remote_id', { description: 'Id of the record in an external system.' }),
  importId: t.exposeID('import_id', { description: 'Id of the import that created the activity.' }),
  conversationId: t.exposeID('conversation_id', { description: 'Id of the conversation.' }),
}));

withCustomFields(SalesActivity);

/** Lists of sales activities. */
export const salesActivities = recordList(SalesActivity, {
  description: 'Fields that sales activities of a record can be sorted by.',
  values: {
    STARTS_AT: { value: 'start_date', description: 'Start time.' },
    ENDS_AT: { value: 'end_date', description: 'End time.' },
    CREATED_AT: { value: 'created_at', description: 'Time of creation.' },
    UPDATED_AT: { value: 'updated_at', description: 'Time of the last update.' },
  },
});

builder.queryFields((t) => ({
  salesActivity: t.field(recordField(SalesActivity, 'The sales activity with this id.')),
  salesActivities: t.field({
    type: salesActivities.connection,
    semanticNonNull: true,
    ...pagesField(listedFetch(salesActivityType)),
    description: 'Sales activities of custom types. One call per 100 rows.',
    args: connectionArgs,
  }),
}));

builder.objectFields(SalesActivity, (t) => ({
  type: t.field(toOneBy(salesActivityType, 'sales_activity_type_id', SalesActivityType, 'Activity type.')),
  outcome: t.field(toOneBy(salesActivityType, 'sales_activity_outcome_id', SalesActivityOutcome, 'Outcome.')),
  owner: t.field(toOne(salesActivityType, 'owner', User, 'The user who performed the activity.')),
  creator: t.field(toOneBy(salesActivityType, 'creater_id', User, 'The user who created the record.')),
  updater: t.field(toOneBy(salesActivityType, 'updater_id', User, 'The user who last updated the record.')),
  target: t.field(
    targetField({ columns: ['targetables'], extra: 'targetable' }, 'The record the activity belongs to.'),
  ),
}));
