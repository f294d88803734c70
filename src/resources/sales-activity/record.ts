import { jsonObject, listOf, nullable, type RecordOf, type Targetable } from '../../freshsales/resource.ts';
import { defineRecordType } from '../../records/record-type.ts';
import { readOne } from '../../records/strategies/read-one.ts';

const columns = {
  title: '',
  start_date: '',
  end_date: '',
  sales_activity_type_id: '',
  created_at: '',
  updated_at: '',
  notes: nullable<string>(),
  owner_id: nullable<string>(),
  sales_activity_outcome_id: nullable<string>(),
  remote_id: nullable<string>(),
  import_id: nullable<string>(),
  creater_id: '',
  updater_id: nullable<string>(),
  conversation_time: '',
  targetable_id: '',
  targetable_type: '',
  latitude: nullable<string>(),
  longitude: nullable<string>(),
  location: nullable<string>(),
  checkedin_at: nullable<string>(),
  conversation_id: nullable<string>(),
  checkedout_latitude: nullable<string>(),
  checkedout_longitude: nullable<string>(),
  checkedout_location: nullable<string>(),
  checkedout_at: nullable<string>(),
  checkedin_duration: nullable<string>(),
  custom_field: jsonObject(),
  completed_date: nullable<string>(),
  status: false,
  targetables: listOf<Targetable>(),
};

/** A sales activity of a custom type. */
export interface SalesActivityRecord extends RecordOf<typeof columns> {}

const blank: Required<SalesActivityRecord> = { id: '', ...columns };

export const salesActivityType = defineRecordType({
  name: 'SalesActivity',
  path: 'sales_activities',
  one: 'sales_activity',
  many: 'sales_activities',
  includes: {
    owner: { id: 'owner_id', key: 'users' },
    creater: { id: 'creater_id', key: 'users' },
    updater: { id: 'updater_id', key: 'users' },
    targetable: { embedded: 'targetables' },
  },
  grant: 'salesActivities',
  fetch: [readOne()],
  hasTypedFields: true,
  included: {},
  blank,
});
