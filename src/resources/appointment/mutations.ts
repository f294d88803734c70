import { deleteMutation } from '../../mutations/delete-mutations.ts';
import { createMutation, updateMutation } from '../../mutations/record-mutations.ts';
import type { WriteFacts } from '../../mutations/write-facts.ts';
import { builder } from '../../schema/builder.ts';
import { CreateAllDayAppointmentInput, CreateAppointmentInput, UpdateAppointmentInput } from './inputs.ts';
import { type AppointmentRecord, appointmentType } from './record.ts';
import { Appointment } from './type.ts';

const appointmentFacts: WriteFacts<AppointmentRecord> = {
  recordType: appointmentType,
  type: Appointment,
  dependentTypes: ['Contact', 'SalesAccount', 'Deal'],
  affectingColumns: ['targetable_id'],
};

builder.mutationFields((t) => ({
  createAppointment: t.field(createMutation(appointmentFacts, CreateAppointmentInput, 'Creates an appointment.')),
  createAllDayAppointment: t.field(
    createMutation(
      appointmentFacts,
      CreateAllDayAppointmentInput,
      'Creates an appointment that takes whole days.',
      {},
      'CreateAllDay',
    ),
  ),
  updateAppointment: t.field(updateMutation(appointmentFacts, UpdateAppointmentInput, 'Updates an appointment.')),
  deleteAppointment: t.field(deleteMutation(appointmentFacts, 'Deletes an appointment permanently.')),
}));
