import { listOf, nullable, type RecordOf, type Targetable } from '../../freshsales/resource.ts';
import { defineRecordType } from '../../records/record-type.ts';
import { listScan } from '../../records/strategies/list-scan.ts';
import { readOne } from '../../records/strategies/read-one.ts';

const columns = {
  status: 0,
  title: '',
  description: nullable<string>(),
  created_at: '',
  updated_at: '',
  owner_id: nullable<string>(),
  due_date: '',
  completed_date: nullable<string>(),
  creater_id: '',
  updater_id: nullable<string>(),
  outcome_id: nullable<string>(),
  task_type_id: nullable<string>(),
  targetables: listOf<Targetable>(),
};

const included = {
  user_ids: nullable<string[]>(),
  targetable: nullable<Targetable>(),
};

export interface TaskRecord extends RecordOf<typeof columns, typeof included> {}

const blank: Required<TaskRecord> = { id: '', ...columns, ...included };

export const taskType = defineRecordType({
  name: 'Task',
  path: 'tasks',
  one: 'task',
  many: 'tasks',
  includes: {
    owner: { id: 'owner_id', key: 'users' },
    creater: { id: 'creater_id', key: 'users' },
    updater: { id: 'updater_id', key: 'users' },
    users: { ids: 'user_ids', key: 'users' },
    targetable: { embedded: 'targetable' },
  },
  grant: 'tasks',
  fetch: [listScan({ filters: ['open', 'completed'] }), readOne()],
  included,
  blank,
});
