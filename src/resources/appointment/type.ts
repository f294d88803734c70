import { builder } from '../../graph/builder.ts';
import { connectionType } from '../../graph/connection.ts';
import { recordLoader, tableLoader } from '../../graph/loader.ts';
import { Node, nodeType } from '../../graph/node.ts';
import { appointmentAttendeeTable } from './attendee.ts';
import { type AppointmentRecord, appointmentResource } from './resource.ts';

export const loadAppointment = recordLoader(appointmentResource);
export const loadAttendee = tableLoader(appointmentAttendeeTable);

export const Appointment = builder.objectRef<AppointmentRecord>('Appointment');

Appointment.implement({
  description: 'A meeting.',
  interfaces: [Node],
  fields: (t) => ({
    title: t.exposeString('title', { nullable: false, description: 'What it is about.' }),
    description: t.exposeString('description', { description: 'More about it.' }),
    location: t.exposeString('location', { description: 'Where it takes place.' }),
    startsAt: t.expose('from_date', { type: 'DateTime', description: 'When it begins.' }),
    endsAt: t.expose('end_date', { type: 'DateTime', description: 'When it ends.' }),
    isAllDay: t.boolean({
      nullable: false,
      description: 'Whether it takes whole days.',
      extensions: { freshsales: { columns: ['is_allday'] } },
      resolve: ({ is_allday }) => is_allday === true,
    }),
    timeZone: t.exposeString('time_zone', { description: 'A Rails zone name, such as Chennai; not an IANA one.' }),
    createdAt: t.expose('created_at', { type: 'DateTime', nullable: false, description: 'When it was entered.' }),
    updatedAt: t.expose('updated_at', { type: 'DateTime', nullable: false, description: 'When it was last changed.' }),
  }),
});
builder.objectFields(Appointment, (t) => ({
  provider: t.exposeString('provider', { description: 'The calendar it came from.' }),
  conferenceId: t.exposeString('conference_id', { description: 'The id of the conference call.' }),
  latitude: t.exposeString('latitude', { description: 'Where somebody checked in.' }),
  longitude: t.exposeString('longitude', { description: 'Where somebody checked in.' }),
  canCheckIn: t.exposeBoolean('can_checkin', { description: 'Whether one can check in now.' }),
  canCheckInAndOut: t.exposeBoolean('can_checkin_checkout', { description: 'Whether one can check in and out.' }),
  checkedInAt: t.expose('checkedin_at', { type: 'DateTime', description: 'When somebody checked in.' }),
  checkedInDuration: t.exposeInt('checkedin_duration', { description: 'How long somebody was checked in.' }),
  checkedOutAt: t.expose('checkedout_at', { type: 'DateTime', description: 'When somebody checked out.' }),
  checkedOutLocation: t.exposeString('checkedout_location', { description: 'Where somebody checked out.' }),
  checkedOutLatitude: t.exposeString('checkedout_latitude', { description: 'Where somebody checked out.' }),
  checkedOutLongitude: t.exposeString('checkedout_longitude', { description: 'Where somebody checked out.' }),
}));
nodeType(Appointment, loadAppointment);

export const AppointmentConnection = connectionType('Appointment', Appointment);

/** What a relation to several appointments leads to. */
export const appointments = { type: Appointment, connection: AppointmentConnection, loader: loadAppointment };
