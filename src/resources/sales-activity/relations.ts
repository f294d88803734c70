import {
  loadSalesActivityOutcome,
  loadSalesActivityType,
  SalesActivityOutcome,
  SalesActivityType,
} from '../../lookups/activities.ts';
import { loadUser, User } from '../../lookups/users.ts';
import { targetField } from '../../queries/record.ts';
import { builder } from '../../schema/builder.ts';
import { toOne, toOneBy } from '../../schema/relation.ts';
import { salesActivityType } from './record.ts';
import { SalesActivity } from './type.ts';

builder.objectFields(SalesActivity, (t) => ({
  type: t.field(
    toOneBy(salesActivityType, 'sales_activity_type_id', SalesActivityType, loadSalesActivityType, 'Activity type.'),
  ),
  outcome: t.field(
    toOneBy(salesActivityType, 'sales_activity_outcome_id', SalesActivityOutcome, loadSalesActivityOutcome, 'Outcome.'),
  ),
  owner: t.field(toOne(salesActivityType, 'owner', User, loadUser, 'The user who performed the activity.')),
  creator: t.field(toOneBy(salesActivityType, 'creater_id', User, loadUser, 'The user who created the record.')),
  updater: t.field(toOneBy(salesActivityType, 'updater_id', User, loadUser, 'The user who last updated the record.')),
  target: t.field(
    targetField({ columns: ['targetables'], extra: 'targetable' }, 'The record the activity belongs to.'),
  ),
}));
