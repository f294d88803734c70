import { nullable, type RecordOf } from '../../freshsales/resource.ts';
import { defineRecordType } from '../../records/record-type.ts';
import { readOne } from '../../records/strategies/read-one.ts';

/** Each column with its empty value. */
const columns = {
  title: '',
  starts_at: '',
  created_at: '',
  updated_at: '',
};

/** Columns that come only with an include. */
const included = {
  owner_id: nullable<string>(),
};

/** The row as Freshsales sends it. */
export interface VisitRecord extends RecordOf<typeof columns, typeof included> {}

const blank: Required<VisitRecord> = { id: '', ...columns, ...included };

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
  included,
  blank,
});
