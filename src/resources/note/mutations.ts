import { deleteMutation } from '../../mutations/delete-mutations.ts';
import { createMutation, updateMutation } from '../../mutations/record-mutations.ts';
import type { WriteFacts } from '../../mutations/write-facts.ts';
import { builder } from '../../schema/builder.ts';
import { CreateNoteInput, UpdateNoteInput } from './inputs.ts';
import { type NoteRecord, noteType } from './record.ts';
import { Note } from './type.ts';

const noteFacts: WriteFacts<NoteRecord> = {
  recordType: noteType,
  type: Note,
  // Records contain the text of their latest note.
  dependentTypes: ['Contact', 'SalesAccount', 'Deal', 'Lead'],
  affectingColumns: ['targetable_id'],
};

builder.mutationFields((t) => ({
  createNote: t.field(createMutation(noteFacts, CreateNoteInput, 'Adds a note to a record.')),
  updateNote: t.field(updateMutation(noteFacts, UpdateNoteInput, 'Updates a note.')),
  deleteNote: t.field(deleteMutation(noteFacts, 'Deletes a note permanently.')),
}));
