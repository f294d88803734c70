import { lookupLoader } from '../../records/loader.ts';
import { builder } from '../../schema/builder.ts';
import { namedFields, wholeList } from '../../schema/lookup.ts';
import { Node, nodeType } from '../../schema/node.ts';
import { toOneBy } from '../../schema/relation.ts';
import { loadSalesActivityType, SalesActivityType } from '../sales-activity-type/type.ts';
import { type TaskTypeRecord, taskTypeLookup } from './record.ts';

export const loadTaskType = lookupLoader(taskTypeLookup);

export const TaskType = builder.objectRef<TaskTypeRecord>('TaskType');

TaskType.implement({
  description: 'A task type, such as Follow up. Named sales activity entity type in Freshsales.',
  interfaces: [Node],
  fields: (t) => ({
    activityTypeName: t.exposeString('sales_activity_type_name', {
      description: 'Name of the underlying activity type.',
    }),
    activityType: t.field(
      toOneBy(
        taskTypeLookup,
        'sales_activity_type_id',
        SalesActivityType,
        loadSalesActivityType,
        'The underlying activity type: Task or Reminder.',
      ),
    ),
  }),
});
namedFields(TaskType);
nodeType(TaskType, loadTaskType);

builder.queryField('taskTypes', (t) => t.field(wholeList(TaskType, taskTypeLookup, 'The task types.')));
