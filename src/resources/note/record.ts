import { jsonObject, listOf, nullable, type RecordOf, type Targetable } from '../../freshsales/resource.ts';
import { defineRecordType } from '../../records/record-type.ts';

const columns = {
  description: '',
  created_at: '',
  updated_at: '',
  url: nullable<string>(),
  duration: nullable<number>(),
  creater_id: '',
  has_access: false,
  collab_context: jsonObject(),
  targetables: listOf<Targetable>(),
};

const included = {
  targetable: nullable<Targetable>(),
};

/** Freshsales returns notes only with their parent: `GET /notes/{id}` is 404. */
export interface NoteRecord extends RecordOf<typeof columns, typeof included> {}

const blank: Required<NoteRecord> = { id: '', ...columns, ...included };

export const noteType = defineRecordType({
  name: 'Note',
  path: 'notes',
  one: 'note',
  many: 'notes',
  includes: {
    creater: { id: 'creater_id', key: 'users' },
  },
  grant: 'notes',
  fetch: [],
  included,
  blank,
});
