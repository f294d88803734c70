import type { GraphQLResolveInfo } from 'graphql';
import { isRecordId } from '../../freshsales/answer.ts';
import type { Identified, Targetable } from '../../freshsales/resource.ts';
import { toBoolean, toDay } from '../../freshsales/values.ts';
import { SalesActivityOutcome } from '../../lookups/activities.ts';
import { User } from '../../lookups/users.ts';
import type { MaybePromise } from '../../maybe-promise.ts';
import type { Context } from '../../records/context.ts';
import { loaderFor } from '../../records/loader.ts';
import { needsColumns } from '../../records/record-type.ts';
import { bringMissing } from '../../records/truncated-sideloads.ts';
import { builder } from '../../schema/builder.ts';
import { connectionArgs, pagesField, recordList } from '../../schema/connection.ts';
import { createdTime, updatedTime } from '../../schema/fields.ts';
import { listedFetch, recordField } from '../../schema/list-fields.ts';
import { loadRelated, nodeType, typeOf } from '../../schema/node.ts';
import { relatedIds, toOneBy } from '../../schema/relation.ts';
import { Contact } from '../contact/type.ts';
import { Lead } from '../lead/type.ts';
import { loadRecord, targetField } from '../target.ts';
import { type AppointmentRecord, appointmentAttendeeTable, appointmentType } from './record.ts';

/** The day on the wire's own clock. In UTC it could be the day before or after. */
function wholeDayOf({ freshsales }: Context, { is_allday }: AppointmentRecord, time: unknown): string | null {
  const day = toBoolean(is_allday) === true ? toDay(time, freshsales.timeZone) : null;
  if (day === undefined) throw new TypeError('Date cannot represent the value');
  return day;
}

export const Appointment = nodeType(appointmentType, 'An appointment.');

builder.objectFields(Appointment, (t) => ({
  title: t.exposeString('title', { semanticNonNull: true, description: 'Title.' }),
  description: t.exposeString('description', { description: 'Description.' }),
  location: t.exposeString('location', { description: 'Location.' }),
  startsAt: t.expose('from_date', { type: 'DateTime', description: 'Start time.' }),
  endsAt: t.expose('end_date', { type: 'DateTime', description: 'End time.' }),
  isAllDay: t.boolean({
    semanticNonNull: true,
    description: 'True for an all-day appointment.',
    extensions: { freshsales: { columns: ['is_allday'] } },
    resolve: ({ is_allday }) => is_allday ?? false,
  }),
  startsOn: t.field({
    type: 'Date',
    description: 'First day of an all-day appointment, in the time zone in which Freshsales sends it. Null for others.',
    extensions: { freshsales: { columns: ['is_allday', 'from_date'] } },
    resolve: (row, _args, context) => wholeDayOf(context, row, row.from_date),
  }),
  endsOn: t.field({
    type: 'Date',
    description: 'Last day of an all-day appointment, in the time zone in which Freshsales sends it. Null for others.',
    extensions: { freshsales: { columns: ['is_allday', 'end_date'] } },
    resolve: (row, _args, context) => wholeDayOf(context, row, row.end_date),
  }),
  timeZone: t.exposeString('time_zone', { description: 'Rails time zone name, such as Chennai. Not an IANA name.' }),
  createdAt: t.expose('created_at', createdTime),
  updatedAt: t.expose('updated_at', updatedTime),
  provider: t.exposeString('provider', { description: 'Calendar provider.' }),
  conferenceId: t.exposeID('conference_id', { description: 'Id of the conference call.' }),
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

/** Lists of appointments. */
export const appointments = recordList(Appointment, {
  description: 'Fields that appointments of a record can be sorted by.',
  values: {
    STARTS_AT: { value: 'from_date', description: 'Start time.' },
    ENDS_AT: { value: 'end_date', description: 'End time.' },
    CREATED_AT: { value: 'created_at', description: 'Time of creation.' },
    UPDATED_AT: { value: 'updated_at', description: 'Time of the last update.' },
  },
});

const AppointmentAttendee = builder.unionType('AppointmentAttendee', {
  description: 'An attendee of an appointment.',
  types: () => [User, Contact, Lead],
  resolveType: (row) => typeOf(row),
});

/** Reads return `user`; writes use the class name (FACTS 11). */
const isUser = (type: unknown): boolean => /^(FdMultitenant::)?user$/i.test(String(type));

function loadPerson(
  context: Context,
  info: GraphQLResolveInfo,
  { type, id }: Targetable,
): MaybePromise<Identified | null> {
  return isUser(type) ? loadRelated(context, info, User, id) : loadRecord(context, info, { type, id });
}

builder.objectFields(Appointment, (t) => ({
  outcome: t.field(toOneBy(appointmentType, 'outcome_id', SalesActivityOutcome, 'Outcome.')),
  creator: t.field(toOneBy(appointmentType, 'creater_id', User, 'The user who created the record.', 'creater')),
  attendees: t.field({
    type: [AppointmentAttendee],
    semanticNonNull: true,
    description: 'Attendees: users, contacts and leads (Classic).',
    // Contacts are included if they are the target of the appointment; others are read one by one.
    extensions: {
      freshsales: { include: 'appointment_attendees', extra: 'targetable', rows: () => Number.POSITIVE_INFINITY },
    },
    resolve: async (appointment, _args, context, info) => {
      const include = 'appointment_attendees';
      const ids = await relatedIds(context, appointmentType, appointment, include);
      const needs = needsColumns('attendee');
      await bringMissing(context, appointmentType, appointment.id, {
        include,
        ids,
        needs,
        of: appointmentAttendeeTable.name,
      });
      const rows = await loaderFor(context, appointmentAttendeeTable).loadMany(ids, needs);
      const people = await Promise.all(
        rows.map((row) =>
          row?.attendee && isRecordId(row.attendee.id) ? loadPerson(context, info, row.attendee) : null,
        ),
      );
      // `__typename` on the row tells which of the three types of the union it is.
      return people.filter((person) => person !== null) as never[];
    },
  }),
  target: t.field(
    targetField({ columns: ['targetables'], extra: 'targetable' }, 'The record the appointment belongs to.'),
  ),
}));

const AppointmentFilter = builder.enumType('AppointmentFilter', {
  description: 'Appointment filters that Freshsales offers. Exactly one applies.',
  values: {
    ALL: {
      value: 'all',
      description: 'All appointments. Accounts that require a filter, as the API reference says, refuse this.',
    },
    PAST: { value: 'past', description: 'Past appointments, latest first, including those of today that are over.' },
    UPCOMING: {
      value: 'upcoming',
      description:
        'Appointments that Freshsales lists as upcoming, earliest first. Some accounts also list appointments that are over: compare endsAt.',
    },
  } as const,
});

builder.queryFields((t) => ({
  appointment: t.field(recordField(Appointment, 'The appointment with this id.')),
  appointments: t.field({
    type: appointments.connection,
    semanticNonNull: true,
    ...pagesField(listedFetch(appointmentType)),
    description:
      'Appointments visible to the user of the API key. One call per 100 rows, attendees and targets included.',
    args: {
      filter: t.arg({
        type: AppointmentFilter,
        required: true,
        defaultValue: 'upcoming',
        description: 'Filter to apply.',
      }),
      ...connectionArgs,
    },
  }),
}));
