import type { Identified, JsonObject, Targetable } from '../../freshsales/resource.ts';
import { defineRecordType } from '../../records/record-type.ts';

/** Freshsales returns notes only with their parent: `GET /notes/{id}` is 404. */
export interface NoteRecord extends Identified {
  description: string;
  created_at: string;
  updated_at: string;
  url: string | null;
  duration: number | null;
  creater_id: string;
  has_access: boolean;
  collab_context: JsonObject;
  targetables: Targetable[];
  targetable?: Targetable | null;
}

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
  blank: (): Required<NoteRecord> => ({
    id: '',
    description: '',
    created_at: '',
    updated_at: '',
    url: null,
    duration: null,
    creater_id: '',
    has_access: false,
    collab_context: {},
    targetables: [],
    targetable: null,
  }),
});
