import type { Identified, JsonObject, Targetable } from '../../freshsales/resource.ts';
import { defineRecordType } from '../../records/record-type.ts';
import { readOne } from '../../records/strategies/read-one.ts';

/** A sales activity of a custom type. */
export interface SalesActivityRecord extends Identified {
  title: string;
  start_date: string;
  end_date: string;
  sales_activity_type_id: string;
  created_at: string;
  updated_at: string;
  notes: string | null;
  owner_id: string | null;
  sales_activity_outcome_id: string | null;
  remote_id: string | null;
  import_id: string | null;
  creater_id: string;
  updater_id: string | null;
  conversation_time: string;
  targetable_id: string;
  targetable_type: string;
  latitude: string | null;
  longitude: string | null;
  location: string | null;
  checkedin_at: string | null;
  conversation_id: string | null;
  checkedout_latitude: string | null;
  checkedout_longitude: string | null;
  checkedout_location: string | null;
  checkedout_at: string | null;
  checkedin_duration: string | null;
  custom_field: JsonObject;
  completed_date: string | null;
  status: boolean;
  targetables: Targetable[];
}

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
  blank: (): Required<SalesActivityRecord> => ({
    id: '',
    title: '',
    start_date: '',
    end_date: '',
    sales_activity_type_id: '',
    created_at: '',
    updated_at: '',
    notes: null,
    owner_id: null,
    sales_activity_outcome_id: null,
    remote_id: null,
    import_id: null,
    creater_id: '',
    updater_id: null,
    conversation_time: '',
    targetable_id: '',
    targetable_type: '',
    latitude: null,
    longitude: null,
    location: null,
    checkedin_at: null,
    conversation_id: null,
    checkedout_latitude: null,
    checkedout_longitude: null,
    checkedout_location: null,
    checkedout_at: null,
    checkedin_duration: null,
    custom_field: {},
    completed_date: null,
    status: false,
    targetables: [],
  }),
});
