import { loaderFor } from '../../records/loader.ts';
import { builder } from '../../schema/builder.ts';
import { connectionType } from '../../schema/connection.ts';
import { Node, withIds } from '../../schema/node.ts';
import { appointmentAttendeeTable } from './attendee.ts';
import { type AppointmentRecord, appointmentType } from './record.ts';

export const loadAppointment = loaderFor(appointmentType);
export const loadAttendee = loaderFor(appointmentAttendeeTable);

export const Appointment = builder.objectRef<AppointmentRecord>('Appointment');

Appointment.implement({
  description: 'An appointment.',
  interfaces: [Node],
  fields: (t) => ({
    title: t.exposeString('title', { nullable: false, description: 'Title.' }),
    description: t.exposeString('description', { description: 'Description.' }),
    location: t.exposeString('location', { description: 'Location.' }),
    startsAt: t.expose('from_date', { type: 'DateTime', description: 'Start time.' }),
    endsAt: t.expose('end_date', { type: 'DateTime', description: 'End time.' }),
    isAllDay: t.boolean({
      nullable: false,
      description: 'True for an all-day appointment.',
      extensions: { freshsales: { columns: ['is_allday'] } },
      resolve: ({ is_allday }) => is_allday === true,
    }),
    timeZone: t.exposeString('time_zone', { description: 'Rails time zone name, such as Chennai. Not an IANA name.' }),
    createdAt: t.expose('created_at', { type: 'DateTime', nullable: false, description: 'Time of creation.' }),
    updatedAt: t.expose('updated_at', { type: 'DateTime', nullable: false, description: 'Time of the last update.' }),
  }),
});
builder.objectFields(Appointment, (t) => ({
  provider: t.exposeString('provider', { description: 'Calendar provider.' }),
  conferenceId: t.exposeString('conference_id', { description: 'Id of the conference call.' }),
  latitude: t.exposeString('latitude', { description: 'Place of check-in.' }),
  longitude: t.exposeString('longitude', { description: 'Place of check-in.' }),
  canCheckIn: t.exposeBoolean('can_checkin', { description: 'True if check-in is possible now.' }),
  canCheckInAndOut: t.exposeBoolean('can_checkin_checkout', {
    description: 'True if check-in and check-out are possible.',
  }),
  checkedInAt: t.expose('checkedin_at', { type: 'DateTime', description: 'Time of check-in.' }),
  checkedInDuration: t.exposeInt('checkedin_duration', { description: 'Time between check-in and check-out.' }),
  checkedOutAt: t.expose('checkedout_at', { type: 'DateTime', description: 'Time of check-out.' }),
  checkedOutLocation: t.exposeString('checkedout_location', { description: 'Place of check-out.' }),
  checkedOutLatitude: t.exposeString('checkedout_latitude', { description: 'Place of check-out.' }),
  checkedOutLongitude: t.exposeString('checkedout_longitude', { description: 'Place of check-out.' }),
}));
withIds(Appointment);

export const AppointmentConnection = connectionType('Appointment', Appointment);

/** Types and loader of a to-many relation. */
export const appointments = { type: Appointment, connection: AppointmentConnection, loader: loadAppointment };
