import { deleteMutation } from '../../mutations/delete-mutations.ts';
import { recordInput } from '../../mutations/record-input.ts';
import { createMutation, updateMutation } from '../../mutations/record-mutations.ts';
import { text } from '../../mutations/writable.ts';
import type { WriteFacts } from '../../mutations/write-facts.ts';
import { targetFields, writeTarget } from '../../queries/target.ts';
import { builder } from '../../schema/builder.ts';
import { type NoteRecord, noteType } from './record.ts';
import { loadNote, Note } from './type.ts';

const writable = {
  description: text('description', 'Text of the note. May contain HTML.', { needed: true }),
  ...targetFields,
};

const CreateNoteInput = recordInput('CreateNoteInput', writable, {
  description: 'Fields of a new note.',
  required: ['description', 'targetId'],
  check: writeTarget({ needed: true }),
});

const UpdateNoteInput = recordInput('UpdateNoteInput', writable, {
  description: 'Fields of a note to change. Omitted fields are left unchanged.',
  check: writeTarget({ needed: true }),
});

const noteFacts: WriteFacts<NoteRecord> = {
  recordType: noteType,
  type: Note,
  loader: loadNote,
  // Records contain the text of their latest note.
  ripples: ['Contact', 'SalesAccount', 'Deal', 'Lead'],
  rippling: ['targetable_id'],
};

builder.mutationFields((t) => ({
  createNote: t.field(createMutation(noteFacts, CreateNoteInput, 'Adds a note to a record.')),
  updateNote: t.field(updateMutation(noteFacts, UpdateNoteInput, 'Updates a note.')),
  deleteNote: t.field(deleteMutation(noteFacts, 'Deletes a note permanently.')),
}));
