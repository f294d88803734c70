import { builder } from '../../graph/builder.ts';
import { connectionArgs } from '../../graph/connection.ts';
import { onlyInClassic } from '../../graph/lookup.ts';
import { allViews, byId } from '../../graph/root.ts';
import { viewPrice } from '../../graph/view-price.ts';
import { connectView, viewType } from '../../graph/views.ts';
import { leadResource } from './resource.ts';
import { Lead, LeadConnection, loadLead } from './type.ts';

const LeadView = viewType(leadResource);

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
    extensions: viewPrice(leadResource),
    description:
      'Leads in a saved view. Classic only. One call per 100 rows, relations included. One more call for the list of views, cached for an hour.',
    args: {
      view: t.arg.id({ description: 'Id or exact name of a saved view. If omitted, a default is chosen.' }),
      ...connectionArgs,
    },
    resolve: async (_root, args, context, info) => {
      onlyInClassic(context);
      return connectView(context, info, leadResource, args);
    },
  }),
  leadViews: t.field({
    ...allViews(leadResource, LeadView),
    resolve: async (root, args, context) => {
      onlyInClassic(context);
      return allViews(leadResource, LeadView).resolve(root, args, context);
    },
  }),
}));
