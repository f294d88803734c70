import { viewPrice } from '../../records/price.ts';
import { builder } from '../../schema/builder.ts';
import { connectionArgs } from '../../schema/connection.ts';
import { onlyInClassic } from '../../schema/lookup.ts';
import { allViews, byId } from '../../schema/root.ts';
import { connectView, viewType } from '../../schema/views.ts';
import { leadType } from './record.ts';
import { Lead, LeadConnection, loadLead } from './type.ts';

const LeadView = viewType(leadType);

builder.queryFields((t) => ({
  lead: t.field({
    ...byId(
      Lead,
      loadLead,
      'The lead with this id. Classic only; other accounts get an error with code NOT_AVAILABLE.',
    ),
    resolve: async (root, args, context, info) => {
      onlyInClassic(context);
      return byId(Lead, loadLead, '').resolve(root, args, context, info);
    },
  }),
  leads: t.field({
    type: LeadConnection,
    nullable: false,
    extensions: viewPrice(leadType),
    description:
      'Leads in a saved view. Classic only. One call per 100 rows, relations included. One more call for the list of views, cached for an hour.',
    args: {
      view: t.arg.id({ description: 'Id or exact name of a saved view. If omitted, a default is chosen.' }),
      ...connectionArgs,
    },
    resolve: async (_root, args, context, info) => {
      onlyInClassic(context);
      return connectView(context, info, leadType, args);
    },
  }),
  leadViews: t.field({
    ...allViews(leadType, LeadView),
    resolve: async (root, args, context) => {
      onlyInClassic(context);
      return allViews(leadType, LeadView).resolve(root, args, context);
    },
  }),
}));
