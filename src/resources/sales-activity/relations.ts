import { builder } from '../../graph/builder.ts';
import { toOne, toOneBy } from '../../graph/relation.ts';
import { targetField } from '../../queries/record.ts';
import { loadSalesActivityOutcome, SalesActivityOutcome } from '../sales-activity-outcome/type.ts';
import { loadSalesActivityType, SalesActivityType } from '../sales-activity-type/type.ts';
import { loadUser, User } from '../user/type.ts';
import { salesActivityResource } from './resource.ts';
import { SalesActivity } from './type.ts';

builder.objectFields(SalesActivity, (t) => ({
  type: t.field(
    toOneBy(
      salesActivityResource,
      'sales_activity_type_id',
      SalesActivityType,
      loadSalesActivityType,
      'Activity type.',
    ),
  ),
  outcome: t.field(
    toOneBy(
      salesActivityResource,
      'sales_activity_outcome_id',
      SalesActivityOutcome,
      loadSalesActivityOutcome,
      'Outcome.',
    ),
  ),
  owner: t.field(toOne(salesActivityResource, 'owner', User, loadUser, 'The user who performed the activity.')),
  creator: t.field(toOneBy(salesActivityResource, 'creater_id', User, loadUser, 'The user who created the record.')),
  updater: t.field(
    toOneBy(salesActivityResource, 'updater_id', User, loadUser, 'The user who last updated the record.'),
  ),
  target: t.field(
    targetField({ columns: ['targetables'], extra: 'targetable' }, 'The record the activity belongs to.'),
  ),
}));
