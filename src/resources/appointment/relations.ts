import type { MaybePromise } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import type { Identified, Targetable } from '../../freshsales/resource.ts';
import { loadSalesActivityOutcome, SalesActivityOutcome } from '../../lookups/activities.ts';
import { loadUser, User } from '../../lookups/users.ts';
import { loadRecord, targetField } from '../../queries/record.ts';
import type { Context } from '../../records/context.ts';
import { needsOf, selectionOf } from '../../records/field-needs.ts';
import { needsColumns } from '../../records/needs.ts';
import { bringMissing } from '../../records/truncated-sideloads.ts';
import { builder } from '../../schema/builder.ts';
import { typeOf } from '../../schema/node.ts';
import { relatedIds, toOneBy } from '../../schema/relation.ts';
import { Contact } from '../contact/type.ts';
import { Lead } from '../lead/type.ts';
import { appointmentAttendeeTable } from './attendee.ts';
import { appointmentType } from './record.ts';
import { Appointment, loadAttendee } from './type.ts';

const AppointmentAttendee = builder.unionType('AppointmentAttendee', {
  description: 'An attendee of an appointment.',
  types: [User, Contact, Lead],
  resolveType: (row) => typeOf(row),
});

/** Reads return `user`; writes use the class name (FACTS 11). */
const isUser = (type: unknown): boolean => /^(FdMultitenant::)?user$/i.test(String(type));

function loadPerson(
  context: Context,
  info: GraphQLResolveInfo,
  { type, id }: Targetable,
): MaybePromise<Identified | null> {
  return isUser(type)
    ? loadUser(context).load(id, needsOf(selectionOf(context, info), User.name, info))
    : loadRecord(context, info, { type, id });
}

builder.objectFields(Appointment, (t) => ({
  outcome: t.field(toOneBy(appointmentType, 'outcome_id', SalesActivityOutcome, loadSalesActivityOutcome, 'Outcome.')),
  creator: t.field(
    toOneBy(appointmentType, 'creater_id', User, loadUser, 'The user who created the record.', 'creater'),
  ),
  attendees: t.field({
    type: [AppointmentAttendee],
    nullable: { list: false, items: false },
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
        ...{ include, ids, needs },
        of: appointmentAttendeeTable.name,
      });
      const rows = await loadAttendee(context).loadMany(ids, needs);
      const people = await Promise.all(
        rows.map((row) => (typeof row?.attendee?.id === 'string' ? loadPerson(context, info, row.attendee) : null)),
      );
      // `__typename` on the row tells which of the three types of the union it is.
      return people.filter((person) => person !== null) as never[];
    },
  }),
  target: t.field(
    targetField({ columns: ['targetables'], extra: 'targetable' }, 'The record the appointment belongs to.'),
  ),
}));
