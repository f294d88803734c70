import { builder } from '../../graph/builder.ts';
import { connectionArgs, connectionType } from '../../graph/connection.ts';
import { withCustomFields } from '../../graph/custom-fields.ts';
import { connectListed } from '../../graph/listed.ts';
import { recordLoader } from '../../graph/loader.ts';
import { Node, nodeType } from '../../graph/node.ts';
import { pagesPrice } from '../../graph/price.ts';
import { byId } from '../../graph/root.ts';
import { type SalesActivityRecord, salesActivityResource } from './resource.ts';

export const loadSalesActivity = recordLoader(salesActivityResource);

export const SalesActivity = builder.objectRef<SalesActivityRecord>('SalesActivity');

SalesActivity.implement({
  description:
    'Something that was done, of one of the account’s own types. Calls, meetings and tasks are not among them.',
  interfaces: [Node],
  fields: (t) => ({
    title: t.exposeString('title', { nullable: false, description: 'What was done.' }),
    notes: t.exposeString('notes', { description: 'More about it.' }),
    startsAt: t.expose('start_date', { type: 'DateTime', description: 'When it began.' }),
    endsAt: t.expose('end_date', { type: 'DateTime', description: 'When it ended.' }),
    conversationAt: t.expose('conversation_time', {
      type: 'DateTime',
      description: 'When it counts as having happened.',
    }),
    isCompleted: t.exposeBoolean('status', { description: 'Whether it is done.' }),
    completedAt: t.expose('completed_date', { type: 'DateTime', description: 'When it was done.' }),
    createdAt: t.expose('created_at', { type: 'DateTime', nullable: false, description: 'When it was entered.' }),
    updatedAt: t.expose('updated_at', { type: 'DateTime', nullable: false, description: 'When it was last changed.' }),
  }),
});
builder.objectFields(SalesActivity, (t) => ({
  location: t.exposeString('location', { description: 'Where it took place.' }),
  latitude: t.exposeString('latitude', { description: 'Where somebody checked in.' }),
  longitude: t.exposeString('longitude', { description: 'Where somebody checked in.' }),
  checkedInAt: t.expose('checkedin_at', { type: 'DateTime', description: 'When somebody checked in.' }),
  checkedOutAt: t.expose('checkedout_at', { type: 'DateTime', description: 'When somebody checked out.' }),
  checkedOutLocation: t.exposeString('checkedout_location', { description: 'Where somebody checked out.' }),
  checkedOutLatitude: t.exposeString('checkedout_latitude', { description: 'Where somebody checked out.' }),
  checkedOutLongitude: t.exposeString('checkedout_longitude', { description: 'Where somebody checked out.' }),
  checkedInDuration: t.exposeString('checkedin_duration', { description: 'How long somebody was checked in.' }),
  remoteId: t.exposeString('remote_id', { description: 'The id another system knows it by.' }),
  importId: t.exposeString('import_id', { description: 'The import it came by.' }),
  conversationId: t.exposeString('conversation_id', { description: 'The conversation it belongs to.' }),
}));
nodeType(SalesActivity, loadSalesActivity);
withCustomFields(SalesActivity);

export const SalesActivityConnection = connectionType('SalesActivity', SalesActivity);

/** What a relation to several sales activities leads to. */
export const salesActivities = { type: SalesActivity, connection: SalesActivityConnection, loader: loadSalesActivity };

builder.queryFields((t) => ({
  salesActivity: t.field(byId(SalesActivity, loadSalesActivity, 'A sales activity.')),
  salesActivities: t.field({
    type: SalesActivityConnection,
    nullable: false,
    extensions: pagesPrice(salesActivityResource.path),
    description: 'Sales activities of the account’s own types. One call for up to a hundred.',
    args: connectionArgs,
    resolve: (_root, args, context, info) => connectListed(context, info, { resource: salesActivityResource, args }),
  }),
}));
