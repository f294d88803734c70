import { builder } from '../../graph/builder.ts';
import { toOneBy } from '../../graph/relation.ts';
import { targetField } from '../../queries/record.ts';
import { loadUser, User } from '../user/type.ts';
import { noteResource } from './resource.ts';
import { Note } from './type.ts';

builder.objectFields(Note, (t) => ({
  creator: t.field(toOneBy(noteResource, 'creater_id', User, loadUser, 'The user who created the note.', 'creater')),
  target: t.field(targetField({ columns: ['targetables'] }, 'The record the note belongs to.')),
}));
