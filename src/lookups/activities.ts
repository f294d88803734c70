import { builder } from '../schema/builder.ts';
import { toOneBy } from '../schema/relation.ts';
import { namedLookupType, rowsOf } from './lookup-type.ts';
import { salesActivityOutcomeLookup, salesActivityTypeLookup, taskTypeLookup } from './lookup-types.ts';

export const SalesActivityType = namedLookupType(salesActivityTypeLookup, {
  description: 'An activity type: built in, such as Phone or Task, or custom.',
  query: 'salesActivityTypes',
  queryDescription: 'The activity types, including built-in ones.',
});

builder.objectFields(SalesActivityType, (t) => ({
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
  outcomes: t.field(
    rowsOf(
      salesActivityOutcomeLookup,
      'sales_activity_type_id',
      SalesActivityOutcome,
      'Outcomes of this activity type.',
    ),
  ),
}));

export const SalesActivityOutcome = namedLookupType(salesActivityOutcomeLookup, {
  description: 'An outcome of sales activities and appointments, such as Interested or No response.',
  query: 'salesActivityOutcomes',
  queryDescription: 'The outcomes of all activity types.',
});

builder.objectField(SalesActivityOutcome, 'activityType', (t) =>
  t.field(
    toOneBy(
      salesActivityOutcomeLookup,
      'sales_activity_type_id',
      SalesActivityType,
      'The activity type of the outcome.',
    ),
  ),
);

export const TaskType = namedLookupType(taskTypeLookup, {
  description: 'A task type, such as Follow up. Named sales activity entity type in Freshsales.',
  query: 'taskTypes',
  queryDescription: 'The task types.',
});

builder.objectFields(TaskType, (t) => ({
  activityTypeName: t.exposeString('sales_activity_type_name', {
    description: 'Name of the underlying activity type.',
  }),
  activityType: t.field(
    toOneBy(
      taskTypeLookup,
      'sales_activity_type_id',
      SalesActivityType,
      'The underlying activity type: Task or Reminder.',
    ),
  ),
}));
