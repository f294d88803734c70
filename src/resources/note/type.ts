import type { Resource } from '../../freshsales/resource.ts';
import { below } from '../../graph/below.ts';
import { builder } from '../../graph/builder.ts';
import { connectionType } from '../../graph/connection.ts';
import { tableLoader } from '../../graph/loader.ts';
import { Node, withIds } from '../../graph/node.ts';
import type { Fallback } from '../../graph/relation.ts';
import { type NoteRecord, noteResource } from './resource.ts';

/** A note has no address of its own to be read at: it comes along with its parent, or not at all. */
export const loadNote = tableLoader(noteResource);

export const Note = builder.objectRef<NoteRecord>('Note');

Note.implement({
  description: 'A remark on a record. Freshsales gives notes with the record they are on, never by themselves.',
  interfaces: [Node],
  fields: (t) => ({
    description: t.exposeString('description', { nullable: false, description: 'What it says; HTML is possible.' }),
    url: t.exposeString('url', { description: 'What it links to.' }),
    duration: t.exposeInt('duration', { description: 'How long what it tells of took, in seconds.' }),
    hasAccess: t.exposeBoolean('has_access', { description: 'Whether the user of the key may change it.' }),
    createdAt: t.expose('created_at', { type: 'DateTime', nullable: false, description: 'When it was written.' }),
    updatedAt: t.expose('updated_at', { type: 'DateTime', nullable: false, description: 'When it was last changed.' }),
  }),
});
withIds(Note);

export const NoteConnection = connectionType('Note', Note);

/** What a relation to several notes leads to. */
export const notes = { type: Note, connection: NoteConnection, loader: loadNote };

/**
 * Where `include=notes` is not honoured, the notes are read below their parent: contacts and deals answer at the API root,
 * accounts at the UI base (FACTS 14 and 8).
 */
export const notesBelow = (parent: Resource): Fallback =>
  below(parent, noteResource, parent.one === 'sales_account' ? ['ui', 'api'] : ['api', 'ui'], ['creater']);
