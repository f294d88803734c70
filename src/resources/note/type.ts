import type { RecordType } from '../../freshsales/resource.ts';
import { tableLoader } from '../../records/loader.ts';
import { subResource } from '../../records/strategies/sub-resource.ts';
import { builder } from '../../schema/builder.ts';
import { connectionType } from '../../schema/connection.ts';
import { Node, withIds } from '../../schema/node.ts';
import type { Fallback } from '../../schema/relation.ts';
import { type NoteRecord, noteType } from './record.ts';

/** A note cannot be read by id, only included with its parent. */
export const loadNote = tableLoader(noteType);

export const Note = builder.objectRef<NoteRecord>('Note');

Note.implement({
  description: 'A note on a record. Notes can only be read through the record they belong to.',
  interfaces: [Node],
  fields: (t) => ({
    description: t.exposeString('description', { nullable: false, description: 'Text of the note. May contain HTML.' }),
    url: t.exposeString('url', { description: 'Link of the note.' }),
    duration: t.exposeInt('duration', { description: 'Duration of the event described, in seconds.' }),
    hasAccess: t.exposeBoolean('has_access', { description: 'True if the user of the API key may edit the note.' }),
    createdAt: t.expose('created_at', { type: 'DateTime', nullable: false, description: 'Time of creation.' }),
    updatedAt: t.expose('updated_at', { type: 'DateTime', nullable: false, description: 'Time of the last update.' }),
  }),
});
withIds(Note);

export const NoteConnection = connectionType('Note', Note);

/** Types and loader of a to-many relation. */
export const notes = { type: Note, connection: NoteConnection, loader: loadNote };

/**
 * If `include=notes` is ignored, notes are read from the sub-resource of their parent: at the API root for contacts and deals,
 * at the UI base for accounts (FACTS 14 and 8).
 */
export const notesBelow = (parent: RecordType): Fallback =>
  subResource(parent, noteType, parent.one === 'sales_account' ? ['ui', 'api'] : ['api', 'ui'], ['creater']);
