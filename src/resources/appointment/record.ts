import { defineTable, type Identified, type Targetable } from '../../freshsales/resource.ts';
import { defineRecordType } from '../../records/record-type.ts';
import { listScan } from '../../records/strategies/list-scan.ts';
import { readOne } from '../../records/strategies/read-one.ts';

export interface AppointmentRecord extends Identified {
  time_zone: string | null;
  title: string;
  description: string | null;
  location: string | null;
  is_allday: boolean;
  outcome_id: string | null;
  from_date: string;
  end_date: string;
  created_at: string;
  updated_at: string;
  provider: string;
  creater_id: string;
  latitude: string | null;
  longitude: string | null;
  checkedin_at: string | null;
  can_checkin_checkout: boolean;
  checkedout_latitude: string | null;
  checkedout_longitude: string | null;
  checkedout_location: string | null;
  checkedout_at: string | null;
  checkedin_duration: number | null;
  can_checkin: boolean;
  conference_id: string | null;
  targetables: Targetable[];
  appointment_attendee_ids?: string[] | null;
  targetable?: Targetable | null;
  note_id?: string | null;
  updater_id?: string | null;
}

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
  blank: (): Required<AppointmentRecord> => ({
    id: '',
    time_zone: null,
    title: '',
    description: null,
    location: null,
    is_allday: false,
    outcome_id: null,
    from_date: '',
    end_date: '',
    created_at: '',
    updated_at: '',
    provider: '',
    creater_id: '',
    latitude: null,
    longitude: null,
    checkedin_at: null,
    can_checkin_checkout: false,
    checkedout_latitude: null,
    checkedout_longitude: null,
    checkedout_location: null,
    checkedout_at: null,
    checkedin_duration: null,
    can_checkin: false,
    conference_id: null,
    targetables: [],
    appointment_attendee_ids: null,
    targetable: null,
    note_id: null,
    updater_id: null,
  }),
});

/** An attendee; `attendee.type` is `user`, `contact` or `lead`. */
export interface AppointmentAttendeeRecord extends Identified {
  attendee: Targetable | null;
}

export const appointmentAttendeeTable = defineTable({
  name: 'AppointmentAttendee',
  many: 'appointment_attendees',
  blank: (): AppointmentAttendeeRecord => ({ id: '', attendee: null }),
});
