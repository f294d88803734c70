import { builder } from '../../graph/builder.ts';
import { deletes } from '../../graph/gone.ts';
import { creates, updates } from '../../graph/mutations.ts';
import { recordInput } from '../../graph/record-input.ts';
import { text } from '../../graph/writable.ts';
import type { WriteFacts } from '../../graph/write-facts.ts';
import { targetFields, writeTarget } from '../../queries/target.ts';
import { type NoteRecord, noteResource } from './resource.ts';
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
  resource: noteResource,
  type: Note,
  loader: loadNote,
  // Records show the text of their latest note.
  ripples: ['Contact', 'SalesAccount', 'Deal', 'Lead'],
  rippling: ['targetable_id'],
};

builder.mutationFields((t) => ({
  createNote: t.field(creates(noteFacts, CreateNoteInput, 'Adds a note to a record.')),
  updateNote: t.field(updates(noteFacts, UpdateNoteInput, 'Updates a note.')),
  deleteNote: t.field(deletes(noteFacts, 'Deletes a note permanently.')),
}));
