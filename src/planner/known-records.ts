import {
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { columnOf, type Table } from '../freshsales/resource.ts';
import { sourceOf } from '../records/field-needs.ts';
import { includesOf } from '../records/record-store.ts';
import type { Needs } from '../records/record-type.ts';
import type { CostEstimate } from './cost-estimate.ts';
import type { Site } from './planned-calls.ts';

/** The way in which records become known: read by id, as rows of a page or of a thin one, or side-loaded (`along`). */
export type Origin = 'read' | 'page' | 'thin' | 'along';

/** Some records of one type, and how they become known. */
export interface Records {
  /** Their path in the answer; empty for the operation itself. */
  readonly path: string;
  readonly most: number;
  readonly usual: number;
  readonly origin: Origin;
  /** The call that returned them as rows, as a template. */
  readonly call?: string | undefined;
  /** In how many steps they may become known. */
  readonly batches: number;
  /** Their only columns, if fewer than side-loaded rows of the type usually have. */
  readonly brings?: readonly string[] | undefined;
  /** Columns by which they can be searched, although their rows lack everything. */
  readonly foundBy?: readonly string[] | undefined;
  /** True if their row is documented to be side-loaded. */
  readonly documented: boolean;
  /** True if neither an include nor a side-load of side-loads brings their row. */
  readonly unasked: boolean;
  /** True if only their id may be needed. */
  readonly referred: boolean;
}

export const READ = { origin: 'read', documented: true, unasked: false, referred: false } as const;

/** Adds a lookup whose rows may not be side-loaded, or without what is selected. */
export function readLookup(
  list: string,
  records: Records,
  { isMissing, isWanted }: { isMissing: boolean; isWanted: boolean },
  estimate: CostEstimate,
): void {
  if (isMissing || !records.documented) {
    if (records.referred && !isWanted) return;
    const when = 'only for rows that are not side-loaded, or lack selected columns';
    estimate.list(list, siteOf(records), { when, isExpected: (isMissing && !records.brings) || records.unasked });
  } else if (records.origin === 'along')
    estimate.list(list, siteOf(records), { when: 'only for rows that are not side-loaded', fallback: true });
}

export const siteOf = ({ path, most, usual }: Records): Site => ({ field: path, most, usual, root: false });

export const wants = ({ columns, includes }: Needs): boolean => columns.size > 0 || includes.size > 0;

/** The condition under which a record has to be read although everything selected of it should be known. */
export function whenIncomplete(origin: Origin, needs: Needs): string | undefined {
  if (origin === 'along') return 'only for records that are not side-loaded';
  if (origin === 'page' && needs.includes.size > 0)
    return `only if include=${[...needs.includes].join(',')} is not honoured`;
  if (origin === 'thin' && wants(needs)) return 'only if rows lack selected columns';
  return undefined;
}

type Extensions = Readonly<Record<string, unknown>>;

/** The columns that a field reads and a side-loaded row lacks. `brings`: all that it has, where that is less than usual. */
export function unsentColumns(
  table: Table | undefined,
  extensions: Extensions,
  brings?: readonly string[],
): readonly string[] {
  if (!table || (!('path' in table) && !table.sideloadColumns)) return [];
  const has = brings ?? table.sideloadColumns;
  return columnsOf(table, extensions).filter((column) => !comesAlong(has, column));
}

/** The columns a field reads, those that an include adds among them. */
function columnsOf(table: Table, extensions: Extensions): string[] {
  const { columns = [], include = [] } = sourceOf(extensions);
  const exposed = extensions.pothosExposedField;
  const relations = (typeof include === 'string' ? [include] : include).flatMap((name) => {
    const found = includesOf(table)[name];
    return found ? [columnOf(found)] : [];
  });
  return [...columns, ...(typeof exposed === 'string' ? [exposed] : []), ...relations];
}

/** Without a list of what is side-loaded, plain columns and single relations are, and lists of ids are not. */
const comesAlong = (has: readonly string[] | undefined, column: string): boolean =>
  column === 'id' || (has ? has.includes(column) : !column.endsWith('_ids'));

/** Connections, edges and payloads hold records, and are none themselves. */
export const isPart = (typeName: string): boolean => /(Connection|Edge|Payload)$/.test(typeName);

export const isList = (type: GraphQLOutputType): boolean => isListType(isNonNullType(type) ? type.ofType : type);

/** The types of the records that a field returns, also in a connection or payload. */
export function recordTypesOf(type: GraphQLOutputType, schema: GraphQLSchema): readonly GraphQLObjectType[] {
  const named = getNamedType(type);
  if (isAbstractType(named)) return schema.getPossibleTypes(named);
  if (!isObjectType(named)) return [];
  if (!isPart(named.name)) return [named];
  const fields = Object.values(named.getFields());
  const held = named.name.endsWith('Connection') ? fields.filter(({ name }) => name === 'nodes') : fields;
  return held.flatMap((field) => {
    const record = getNamedType(field.type);
    return isObjectType(record) && !isPart(record.name) ? [record] : [];
  });
}
