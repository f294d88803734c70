import type { Context } from '../../context.ts';
import type { Resource } from '../../freshsales/resource.ts';
import { builder } from '../../graph/builder.ts';
import { connectionType } from '../../graph/connection.ts';
import { tableLoader } from '../../graph/loader.ts';
import { Node, withIds } from '../../graph/node.ts';
import type { Fallback } from '../../graph/relation.ts';
import { storeOf } from '../../graph/store.ts';
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
 * Where `include=notes` is not honoured, the notes are read below their parent. Below the API root contacts and deals
 * answer; accounts do below the UI base (FACTS 14, 8).
 */
export const notesBelow =
  (resource: Resource): Fallback =>
  async (context, id) => {
    const path = `${resource.path}/${id}/notes`;
    const ids = await readNotes(context, resource.one === 'sales_account' ? `../${path}` : path);
    return ids ?? (await readNotes(context, resource.one === 'sales_account' ? path : `../${path}`)) ?? [];
  };

async function readNotes(context: Context, path: string): Promise<string[] | undefined> {
  const answer = await context.freshsales.below(path, noteResource.many, { include: 'creater', per_page: 100 });
  if (!answer) return undefined;
  const store = storeOf(context);
  store.keep(answer.sideloads);
  return answer.rows.map((row) => store.put(noteResource, row, true).row.id);
}
