import { loadUser, User } from '../../lookups/users.ts';
import { targetField } from '../../queries/record.ts';
import { builder } from '../../schema/builder.ts';
import { toOneBy } from '../../schema/relation.ts';
import { noteType } from './record.ts';
import { Note } from './type.ts';

builder.objectFields(Note, (t) => ({
  creator: t.field(toOneBy(noteType, 'creater_id', User, loadUser, 'The user who created the note.', 'creater')),
  target: t.field(targetField({ columns: ['targetables'] }, 'The record the note belongs to.')),
}));
