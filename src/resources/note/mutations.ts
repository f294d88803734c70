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
  description: text('description', 'What it says; HTML is possible.', { needed: true }),
  ...targetFields,
};

const CreateNoteInput = recordInput('CreateNoteInput', writable, {
  description: 'A new note.',
  required: ['description', 'targetId'],
  check: writeTarget({ needed: true }),
});

const UpdateNoteInput = recordInput('UpdateNoteInput', writable, {
  description: 'What shall be otherwise about a note. A field left out is left alone.',
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
  createNote: t.field(creates(noteFacts, CreateNoteInput, 'Writes a note on a record.')),
  updateNote: t.field(updates(noteFacts, UpdateNoteInput, 'Changes a note.')),
  deleteNote: t.field(deletes(noteFacts, 'Deletes a note, for good.')),
}));
