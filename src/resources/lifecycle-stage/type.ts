import { lookupLoader, readList } from '../../records/loader.ts';
import { priceOnce } from '../../records/price.ts';
import { builder } from '../../schema/builder.ts';
import { namedFields, wholeList } from '../../schema/lookup.ts';
import { Node, nodeType } from '../../schema/node.ts';
import { contactStatusLookup } from '../contact-status/record.ts';
import { ContactStatus } from '../contact-status/type.ts';
import { type LifecycleStageRecord, lifecycleStageLookup } from './record.ts';

export const loadLifecycleStage = lookupLoader(lifecycleStageLookup);

export const LifecycleStage = builder.objectRef<LifecycleStageRecord>('LifecycleStage');

LifecycleStage.implement({
  description: 'A lifecycle stage of contacts, such as Lead, Sales Qualified Lead or Customer.',
  interfaces: [Node],
  fields: (t) => ({
    type: t.exposeString('type', {
      description: 'Original name of the stage, which does not change when it is renamed.',
    }),
    isDisabled: t.exposeBoolean('disabled', { description: 'True if the account has disabled the stage.' }),
    isDefault: t.exposeBoolean('default', {
      description: 'True for the stages that every account starts with.',
    }),
    statuses: t.field({
      extensions: priceOnce(contactStatusLookup.list),
      type: [ContactStatus],
      nullable: { list: false, items: false },
      description: 'Contact statuses in this stage. Costs one call; cached for an hour.',
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
