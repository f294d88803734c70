import { isObject } from '../freshsales/json.ts';
import { type Action, idIn, rowIn, type WriteRequest, type WriteResponse } from '../freshsales/writes.ts';
import { type ChangeAction, isChangeType, type RecordChange } from '../records/changes.ts';
import type { Context } from '../records/context.ts';
import type { Draft } from './writable.ts';

type OwnChange = Omit<RecordChange, 'source'>;

/** The kind of change that an action makes. Undefined if it depends on the response. */
const ACTIONS: Readonly<Record<Action, ChangeAction | undefined>> = {
  create: 'created',
  update: 'updated',
  upsert: undefined,
  delete: 'deleted',
  restore: 'updated',
  forget: 'deleted',
  bulkUpsert: 'updated',
  bulkUpdate: 'updated',
  bulkDelete: 'deleted',
  bulkAssign: 'updated',
};

interface SentWrite {
  readonly draft: Draft;
  readonly order: WriteRequest;
  readonly reply: WriteResponse;
  /** When the write began, by `performance.now()`. */
  readonly since: number;
}

/** Adds a write that was done to the change feed. */
export async function addChange(context: Context, { draft, order, reply, since }: SentWrite): Promise<void> {
  if (!context.changes) return;
  const { type, action, ids } = order.change;
  const id = ids[0] ?? idIn(rowIn(reply.body, context.registry.recordType(type)?.one ?? ''));
  if (!isChangeType(type) || id === undefined) return;
  const changed = ACTIONS[action] ?? (reply.status === 201 ? 'created' : 'updated');
  const fields = Object.keys(draft.columns).map((column) => draft.paths.get(column)?.at(-1) ?? column);
  const change: OwnChange = {
    type,
    id,
    action: changed,
    ...(changed === 'updated' && action !== 'restore' && { fields }),
  };
  const made = order.path.endsWith('/convert') && isObject(reply.body) ? convertedIn(reply.body) : [];
  await context.changes.feed.addWrites([change, ...made], since);
}

/** Adds the records of a bulk write that are known to be written. */
export async function addBulkChanges(
  context: Context,
  { type, action, ids, since }: { type: string; action: Action; ids: readonly string[]; since: number },
): Promise<void> {
  if (!isChangeType(type) || ids.length === 0) return;
  const changed = ACTIONS[action] ?? 'updated';
  await context.changes?.feed.addWrites(
    ids.map((id) => ({ type, id, action: changed })),
    since,
  );
}

/** The contact that was made of a lead, and what came with it. */
function convertedIn({ contact, deals, sales_accounts }: Readonly<Record<string, unknown>>): OwnChange[] {
  const created = { Contact: contact, SalesAccount: sales_accounts, Deal: deals };
  return (['Contact', 'SalesAccount', 'Deal'] as const).flatMap((type) =>
    [created[type]].flat().flatMap((row) => {
      const id = idIn(row);
      return id === undefined ? [] : [{ type, id, action: 'created' as const }];
    }),
  );
}
