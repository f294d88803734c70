import { recordInput } from '../../mutations/record-input.ts';
import { customFields, type FieldContext, flag, moment, ref, text } from '../../mutations/writable.ts';
import { targetFields, writeTarget } from '../target.ts';

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

const target = writeTarget({ needed: true });

function check(values: Times & Parameters<typeof target>[0], spot: FieldContext): void {
  const { startsAt, endsAt } = values;
  if (startsAt && endsAt && endsAt < startsAt)
    spot.draft.refuse(
      [...spot.path, 'endsAt'],
      'endsAt is before startsAt. A sales activity must end after it starts.',
    );
  target(values, spot);
}

export const CreateSalesActivityInput = recordInput('CreateSalesActivityInput', writable, {
  description: 'Fields of a new sales activity.',
  required: ['title', 'startsAt', 'endsAt', 'typeId', 'targetId'],
  check,
});

export const UpdateSalesActivityInput = recordInput('UpdateSalesActivityInput', writable, {
  description: 'Fields of a sales activity to change. Omitted fields are left unchanged; null clears a field.',
  check,
});
