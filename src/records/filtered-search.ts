import type { RecordType } from '../freshsales/resource.ts';
import type { PagedList } from './pages.ts';

/** Where records of a type are searched for by rules. */
export const searchPath = ({ one }: RecordType): string => `filtered_search/${one}`;

/** The same as a template of a call. */
export const searchCall = (recordType: RecordType): string => `POST /${searchPath(recordType)}`;

/** All records that have one of these values, whole rows of them where Freshsales gives whole ones. */
export function searchList(recordType: RecordType, attribute: string, values: readonly string[]): PagedList {
  const path = searchPath(recordType);
  const value = attribute.endsWith('_id') ? values.map(idOnWire) : values;
  const rules = [{ attribute, operator: 'is_in', value }];
  return { key: `${path} ${JSON.stringify(rules)}`, recordType, path, rules, detail: true };
}

/** Ids are numbers on the wire; one that a number cannot hold stays text. */
const idOnWire = (id: string): string | number => (Number.isSafeInteger(Number(id)) ? Number(id) : id);
