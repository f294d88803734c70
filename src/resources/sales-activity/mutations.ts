import { builder } from '../../graph/builder.ts';
import { deletes } from '../../graph/gone.ts';
import { creates, updates } from '../../graph/mutations.ts';
import { recordInput } from '../../graph/record-input.ts';
import { customFields, flag, moment, ref, type Spot, text } from '../../graph/writable.ts';
import type { WriteFacts } from '../../graph/write-facts.ts';
import { targetFields, writeTarget } from '../../queries/target.ts';
import { type SalesActivityRecord, salesActivityResource } from './resource.ts';
import { loadSalesActivity, SalesActivity } from './type.ts';

const writable = {
  title: text('title', 'What was done.', { needed: true }),
  notes: text('notes', 'More about it.'),
  startsAt: moment('start_date', 'When it began.', { needed: true }),
  endsAt: moment('end_date', 'When it ended.', { needed: true }),
  typeId: ref('SalesActivityType', 'sales_activity_type_id', 'What kind it is: a type of the account’s own.', {
    needed: true,
  }),
  outcomeId: ref('SalesActivityOutcome', 'sales_activity_outcome_id', 'How it ended.'),
  ownerId: ref('User', 'owner_id', 'Who did it.'),
  isCompleted: flag('status', 'Whether it is done.'),
  location: text('location', 'Where it took place.'),
  latitude: text('latitude', 'Where it took place, in degrees north.'),
  longitude: text('longitude', 'Where it took place, in degrees east.'),
  checkedInAt: moment('checkedin_at', 'When somebody checked in.'),
  customFields,
  ...targetFields,
};

interface Times {
  readonly startsAt?: Date | null;
  readonly endsAt?: Date | null;
}

function checkTimes({ startsAt, endsAt }: Times, { path, draft }: Spot): void {
  if (startsAt && endsAt && endsAt < startsAt)
    draft.refuse([...path, 'endsAt'], 'A sales activity cannot end before it begins.');
}

const target = writeTarget({ needed: true });

const CreateSalesActivityInput = recordInput('CreateSalesActivityInput', writable, {
  description: 'A new sales activity.',
  required: ['title', 'startsAt', 'endsAt', 'typeId', 'targetId'],
  check: (values, spot) => {
    checkTimes(values, spot);
    target(values, spot);
  },
});

const UpdateSalesActivityInput = recordInput('UpdateSalesActivityInput', writable, {
  description: 'What shall be otherwise about a sales activity. A field left out is left alone; null clears it.',
  check: (values, spot) => {
    checkTimes(values, spot);
    target(values, spot);
  },
});

const salesActivityFacts: WriteFacts<SalesActivityRecord> = {
  resource: salesActivityResource,
  type: SalesActivity,
  loader: loadSalesActivity,
  // Records show when and how they were last contacted.
  ripples: ['Contact', 'SalesAccount', 'Deal', 'Lead'],
  rippling: ['targetable_id'],
};

builder.mutationFields((t) => ({
  createSalesActivity: t.field(
    creates(salesActivityFacts, CreateSalesActivityInput, 'Enters a sales activity of one of the account’s own types.'),
  ),
  updateSalesActivity: t.field(updates(salesActivityFacts, UpdateSalesActivityInput, 'Changes a sales activity.')),
  deleteSalesActivity: t.field(deletes(salesActivityFacts, 'Deletes a sales activity, for good.')),
}));
