import './contact-list/mutations.ts';
import type { Table } from '../freshsales/resource.ts';
import { lookups } from '../lookups/index.ts';
import { createRegistry, type RecordType } from '../records/record-type.ts';
import type { RecordSandbox } from '../sandbox/account.ts';
import { appointmentAttendeeTable } from './appointment/record.ts';
import * as folders from './record-types.ts';

/** What the folder of a record type exports. */
interface Resource {
  readonly recordType: RecordType;
  readonly sandbox: RecordSandbox;
}

const resources: readonly Resource[] = Object.values(folders);

/** All record types. */
export const recordTypes: readonly RecordType[] = resources.map(({ recordType }) => recordType);

/** How the sandbox plays each record type. */
export const sandboxes: readonly RecordSandbox[] = resources.map(({ sandbox }) => sandbox);

/** Rows that only come along with others. */
const attendees = [appointmentAttendeeTable];

/** All types whose rows can be included with another record. */
export const tables: readonly Table[] = [...recordTypes, ...lookups, ...attendees];

/** Record types and lookups by name, for the planner and every operation. */
export const registry = createRegistry({ recordTypes, lookups, tables: attendees });
