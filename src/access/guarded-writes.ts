import type { RecordAnswer } from '../freshsales/answer.ts';
import type { Session } from '../freshsales/client.ts';
import { FreshsalesError } from '../freshsales/errors.ts';
import { jobIdOf } from '../freshsales/job.ts';
import type { Identified, RecordType } from '../freshsales/resource.ts';
import { isObject, type Row } from '../freshsales/rows.ts';
import { type Order, toWireId } from '../freshsales/writes.ts';
import type { Once } from '../stores/once.ts';
import { type Intent, intentOf, type Subject, subjectsOf } from './authorizer.ts';
import { comesByInclude, OWNER_COLUMN } from './columns.ts';
import { outside } from './grant.ts';
import { recordTypeOfKind } from './kind.ts';
import { isOwn, type Reads } from './owned-records.ts';
import type { Policy } from './policy.ts';
import type { RowFilter } from './row-filter.ts';

interface Proving {
  readonly reads: Reads;
  readonly policy: Policy;
  readonly rowFilter: RowFilter;
  /** Records that a write names for the caller, who does not see them: they stay linked as they are. */
  readonly kept: Set<string>;
}

/** The writes of a session as a caller may use them. */
export function guardedWrites(
  session: Session,
  proving: Proving,
  jobs: Jobs,
): Pick<Session, 'prepare' | 'write' | 'toWritten' | 'job'> {
  const prepared = new WeakMap<Order, Promise<Order>>();
  const prepare = (order: Order): Promise<Order> => {
    const ready = prepared.get(order) ?? prepareOnce(session, order, proving);
    prepared.set(order, ready);
    // What is ready once is ready: it is not looked at again when it is sent.
    void ready.then(
      (done) => prepared.set(done, ready),
      () => undefined,
    );
    return ready;
  };
  return {
    prepare,
    write: async (order) => {
      const reply = await session.write(await prepare(order));
      if (order.change.action === 'bulkUpsert') await jobs.started(reply.body);
      return reply;
    },
    job: async (id) => {
      if (!(await jobs.isStarted(id))) throw notFound({});
      return session.job(id);
    },
    toWritten: (recordType, reply) => sifted(session.toWritten(recordType, reply), recordType, proving.rowFilter),
  };
}

/** Refuses what the grants do not hold, and puts in what they ask for. A preview comes as far as this. */
async function prepareOnce(session: Session, order: Order, proving: Proving): Promise<Order> {
  const { policy, reads, rowFilter } = proving;
  const subjects = subjectsOf(policy.grants, order);
  const intent = intentOf(order);
  checkAccounts(order, intent, policy);
  const missing = (
    await Promise.all(subjects.map(async (each) => ((await isOwn(each, reads, rowFilter)) ? [] : [each])))
  ).flat();
  const [first] = missing;
  if (first) throw notFound(first);
  const owned = withOwner(order, intent, policy);
  return withUnseenAccounts(session, owned, intent, proving);
}

const notFound = ({ column }: Pick<Subject, 'column'>): FreshsalesError =>
  new FreshsalesError('NOT_FOUND', 'Freshsales has no such record.', { status: 404, column });

/** A record that is made by a caller who may see only one owner's is that owner's. The answer has to say so. */
function withOwner(order: Order, intent: Intent | undefined, { grants }: Policy): Order {
  const [kind] = intent?.kinds ?? [];
  const recordType = kind && recordTypeOfKind(kind);
  const owner = kind && grants[kind].owner;
  if (!recordType || owner === undefined) return order;
  const include = withProof(recordType, order.include);
  if (intent?.action !== 'create') return intent?.action === 'update' ? { ...order, ...include } : order;
  const columns = columnsOf(order, recordType);
  if (!columns || columns[OWNER_COLUMN] !== undefined) return { ...order, ...include };
  return { ...withColumns(order, recordType, { ...columns, [OWNER_COLUMN]: toWireId(owner) }), ...include };
}

const withProof = (recordType: RecordType, asked: readonly string[] = []): Pick<Order, 'include'> =>
  comesByInclude(recordType) ? { include: [...new Set([...asked, 'owner'])] } : {};

function columnsOf({ body }: Order, { one }: RecordType): Record<string, unknown> | undefined {
  const columns = body && (body as Readonly<Record<string, unknown>>)[one];
  return isObject(columns) ? columns : undefined;
}

const withColumns = (order: Order, { one }: RecordType, columns: object): Order => ({
  ...order,
  body: { ...order.body, [one]: columns },
});

/**
 * The accounts of a contact are written as a whole set, of which the caller may see a part only. The others stay; the primary
 * one is the one that the caller says.
 */
async function withUnseenAccounts(
  session: Session,
  order: Order,
  intent: Intent | undefined,
  proving: Proving,
): Promise<Order> {
  const [kind] = intent?.kinds ?? [];
  const recordType = kind && recordTypeOfKind(kind);
  if (kind !== 'contacts' || !recordType || proving.policy.grants.salesAccounts.owner === undefined) return order;
  if (intent?.action !== 'update' || intent.id === undefined) return order;
  const columns = columnsOf(order, recordType);
  const given = columns?.sales_accounts;
  if (!Array.isArray(given)) return order;
  const unseen = await unseenAccounts(session, recordType, intent.id, { given, proving });
  if (unseen.length === 0) return order;
  for (const row of unseen) proving.kept.add(`salesAccounts/${row.id}`);
  // Exactly one has to be primary (QUIRKS 46).
  const primary = given.length > 0 ? undefined : (unseen.find((row) => row.is_primary === true) ?? unseen[0]);
  const kept = unseen.map((row) => ({ id: toWireId(row.id), is_primary: row === primary }));
  return withColumns(order, recordType, { ...columns, sales_accounts: [...given, ...kept] });
}

/** Which accounts a contact has that the caller does not see is found out for one at a time, whose id is known. */
function checkAccounts({ body }: Order, intent: Intent | undefined, { grants }: Policy): void {
  const isOne = intent?.action === 'create' || intent?.id !== undefined;
  if (grants.salesAccounts.owner !== undefined && !isOne && namesAccounts(body))
    throw outside('Replacing the accounts of contacts, other than of one by its id,');
}

const namesAccounts = (body: unknown): boolean =>
  Array.isArray(body)
    ? body.some(namesAccounts)
    : isObject(body) && ('sales_accounts' in body || Object.values(body).some(namesAccounts));

/** The accounts that a contact has, are not given, and are not the caller's. */
async function unseenAccounts(
  session: Session,
  recordType: RecordType,
  id: string,
  { given, proving }: { given: readonly unknown[]; proving: Proving },
): Promise<Row[]> {
  const answer = await session.get(recordType, id, ['sales_accounts'] as never[]);
  const cells: unknown = (answer?.row as Row | undefined)?.sales_accounts;
  const named = new Set(given.filter(isObject).map((each) => String(each.id)));
  const others = (Array.isArray(cells) ? cells.filter(isObject) : []).filter((cell) => !named.has(String(cell.id)));
  const found = others.map(async (cell) => {
    const account = { kind: 'salesAccounts', id: String(cell.id) } as const;
    return (await isOwn(account, proving.reads, proving.rowFilter)) ? [] : [{ ...cell, id: account.id }];
  });
  return (await Promise.all(found)).flat();
}

/** Of a record that was written, the id at the least: who wrote it knows that it is there. */
function sifted<R extends Identified>(
  { row, sideloads }: RecordAnswer<R>,
  recordType: RecordType<R>,
  rowFilter: RowFilter,
): RecordAnswer<R> {
  const shown = rowFilter.row(recordType.name, row);
  const seen: Row = typeof shown === 'string' ? { id: row.id, partial: true } : shown;
  return { row: seen, sideloads: rowFilter.sideloads(sideloads) } as RecordAnswer<R>;
}

/** The bulk jobs that a caller started. Job ids can be guessed, and job reports quote records. */
interface Jobs {
  /** Remembers the job that a bulk write started, for a day and on all servers that share a Redis. */
  started(body: unknown): Promise<void>;
  isStarted(id: string): Promise<boolean>;
}

/** Callers may share an API key, and with it the memory of what was done once: the caller's name keeps their jobs apart. */
export function createJobs(once: Once, caller: string): Jobs {
  const run = (id: string, isStarted: boolean) =>
    once.run(`${caller} job ${id}`, 'job', async () => ({ isStarted }), {
      value: (known) => known.isStarted,
      error: () => false,
      own: () => true,
    });
  // The operation that started a job may query it even while Redis does not answer.
  const startedHere = new Set<string>();
  return {
    async started(body) {
      const id = idIn(body);
      if (id === undefined) return;
      startedHere.add(id);
      await run(id, true);
    },
    async isStarted(id) {
      if (startedHere.has(id)) return true;
      const done = await run(id, false);
      return done.kind === 'done' && done.value.isStarted;
    },
  };
}

function idIn(body: unknown): string | undefined {
  try {
    return jobIdOf(body);
  } catch {
    // Most writes start no job.
    return undefined;
  }
}
