import { columnOf } from '../freshsales/resource.ts';
import { sourceOf } from '../records/field-needs.ts';
import { includesOf } from '../records/record-store.ts';
import { tableNamed } from '../records/tables.ts';

type Extensions = Readonly<Record<string, unknown>>;

/** Whether a row that came along lacks what a field of it reads. `brings`: all that it has, where that is less than usual. */
export function lacks(typeName: string, extensions: Extensions, brings?: readonly string[]): boolean {
  const table = tableNamed(typeName);
  if (!table || (!('path' in table) && !table.mini)) return false;
  const has = brings ?? table.mini;
  return columnsOf(typeName, extensions).some((column) => !comesAlong(has, column));
}

/** The columns a field reads, those that an include adds among them. */
function columnsOf(typeName: string, extensions: Extensions): string[] {
  const { columns = [], include = [] } = sourceOf(extensions);
  const exposed = extensions.pothosExposedField;
  const table = tableNamed(typeName);
  const relations = (typeof include === 'string' ? [include] : include).flatMap((name) => {
    const found = table && includesOf(table)[name];
    return found ? [columnOf(found)] : [];
  });
  return [...columns, ...(typeof exposed === 'string' ? [exposed] : []), ...relations];
}

/** Without a list of what comes along, plain columns and single relations do, and lists of ids do not. */
const comesAlong = (has: readonly string[] | undefined, column: string): boolean =>
  column === 'id' || (has ? has.includes(column) : !column.endsWith('_ids'));
