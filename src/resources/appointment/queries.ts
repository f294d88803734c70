import { builder } from '../../graph/builder.ts';
import { connectionArgs } from '../../graph/connection.ts';
import { connectListed, filterLists } from '../../graph/listed.ts';
import { registerLists } from '../../graph/lists.ts';
import { pagesPrice } from '../../graph/price.ts';
import { byId } from '../../graph/root.ts';
import { appointmentResource } from './resource.ts';
import { Appointment, AppointmentConnection, loadAppointment } from './type.ts';

const AppointmentFilter = builder.enumType('AppointmentFilter', {
  description: 'Freshsales lists appointments by exactly one of these.',
  values: {
    PAST: { value: 'past', description: 'Those that are over.' },
    UPCOMING: { value: 'upcoming', description: 'Those to come.' },
  } as const,
});

registerLists(appointmentResource, filterLists(appointmentResource, 'past', 'upcoming'));

builder.queryFields((t) => ({
  appointment: t.field(byId(Appointment, loadAppointment, 'An appointment.')),
  appointments: t.field({
    type: AppointmentConnection,
    nullable: false,
    extensions: pagesPrice(appointmentResource.path, { query: ({ filter }) => ({ filter: String(filter) }) }),
    description:
      'Appointments that the user of the key may see. One call for up to a hundred, attendees and targets included.',
    args: {
      filter: t.arg({
        type: AppointmentFilter,
        required: true,
        defaultValue: 'upcoming',
        description: 'Which of them.',
      }),
      ...connectionArgs,
    },
    resolve: (_root, { filter, ...args }, context, info) =>
      connectListed(context, info, { resource: appointmentResource, query: { filter }, args }),
  }),
}));
