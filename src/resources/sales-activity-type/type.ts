import { builder } from '../../graph/builder.ts';
import { lookupLoader, readList } from '../../graph/loader.ts';
import { namedFields, wholeList } from '../../graph/lookup.ts';
import { Node, nodeType } from '../../graph/node.ts';
import { priceOnce } from '../../graph/price.ts';
import { salesActivityOutcomeLookup } from '../sales-activity-outcome/resource.ts';
import { SalesActivityOutcome } from '../sales-activity-outcome/type.ts';
import { type SalesActivityTypeRecord, salesActivityTypeLookup } from './resource.ts';

export const loadSalesActivityType = lookupLoader(salesActivityTypeLookup);

export const SalesActivityType = builder.objectRef<SalesActivityTypeRecord>('SalesActivityType');

SalesActivityType.implement({
  description: 'A kind of activity: a built-in one such as Phone or Task, or one the account has defined.',
  interfaces: [Node],
  fields: (t) => ({
    internalName: t.exposeString('internal_name', { description: 'The name that stays when the account renames it.' }),
    isShownInConversation: t.exposeBoolean('show_in_conversation', {
      description: 'Whether it is shown among conversations.',
    }),
    isDefault: t.exposeBoolean('is_default', { description: 'Whether it is built in.' }),
    isCheckedin: t.exposeBoolean('is_checkedin', { description: 'Whether one can check in at it.' }),
    isCheckedinMandatory: t.exposeBoolean('is_checkedin_mandatory', {
      description: 'Whether one has to check in at it.',
    }),
    isOutcomeMandatory: t.exposeBoolean('is_outcome_mandatory', { description: 'Whether an outcome has to be given.' }),
    outcomes: t.field({
      extensions: priceOnce(salesActivityOutcomeLookup.list),
      type: [SalesActivityOutcome],
      nullable: { list: false, items: false },
      description: 'How an activity of this type can end. One call for all operations of an hour.',
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
  t.field(wholeList(SalesActivityType, salesActivityTypeLookup, 'The types of activity, built-in ones included.')),
);
