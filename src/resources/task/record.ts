import type { Identified, Targetable } from '../../freshsales/resource.ts';
import { defineRecordType } from '../../records/record-type.ts';
import { listScan } from '../../records/strategies/list-scan.ts';
import { readOne } from '../../records/strategies/read-one.ts';

export interface TaskRecord extends Identified {
  status: number;
  title: string;
  description: string | null;
  created_at: string;
  updated_at: string;
  owner_id: string | null;
  due_date: string;
  completed_date: string | null;
  creater_id: string;
  updater_id: string | null;
  outcome_id: string | null;
  task_type_id: string | null;
  targetables: Targetable[];
  user_ids?: string[] | null;
  targetable?: Targetable | null;
}

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
  blank: (): Required<TaskRecord> => ({
    id: '',
    status: 0,
    title: '',
    description: null,
    created_at: '',
    updated_at: '',
    owner_id: null,
    due_date: '',
    completed_date: null,
    creater_id: '',
    updater_id: null,
    outcome_id: null,
    task_type_id: null,
    targetables: [],
    user_ids: null,
    targetable: null,
  }),
});
