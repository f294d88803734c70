import type { Identified } from '../../freshsales/resource.ts';
import { defineRecordType } from '../../records/record-type.ts';
import { readOne } from '../../records/strategies/read-one.ts';

/** The row as Freshsales sends it. Columns that come only with an include have a question mark. */
export interface VisitRecord extends Identified {
  title: string;
  starts_at: string;
  created_at: string;
  updated_at: string;
  owner_id?: string | null;
}

export const visitType = defineRecordType({
  name: 'Visit',
  path: 'visits',
  one: 'visit',
  many: 'visits',
  grant: 'visits',
  includes: {
    owner: { id: 'owner_id', key: 'users' },
  },
  fetch: [readOne()],
  blank: (): Required<VisitRecord> => ({
    id: '',
    title: '',
    starts_at: '',
    created_at: '',
    updated_at: '',
    owner_id: null,
  }),
});
