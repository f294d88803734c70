import type { Row } from '../freshsales/answer.ts';
import { columnOf, isToOne } from '../freshsales/resource.ts';
import { idIn, rowIn, type WriteRequest, type WriteResponse } from '../freshsales/writes.ts';
import type { Context } from '../records/context.ts';
import { includesOf, recordStoreOf } from '../records/record-store.ts';
import type { RecordType } from '../records/record-type.ts';
import type { AuditedWrite } from '../records/write-report.ts';
import type { Draft } from './writable.ts';

/** The record before a write, as far as known without a call. */
export async function knownBefore(context: Context, { change }: WriteRequest): Promise<Row | undefined> {
  const [id, ...others] = change.ids;
  const table = context.registry.table(change.type);
  if (id === undefined || others.length > 0 || !table) return undefined;
  const known: Row = { id, ...recordStoreOf(context).get(table, id)?.row };
  await context.freshsales.recall(table, id, (cached) => {
    for (const { answer } of cached)
      for (const { key, rows } of answer)
        if (key === table.many) Object.assign(known, { ...rows.find((row) => row.id === id), ...known });
    // Reading it saves no call.
    return false;
  });
  return known;
}

interface Writing {
  readonly draft: Draft;
  readonly order: WriteRequest;
  readonly before: Row | undefined;
  readonly outcome: AuditedWrite['outcome'];
  readonly reply?: WriteResponse | undefined;
}

/** Adds a write to the audit trail: the record, and old and new values as far as known. */
export function recordWrite(context: Context, { draft, order, before, outcome, reply }: Writing): void {
  const { type, action, ids } = order.change;
  const recordType = context.registry.recordType(type);
  const after = rowIn(reply?.body, recordType?.one ?? '');
  context.auditTrail.writes.push({
    type,
    action,
    outcome,
    id: ids[0] ?? idIn(after),
    // An existing record keeps its old name in the sentence.
    name: nameOf(before) ?? nameOf(after) ?? (ids.length === 0 ? nameOf(draft.columns) : undefined),
    changes: action === 'update' ? changesOf(context, draft, recordType, before) : undefined,
  });
}

/** The name of a record, if its row has one. */
export function nameOf(row: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const known = [row?.display_name, row?.name, row?.title].find((each) => typeof each === 'string' && each !== '');
  return typeof known === 'string' ? known : undefined;
}

type Value = string | number | boolean | null | undefined;

function changesOf(context: Context, draft: Draft, recordType: RecordType | undefined, before: Row | undefined) {
  return Object.entries(draft.columns).map(([column, to]) => {
    const field = draft.paths.get(column)?.at(-1) ?? column;
    const names = recordType ? namesOf(context, recordType, column) : undefined;
    const shown = (value: unknown): Value => (names ? (names.get(String(value)) ?? plain(value)) : plain(value));
    if (recordType?.name === 'Task' && column === 'status')
      return { field, to: to === 1 ? 'COMPLETED' : 'OPEN', ...(before && { from: statusOf(before.status) }) };
    return {
      field: names ? field.replace(/Id$/, '') : field,
      to: shown(to),
      ...(before && column in before && { from: shown(before[column]) }),
    };
  });
}

const statusOf = (status: unknown): Value =>
  status === undefined ? undefined : Number(status) === 1 ? 'COMPLETED' : 'OPEN';

/** Lists of ids or words are written in full. Objects are omitted. */
function plain(value: unknown): Value {
  if (Array.isArray(value) && value.length > 0) return value.every(isScalar) ? value.join(', ') : undefined;
  return value === null || isScalar(value) ? value : undefined;
}

const isScalar = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value);

/** The names of a column's ids, if the lookup is cached. */
function namesOf(context: Context, recordType: RecordType, column: string): ReadonlyMap<string, string> | undefined {
  const include = Object.values(includesOf(recordType)).find((each) => isToOne(each) && columnOf(each) === column);
  const table = include && isToOne(include) ? context.registry.tableUnderKey(include.key) : undefined;
  const rows = table && 'list' in table ? context.known.list(String(table.list)) : undefined;
  if (!rows) return include ? new Map() : undefined;
  return new Map(rows.flatMap((row) => (nameOf(row) === undefined ? [] : [[row.id, String(nameOf(row))] as const])));
}
