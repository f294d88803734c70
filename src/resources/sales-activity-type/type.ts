import { lookupLoader, readList } from '../../records/loader.ts';
import { priceOnce } from '../../records/price.ts';
import { builder } from '../../schema/builder.ts';
import { namedFields, wholeList } from '../../schema/lookup.ts';
import { Node, nodeType } from '../../schema/node.ts';
import { salesActivityOutcomeLookup } from '../sales-activity-outcome/record.ts';
import { SalesActivityOutcome } from '../sales-activity-outcome/type.ts';
import { type SalesActivityTypeRecord, salesActivityTypeLookup } from './record.ts';

export const loadSalesActivityType = lookupLoader(salesActivityTypeLookup);

export const SalesActivityType = builder.objectRef<SalesActivityTypeRecord>('SalesActivityType');

SalesActivityType.implement({
  description: 'An activity type: built in, such as Phone or Task, or custom.',
  interfaces: [Node],
  fields: (t) => ({
    internalName: t.exposeString('internal_name', {
      description: 'Internal name, which does not change when the type is renamed.',
    }),
    isShownInConversation: t.exposeBoolean('show_in_conversation', {
      description: 'True if activities of this type are shown among conversations.',
    }),
    isDefault: t.exposeBoolean('is_default', { description: 'True for built-in types.' }),
    isCheckedin: t.exposeBoolean('is_checkedin', { description: 'True if activities of this type support check-in.' }),
    isCheckedinMandatory: t.exposeBoolean('is_checkedin_mandatory', {
      description: 'True if activities of this type require check-in.',
    }),
    isOutcomeMandatory: t.exposeBoolean('is_outcome_mandatory', {
      description: 'True if activities of this type require an outcome.',
    }),
    outcomes: t.field({
      extensions: priceOnce(salesActivityOutcomeLookup.list),
      type: [SalesActivityOutcome],
      nullable: { list: false, items: false },
      description: 'Outcomes of this activity type. Costs one call; cached for an hour.',
      resolve: async ({ id }, _args, context) => {
        const outcomes = await readList(context, salesActivityOutcomeLookup);
        return outcomes.filter((outcome) => outcome.sales_activity_type_id === id);
      },
    }),
  }),
});
namedFields(SalesActivityType);
nodeType(SalesActivityType, loadSalesActivityType);

builder.queryField('salesActivityTypes', (t) =>
  t.field(wholeList(SalesActivityType, salesActivityTypeLookup, 'The activity types, including built-in ones.')),
);
