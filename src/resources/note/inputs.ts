import { recordInput } from '../../mutations/record-input.ts';
import { text } from '../../mutations/writable.ts';
import { targetFields, writeTarget } from '../target.ts';

const writable = {
  description: text('description', 'Text of the note. May contain HTML.', { needed: true }),
  ...targetFields,
};

export const CreateNoteInput = recordInput('CreateNoteInput', writable, {
  description: 'Fields of a new note.',
  required: ['description', 'targetId'],
  check: writeTarget({ needed: true }),
});

export const UpdateNoteInput = recordInput('UpdateNoteInput', writable, {
  description: 'Fields of a note to change. Omitted fields are left unchanged.',
  check: writeTarget({ needed: true }),
});
