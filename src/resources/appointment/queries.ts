import { builder } from '../../graph/builder.ts';
import { connectionArgs } from '../../graph/connection.ts';
import { connectListed, filterLists } from '../../graph/listed.ts';
import { registerLists } from '../../graph/lists.ts';
import { pagesPrice } from '../../graph/price.ts';
import { byId } from '../../graph/root.ts';
import { appointmentResource } from './resource.ts';
import { Appointment, AppointmentConnection, loadAppointment } from './type.ts';

const AppointmentFilter = builder.enumType('AppointmentFilter', {
  description: 'Appointment filters that Freshsales offers. Exactly one applies.',
  values: {
    PAST: { value: 'past', description: 'Past appointments.' },
    UPCOMING: { value: 'upcoming', description: 'Upcoming appointments.' },
  } as const,
});

registerLists(appointmentResource, filterLists(appointmentResource, 'past', 'upcoming'));

builder.queryFields((t) => ({
  appointment: t.field(byId(Appointment, loadAppointment, 'The appointment with this id.')),
  appointments: t.field({
    type: AppointmentConnection,
    nullable: false,
    extensions: pagesPrice(appointmentResource.path, { query: ({ filter }) => ({ filter: String(filter) }) }),
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
      connectListed(context, info, { resource: appointmentResource, query: { filter }, args }),
  }),
}));
