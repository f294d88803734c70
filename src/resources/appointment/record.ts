import {
  defineTable,
  type Identified,
  listOf,
  nullable,
  type RecordOf,
  type Targetable,
} from '../../freshsales/resource.ts';
import { defineRecordType } from '../../records/record-type.ts';
import { listScan } from '../../records/strategies/list-scan.ts';
import { readOne } from '../../records/strategies/read-one.ts';

const columns = {
  time_zone: nullable<string>(),
  title: '',
  description: nullable<string>(),
  location: nullable<string>(),
  is_allday: false,
  outcome_id: nullable<string>(),
  from_date: '',
  end_date: '',
  created_at: '',
  updated_at: '',
  provider: '',
  creater_id: '',
  latitude: nullable<string>(),
  longitude: nullable<string>(),
  checkedin_at: nullable<string>(),
  can_checkin_checkout: false,
  checkedout_latitude: nullable<string>(),
  checkedout_longitude: nullable<string>(),
  checkedout_location: nullable<string>(),
  checkedout_at: nullable<string>(),
  checkedin_duration: nullable<number>(),
  can_checkin: false,
  conference_id: nullable<string>(),
  targetables: listOf<Targetable>(),
};

const included = {
  appointment_attendee_ids: nullable<string[]>(),
  targetable: nullable<Targetable>(),
  note_id: nullable<string>(),
  updater_id: nullable<string>(),
};

export interface AppointmentRecord extends RecordOf<typeof columns, typeof included> {}

const blank: Required<AppointmentRecord> = { id: '', ...columns, ...included };

export const appointmentType = defineRecordType({
  name: 'Appointment',
  path: 'appointments',
  one: 'appointment',
  many: 'appointments',
  includes: {
    creater: { id: 'creater_id', key: 'users' },
    updater: { id: 'updater_id', key: 'users' },
    appointment_attendees: { ids: 'appointment_attendee_ids', key: 'appointment_attendees' },
    targetable: { embedded: 'targetable' },
  },
  grant: 'appointments',
  fetch: [listScan({ filters: ['past', 'upcoming'] }), readOne()],
  included,
  blank,
});

/** An attendee; `attendee.type` is `user`, `contact` or `lead`. */
export interface AppointmentAttendeeRecord extends Identified {
  attendee: Targetable | null;
}

export const appointmentAttendeeTable = defineTable<AppointmentAttendeeRecord>({
  name: 'AppointmentAttendee',
  many: 'appointment_attendees',
  blank: { id: '', attendee: null },
});
