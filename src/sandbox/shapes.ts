import { columnsOnlyIn } from '../freshsales/products.ts';
import { columnOf, isEmbedded, type Resource, type Table } from '../freshsales/resource.ts';
import { type Account, type ColumnFacts, type Columns, objectsIn } from './account.ts';
import { cellsOf } from './cells.ts';
import { toWire } from './serialize.ts';
import type { Row } from './store.ts';

/** Column names separated by white space. */
export const names = (text: string): readonly string[] => text.trim().split(/\s+/);

/** The columns that a record without includes does not have. */
function hidden({ name, includes }: Resource, facts: ColumnFacts, edition: Edition): Set<string> {
  const { always = [], rare = [], suiteOnly = [], classicAlso = [] } = facts;
  const included = Object.values(includes).map((include) =>
    isEmbedded(include) ? include.embedded : columnOf(include),
  );
  const ofOtherProduct =
    edition === 'suite' ? columnsOnlyIn('classic', name) : [...columnsOnlyIn('suite', name), ...suiteOnly];
  const sent = edition === 'classic' ? classicAlso : [];
  return new Set(
    [...included.filter((column) => !always.includes(column)), ...ofOtherProduct, ...rare].filter(
      (column) => !sent.includes(column),
    ),
  );
}

type Edition = 'suite' | 'classic' | 'early classic';

/** Cached, since a page needs it for every row. */
const kept: Readonly<Record<Edition, WeakMap<Resource, readonly string[]>>> = {
  suite: new WeakMap(),
  classic: new WeakMap(),
  'early classic': new WeakMap(),
};

/** The columns of a record without any include, in the order of the recordings. */
export function bareColumns({ product, types, behaviours }: Account, recordType: Resource): readonly string[] {
  const edition = product === 'classic' && behaviours.classicColumns === 'early' ? 'early classic' : product;
  const known = kept[edition].get(recordType);
  if (known) return known;
  const facts = types.of(recordType.name)?.columns ?? {};
  const out = hidden(recordType, facts, edition);
  const unmodelled = (product === 'classic' ? facts.classicUnmodelled : undefined) ?? facts.unmodelled ?? {};
  const columns = Object.keys(recordType.blank)
    .flatMap((column) => [column, ...(unmodelled[column] ?? [])])
    .filter((column) => !out.has(column));
  kept[edition].set(recordType, columns);
  return columns;
}

/** Lookups whose rows are included whole, without `partial`. */
const UNFLAGGED = new Set(['User', 'LifecycleStage', 'ContactList', 'AppointmentAttendee']);

/** A record without includes. Ids are still text. */
export const bareRecord = (account: Account, recordType: Resource, row: Row): Columns =>
  cellsOf(account, recordType.name, row, bareColumns(account, recordType));

/** A row included with another record. */
export function sideRow(account: Account, table: Table, row: Row): Columns {
  return toWire(sideColumns(account, table, row), account.zone);
}

function sideColumns(account: Account, table: Table, row: Row): Columns {
  const { name, sideloadColumns } = table;
  const sandbox = account.types.of(name);
  if (sandbox) return sandbox.sideRow?.(account, row) ?? bareRecord(account, sandbox.recordType, row);
  const columns = cellsOf(account, name, row, sideloadColumns ? ['id', ...sideloadColumns] : Object.keys(table.blank));
  if (name === 'Currency') return { partial: false, ...columns, rate_change_ids: [] };
  return UNFLAGGED.has(name) ? columns : { partial: true, ...columns };
}

/** A row included with a task or appointment. Users have more columns than elsewhere, other rows fewer. */
export function miniRow(account: Account, table: Table, row: Row): Columns {
  const { name } = table;
  if (name !== 'User') {
    const columns = account.types.of(name)?.columns?.mini ?? Object.keys(table.blank);
    return toWire(cellsOf(account, name, row, columns), account.zone);
  }
  const { id, display_name, is_active, work_number, mobile_number, email, avatar = null } = row;
  const uuid = account.product === 'suite' ? { uuid: `5000000${id}` } : {};
  const type = 'FdMultitenant::User';
  return toWire(
    { id, display_name, avatar, type, is_active, work_number, mobile_number, email, ...uuid },
    account.zone,
  );
}

/** The users with these ids, as rows included with another record. */
export function userRows(account: Account, ids: Iterable<unknown>): Columns[] {
  const wanted = new Set(ids);
  const table = account.types.tables.find(({ name }) => name === 'User');
  const users = account.store.of('User').query(({ id }) => wanted.has(id));
  return table ? users.map((user) => sideRow(account, table, user)) : [];
}

/** The class names of `targetables` are snake case in `targetable`. */
export function targetableOf(row: Row): Columns | null {
  const [first] = objectsIn(row.targetables);
  return first ? { type: snake(String(first.type)), id: String(first.id) } : null;
}

const snake = (name: string): string => name.replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
