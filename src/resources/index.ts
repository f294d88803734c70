import './contact-list/mutations.ts';
import type { Lookup, Table } from '../freshsales/resource.ts';
import { lookups } from '../lookups/index.ts';
import { type RecordType, type Registry, type Source, viewsPath } from '../records/record-type.ts';
import type { RecordSandbox } from '../sandbox/account.ts';
import { appointmentAttendeeTable } from './appointment/record.ts';
import * as folders from './record-types.ts';

/** The exports of the folder of a record type. */
interface Resource {
  readonly recordType: RecordType;
  readonly sandbox: RecordSandbox;
}

const resources: readonly Resource[] = Object.values(folders);

/** All record types. */
export const recordTypes: readonly RecordType[] = resources.map(({ recordType }) => recordType);

/** The behaviour of each record type in the sandbox. */
export const sandboxes: readonly RecordSandbox[] = resources.map(({ sandbox }) => sandbox);

/** Rows that only come along with others. */
const attendees = [appointmentAttendeeTable];

/** All types whose rows can be included with another record. */
export const tables: readonly Table[] = [...recordTypes, ...lookups, ...attendees];

/** Record types and lookups by name, for the planner and every operation. */
export const registry = createRegistry({ recordTypes, lookups, tables: attendees });

interface RegistryOptions {
  readonly recordTypes: readonly RecordType[];
  readonly lookups: readonly Lookup[];
  /** Rows that only come along with others. */
  readonly tables?: readonly Table[];
}

export function createRegistry({ recordTypes, lookups, tables: others = [] }: RegistryOptions): Registry {
  const tables = [...recordTypes, ...lookups, ...others];
  const byName = new Map(tables.map((table) => [table.name, table]));
  const byKey = new Map(
    tables.flatMap((table) => [table.many, ...(table.aliases ?? [])].map((key) => [key, table] as const)),
  );
  const types = new Map(recordTypes.map((recordType) => [recordType.name, recordType]));
  const lists = new Map(lookups.map((lookup) => [lookup.list, lookup]));
  const sources = new Map<string, Source>([
    ...recordTypes.flatMap((recordType): [string, Source][] =>
      recordType.fetch.length > 0 ? [[recordType.name, { recordType }]] : [],
    ),
    ...lookups.map(({ name, list }): [string, Source] => [name, { list }]),
    ...recordTypes.flatMap((recordType): [string, Source][] =>
      recordType.hasViews ? [[`${recordType.name}View`, { list: viewsPath(recordType) }]] : [],
    ),
  ]);
  for (const { name, relations = {} } of recordTypes)
    for (const strategy of Object.values(relations).flatMap((each) => each ?? []))
      if ('child' in strategy && !types.has(strategy.child))
        throw new Error(`${name} has a relation to ${strategy.child}, which is no record type`);
  return {
    recordTypes,
    table: (typeName) => byName.get(typeName),
    tableUnderKey: (key) => byKey.get(key),
    recordType: (typeName) => types.get(typeName),
    source: (typeName) => sources.get(typeName),
    viewedType: (typeName) => recordTypes.find(({ name, hasViews }) => hasViews && typeName === `${name}View`),
    sources: [...sources.keys()].sort(),
    lookup: (list) => lists.get(list),
  };
}
