import { deleteMutation } from '../../mutations/delete-mutations.ts';
import { recordInput } from '../../mutations/record-input.ts';
import { createMutation, updateMutation } from '../../mutations/record-mutations.ts';
import { customFields, flag, moment, ref, type Spot, text } from '../../mutations/writable.ts';
import type { WriteFacts } from '../../mutations/write-facts.ts';
import { targetFields, writeTarget } from '../../queries/target.ts';
import { builder } from '../../schema/builder.ts';
import { type SalesActivityRecord, salesActivityType } from './record.ts';
import { loadSalesActivity, SalesActivity } from './type.ts';

const writable = {
  title: text('title', 'Title.', { needed: true }),
  notes: text('notes', 'Description.'),
  startsAt: moment('start_date', 'Start time.', { needed: true }),
  endsAt: moment('end_date', 'End time.', { needed: true }),
  typeId: ref('SalesActivityType', 'sales_activity_type_id', 'Activity type. Must be a custom type.', {
    needed: true,
  }),
  outcomeId: ref('SalesActivityOutcome', 'sales_activity_outcome_id', 'Outcome.'),
  ownerId: ref('User', 'owner_id', 'Owner.'),
  isCompleted: flag('status', 'True if completed.'),
  location: text('location', 'Location.'),
  latitude: text('latitude', 'Latitude of the location, in degrees north.'),
  longitude: text('longitude', 'Longitude of the location, in degrees east.'),
  checkedInAt: moment('checkedin_at', 'Time of check-in.'),
  customFields,
  ...targetFields,
};

interface Times {
  readonly startsAt?: Date | null;
  readonly endsAt?: Date | null;
}

function checkTimes({ startsAt, endsAt }: Times, { path, draft }: Spot): void {
  if (startsAt && endsAt && endsAt < startsAt)
    draft.refuse([...path, 'endsAt'], 'endsAt is before startsAt. A sales activity must end after it starts.');
}

const target = writeTarget({ needed: true });

const CreateSalesActivityInput = recordInput('CreateSalesActivityInput', writable, {
  description: 'Fields of a new sales activity.',
  required: ['title', 'startsAt', 'endsAt', 'typeId', 'targetId'],
  check: (values, spot) => {
    checkTimes(values, spot);
    target(values, spot);
  },
});

const UpdateSalesActivityInput = recordInput('UpdateSalesActivityInput', writable, {
  description: 'Fields of a sales activity to change. Omitted fields are left unchanged; null clears a field.',
  check: (values, spot) => {
    checkTimes(values, spot);
    target(values, spot);
  },
});

const salesActivityFacts: WriteFacts<SalesActivityRecord> = {
  recordType: salesActivityType,
  type: SalesActivity,
  loader: loadSalesActivity,
  // Records contain the time and channel of the last contact.
  ripples: ['Contact', 'SalesAccount', 'Deal', 'Lead'],
  rippling: ['targetable_id'],
};

builder.mutationFields((t) => ({
  createSalesActivity: t.field(
    createMutation(salesActivityFacts, CreateSalesActivityInput, 'Creates a sales activity of a custom type.'),
  ),
  updateSalesActivity: t.field(
    updateMutation(salesActivityFacts, UpdateSalesActivityInput, 'Updates a sales activity.'),
  ),
  deleteSalesActivity: t.field(deleteMutation(salesActivityFacts, 'Deletes a sales activity permanently.')),
}));
