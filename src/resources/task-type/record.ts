import { defineLookup, type Identified } from '../../freshsales/resource.ts';

export interface TaskTypeRecord extends Identified {
  name: string;
  position: number | null;
  sales_activity_type_id: string | null;
  sales_activity_type_name: string | null;
}

export const taskTypeLookup = defineLookup({
  name: 'TaskType',
  list: 'selector/sales_activity_entity_types',
  many: 'sales_activity_entity_types',
  aliases: ['task_types'],
  blank: (): Required<TaskTypeRecord> => ({
    id: '',
    name: '',
    position: null,
    sales_activity_type_id: null,
    sales_activity_type_name: null,
  }),
});
