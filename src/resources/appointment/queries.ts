import { pagesPrice } from '../../records/price.ts';
import { builder } from '../../schema/builder.ts';
import { connectionArgs } from '../../schema/connection.ts';
import { connectListed } from '../../schema/listed.ts';
import { byId } from '../../schema/root.ts';
import { appointmentType } from './record.ts';
import { Appointment, AppointmentConnection, loadAppointment } from './type.ts';

const AppointmentFilter = builder.enumType('AppointmentFilter', {
  description: 'Appointment filters that Freshsales offers. Exactly one applies.',
  values: {
    PAST: { value: 'past', description: 'Past appointments.' },
    UPCOMING: { value: 'upcoming', description: 'Upcoming appointments.' },
  } as const,
});

builder.queryFields((t) => ({
  appointment: t.field(byId(Appointment, loadAppointment, 'The appointment with this id.')),
  appointments: t.field({
    type: AppointmentConnection,
    nullable: false,
    extensions: pagesPrice(appointmentType.path, { query: ({ filter }) => ({ filter: String(filter) }) }),
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
    resolve: (_root, { filter, ...args }, context, info) =>
      connectListed(context, info, { recordType: appointmentType, query: { filter }, args }),
  }),
}));
