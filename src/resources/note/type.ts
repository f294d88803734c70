import { User } from '../../lookups/users.ts';
import { builder } from '../../schema/builder.ts';
import { recordList } from '../../schema/connection.ts';
import { createdTime, updatedTime } from '../../schema/fields.ts';
import { nodeType } from '../../schema/node.ts';
import { toOneBy } from '../../schema/relation.ts';
import { targetField } from '../target.ts';
import { noteType } from './record.ts';

export const Note = nodeType(noteType, 'A note on a record. Notes can only be read through the record they belong to.');

builder.objectFields(Note, (t) => ({
  description: t.exposeString('description', {
    semanticNonNull: true,
    description: 'Text of the note. May contain HTML.',
  }),
  url: t.exposeString('url', { description: 'Link of the note.' }),
  duration: t.exposeInt('duration', { description: 'Duration of the event described, in seconds.' }),
  hasAccess: t.exposeBoolean('has_access', { description: 'True if the user of the API key may edit the note.' }),
  createdAt: t.expose('created_at', createdTime),
  updatedAt: t.expose('updated_at', updatedTime),
}));

/** Lists of notes. */
export const notes = recordList(Note, {
  description: 'Fields that notes of a record can be sorted by.',
  values: {
    CREATED_AT: { value: 'created_at', description: 'Time of creation.' },
    UPDATED_AT: { value: 'updated_at', description: 'Time of the last update.' },
  },
});

builder.objectFields(Note, (t) => ({
  creator: t.field(toOneBy(noteType, 'creater_id', User, 'The user who created the note.', 'creater')),
  target: t.field(targetField({ columns: ['targetables'] }, 'The record the note belongs to.')),
}));
