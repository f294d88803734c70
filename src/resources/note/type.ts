import { loadUser, User } from '../../lookups/users.ts';
import { loaderFor } from '../../records/loader.ts';
import { builder } from '../../schema/builder.ts';
import { connectionType } from '../../schema/connection.ts';
import { createdTime, updatedTime } from '../../schema/fields.ts';
import { Node, withIds } from '../../schema/node.ts';
import { toOneBy } from '../../schema/relation.ts';
import { sortInput } from '../../schema/root.ts';
import { targetField } from '../target.ts';
import { type NoteRecord, noteType } from './record.ts';

/** A note cannot be read by id, only included with its parent. */
export const loadNote = loaderFor(noteType);

export const Note = builder.objectRef<NoteRecord>('Note');

Note.implement({
  description: 'A note on a record. Notes can only be read through the record they belong to.',
  interfaces: [Node],
  fields: (t) => ({
    description: t.exposeString('description', {
      semanticNonNull: true,
      description: 'Text of the note. May contain HTML.',
    }),
    url: t.exposeString('url', { description: 'Link of the note.' }),
    duration: t.exposeInt('duration', { description: 'Duration of the event described, in seconds.' }),
    hasAccess: t.exposeBoolean('has_access', { description: 'True if the user of the API key may edit the note.' }),
    createdAt: t.expose('created_at', createdTime),
    updatedAt: t.expose('updated_at', updatedTime),
  }),
});
withIds(Note);

const NoteConnection = connectionType('Note', Note);

const NoteSortField = builder.enumType('NoteSortField', {
  description: 'Fields that notes of a record can be sorted by.',
  values: {
    CREATED_AT: { value: 'created_at', description: 'Time of creation.' },
    UPDATED_AT: { value: 'updated_at', description: 'Time of the last update.' },
  } as const,
});

const NoteSort = sortInput('Note', NoteSortField);

/** Types and loader of a to-many relation. */
export const notes = { type: Note, connection: NoteConnection, loader: loadNote, sort: NoteSort };

builder.objectFields(Note, (t) => ({
  creator: t.field(toOneBy(noteType, 'creater_id', User, loadUser, 'The user who created the note.', 'creater')),
  target: t.field(targetField({ columns: ['targetables'] }, 'The record the note belongs to.')),
}));
