import { recordInput } from '../../mutations/record-input.ts';
import { moment, ref, text } from '../../mutations/writable.ts';

const writable = {
  title: text('title', 'Title.', { needed: true }),
  startsAt: moment('starts_at', 'Start time.'),
  ownerId: ref('User', 'owner_id', 'Owner.'),
};

export const CreateVisitInput = recordInput('CreateVisitInput', writable, {
  description: 'Fields of a new visit.',
  required: ['title'],
});

export const UpdateVisitInput = recordInput('UpdateVisitInput', writable, {
  description: 'Fields of a visit to change. Omitted fields are left unchanged; null clears a field.',
});
