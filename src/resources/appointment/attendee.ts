import { defineTable, type Identified, type Targetable } from '../../freshsales/resource.ts';

/** An attendee; `attendee.type` is `user`, `contact` or `lead`. */
export interface AppointmentAttendeeRecord extends Identified {
  attendee: Targetable | null;
}

export const appointmentAttendeeTable = defineTable({
  name: 'AppointmentAttendee',
  many: 'appointment_attendees',
  blank: (): AppointmentAttendeeRecord => ({ id: '', attendee: null }),
});
