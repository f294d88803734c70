import { builder } from '../../graph/builder.ts';
import { lookupLoader, readList } from '../../graph/loader.ts';
import { namedFields, wholeList } from '../../graph/lookup.ts';
import { Node, nodeType } from '../../graph/node.ts';
import { priceOnce } from '../../graph/price.ts';
import { contactStatusLookup } from '../contact-status/resource.ts';
import { ContactStatus } from '../contact-status/type.ts';
import { type LifecycleStageRecord, lifecycleStageLookup } from './resource.ts';

export const loadLifecycleStage = lookupLoader(lifecycleStageLookup);

export const LifecycleStage = builder.objectRef<LifecycleStageRecord>('LifecycleStage');

LifecycleStage.implement({
  description: 'How far a contact has come: Lead, Sales Qualified Lead, Customer.',
  interfaces: [Node],
  fields: (t) => ({
    type: t.exposeString('type', { description: 'The name the stage had before anybody renamed it.' }),
    isDisabled: t.exposeBoolean('disabled', { description: 'Whether the account has switched it off.' }),
    isDefault: t.exposeBoolean('default', {
      description: 'Whether it is one of the stages every account begins with.',
    }),
    statuses: t.field({
      extensions: priceOnce(contactStatusLookup.list),
      type: [ContactStatus],
      nullable: { list: false, items: false },
      description: 'The statuses a contact can have at this stage. One call for all operations of an hour.',
      resolve: async ({ id }, _args, context) => {
        const statuses = await readList(context, contactStatusLookup);
        return statuses.filter((status) => status.lifecycle_stage_id === id);
      },
    }),
  }),
});
namedFields(LifecycleStage);
nodeType(LifecycleStage, loadLifecycleStage);

builder.queryField('lifecycleStages', (t) =>
  t.field(wholeList(LifecycleStage, lifecycleStageLookup, 'The lifecycle stages of contacts.')),
);
