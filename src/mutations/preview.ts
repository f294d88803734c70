import type { GraphQLResolveInfo } from 'graphql';
import { pathToArray } from 'graphql/jsutils/Path.js';
import { columnOf, isEmbedded } from '../freshsales/resource.ts';
import type { WriteRequest } from '../freshsales/writes.ts';
import type { Context } from '../records/context.ts';
import { toGid } from '../records/gid.ts';
import { includesOf } from '../records/record-store.ts';
import { NOTHING } from '../records/record-type.ts';
import type { Preview, PreviewedChange } from '../records/write-report.ts';
import { nameOf } from './audit-events.ts';
import type { Draft } from './writable.ts';

interface Previewed {
  readonly draft: Draft;
  readonly order: WriteRequest;
  /** The record is already as wanted: nothing would be sent. */
  readonly isUnchanged?: boolean;
  readonly calls?: number;
}

/** Records what would be sent. Reads the record that would change, if possible: one call. */
export async function recordPreview(
  context: Context,
  preview: Preview,
  info: GraphQLResolveInfo,
  { draft, order, isUnchanged = false, calls = 1 }: Previewed,
): Promise<void> {
  const { method, path, query, body, include = [] } = order;
  const isRefused = draft.userErrors.length > 0;
  const now = isRefused ? undefined : await current(context, draft, order);
  const asked = new URLSearchParams(
    Object.entries(query ?? {}).map(([name, value]) => [name, String(value)]),
  ).toString();
  preview.writes.push({
    path: pathToArray(info.path),
    ...(!isRefused &&
      !isUnchanged && {
        call: { method, path: `/${path.replace(/^\.\.\//, '')}${asked && `?${asked}`}`, include, body: body ?? null },
      }),
    calls: isRefused ? 0 : isUnchanged ? calls - 1 : calls,
    ...(now && { record: { id: toGid(order.change.type, now.id), name: nameOf(now) ?? null } }),
    changes: isRefused ? [] : changesOf(context, draft, order, now),
    userErrors: draft.userErrors,
  });
}

type Row = Readonly<Record<string, unknown>> & { readonly id: string };

/** The current record, with the relations that would change. Notes cannot be read. */
async function current(context: Context, draft: Draft, { change }: WriteRequest): Promise<Row | undefined> {
  const [id, ...others] = change.ids;
  const recordType = context.registry.recordType(change.type);
  if (id === undefined || others.length > 0 || !recordType?.fetch.length) return undefined;
  const include = Object.entries(includesOf(recordType)).flatMap(([name, each]) =>
    columnOf(each) in draft.columns ? [name] : [],
  );
  const answer = await context.freshsales.get(recordType, id, include as never[]);
  if (!answer) draft.refuse(['id'], 'The record does not exist, or the API key may not see it.', 'NOT_FOUND');
  return answer?.row;
}

/** The changed columns, old and new. */
function changesOf(
  context: Context,
  { columns, paths }: Draft,
  { change }: WriteRequest,
  now: Row | undefined,
): PreviewedChange[] {
  if (change.action === 'delete' || change.action === 'forget' || change.action === 'restore') return [];
  return Object.entries(columns).flatMap(([column, to]) => {
    const field = paths.get(column)?.at(-1) ?? column;
    if (!now || now[column] === undefined || mayBeUnseen(context, change.type, column)) return [{ field, to }];
    const from = now[column];
    return isSame(from, to) ? [] : [{ field, from, to }];
  });
}

/** True if a column may refer to records that the caller cannot see. A row does not show which. */
function mayBeUnseen({ proofOf, registry }: Context, type: string, column: string): boolean {
  if (column.startsWith('targetable'))
    return registry.recordTypes.some(({ name, fetch }) => fetch.length > 0 && proofOf(name) !== NOTHING);
  const table = registry.table(type);
  const include = table && Object.values(includesOf(table)).find((each) => columnOf(each) === column);
  const named = include && registry.tableUnderKey(isEmbedded(include) ? include.embedded : include.key);
  return named !== undefined && proofOf(named.name) !== NOTHING;
}

/** Compares values: ids as text, times regardless of offset. */
function isSame(from: unknown, to: unknown): boolean {
  if (typeof from === 'string' && typeof to === 'string' && /^\d{4}-\d\d-\d\dT/.test(from))
    return Date.parse(from) === Date.parse(to);
  if (typeof from === 'object' || typeof to === 'object') return JSON.stringify(from) === JSON.stringify(to);
  return from === to || String(from) === String(to);
}
