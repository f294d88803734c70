import { lookupLoader } from '../../records/loader.ts';
import { builder } from '../../schema/builder.ts';
import { namedFields, wholeList } from '../../schema/lookup.ts';
import { Node, nodeType } from '../../schema/node.ts';
import { toOneBy } from '../../schema/relation.ts';
import { loadSalesActivityType, SalesActivityType } from '../sales-activity-type/type.ts';
import { type SalesActivityOutcomeRecord, salesActivityOutcomeLookup } from './record.ts';

export const loadSalesActivityOutcome = lookupLoader(salesActivityOutcomeLookup);

export const SalesActivityOutcome = builder.objectRef<SalesActivityOutcomeRecord>('SalesActivityOutcome');

SalesActivityOutcome.implement({
  description: 'An outcome of sales activities and appointments, such as Interested or No response.',
  interfaces: [Node],
  fields: (t) => ({
    activityType: t.field(
      toOneBy(
        salesActivityOutcomeLookup,
        'sales_activity_type_id',
        SalesActivityType,
        loadSalesActivityType,
        'The activity type of the outcome.',
      ),
    ),
  }),
});
namedFields(SalesActivityOutcome);
nodeType(SalesActivityOutcome, loadSalesActivityOutcome);

builder.queryField('salesActivityOutcomes', (t) =>
  t.field(wholeList(SalesActivityOutcome, salesActivityOutcomeLookup, 'The outcomes of all activity types.')),
);
