import type { RecordAnswer, Row } from '../freshsales/answer.ts';
import { jobIdOf } from '../freshsales/bulk-job.ts';
import type { Session } from '../freshsales/client.ts';
import { FreshsalesError } from '../freshsales/errors.ts';
import { isObject } from '../freshsales/json.ts';
import type { Identified, Resource } from '../freshsales/resource.ts';
import { isTrue } from '../freshsales/values.ts';
import { toWireId, type WriteRequest } from '../freshsales/writes.ts';
import type { Once } from '../stores/once.ts';
import { type Intent, intentOf, type Subject, subjectsOf } from './authorizer.ts';
import { type Kind, needsOwnerInclude, notGranted, OWNER_COLUMN, recordTypeOfKind } from './grant.ts';
import type { Policy } from './policy.ts';
import type { RowFilter } from './row-filter.ts';

interface Reads extends Pick<Session, 'get' | 'recall'> {}

/** The values with which the guard of one operation finds the records of the caller's owner. */
interface Ownership {
  readonly reads: Reads;
  readonly policy: Policy;
  readonly rowFilter: RowFilter;
  /** Accounts that the caller may not see, and that a write keeps linked to a contact. */
  readonly kept: Set<string>;
}

/** True if the record belongs to the caller's owner. Reads it if necessary. */
export async function isOwned(
  { kind, id }: { readonly kind: Kind; readonly id: string },
  { reads, rowFilter }: Pick<Ownership, 'reads' | 'rowFilter'>,
): Promise<boolean> {
  const recordType = recordTypeOfKind(kind);
  if (!recordType || !/^\d+$/.test(id)) return false;
  const isShown = () => rowFilter.isShown(recordType.name, id);
  if (isShown() || (await reads.recall(recordType, id, isShown))) return true;
  return (await reads.get(recordType, id)) !== null;
}

/** The writes of a session, limited to what the grants allow. */
export function guardedWrites(
  session: Session,
  ownership: Ownership,
  jobs: Jobs,
): Pick<Session, 'prepare' | 'write' | 'toWritten' | 'job'> {
  const prepared = new WeakMap<WriteRequest, Promise<WriteRequest>>();
  const prepare = (request: WriteRequest): Promise<WriteRequest> => {
    const ready = prepared.get(request) ?? prepareOnce(session, request, ownership);
    prepared.set(request, ready);
    // A prepared write is not checked again when it is sent.
    void ready.then(
      (done) => prepared.set(done, ready),
      () => undefined,
    );
    return ready;
  };
  return {
    prepare,
    write: async (request) => {
      const reply = await session.write(await prepare(request));
      if (request.change.action === 'bulkUpsert') await jobs.started(reply.body);
      return reply;
    },
    job: async (id) => {
      if (!(await jobs.isStarted(id))) throw notFound({});
      return session.job(id);
    },
    toWritten: (recordType, reply) => filtered(session.toWritten(recordType, reply), recordType, ownership.rowFilter),
  };
}

/** Checks a write and completes it, for a write and for its preview. */
async function prepareOnce(session: Session, request: WriteRequest, ownership: Ownership): Promise<WriteRequest> {
  const { policy } = ownership;
  const subjects = subjectsOf(policy.grants, request);
  const intent = intentOf(request);
  checkAccounts(request, intent, policy);
  const missing = (
    await Promise.all(subjects.map(async (each) => ((await isOwned(each, ownership)) ? [] : [each])))
  ).flat();
  const [first] = missing;
  if (first) throw notFound(first);
  const owned = withOwner(request, intent, policy);
  return withOtherAccounts(session, owned, intent, ownership);
}

const notFound = ({ column }: Pick<Subject, 'column'>): FreshsalesError =>
  new FreshsalesError('NOT_FOUND', 'Freshsales has no such record.', { status: 404, column });

/** Records that a caller limited to one owner creates belong to that owner. The response must include the owner. */
function withOwner(request: WriteRequest, intent: Intent | undefined, { grants }: Policy): WriteRequest {
  const [kind] = intent?.kinds ?? [];
  const recordType = kind && recordTypeOfKind(kind);
  const owner = kind && grants[kind].owner;
  if (!recordType || owner === undefined) return request;
  const include = withOwnerInclude(recordType, request.include);
  if (intent?.action !== 'create') return intent?.action === 'update' ? { ...request, ...include } : request;
  const columns = columnsOf(request, recordType);
  if (!columns || columns[OWNER_COLUMN] !== undefined) return { ...request, ...include };
  return { ...withColumns(request, recordType, { ...columns, [OWNER_COLUMN]: toWireId(owner) }), ...include };
}

const withOwnerInclude = (recordType: Resource, asked: readonly string[] = []): Pick<WriteRequest, 'include'> =>
  needsOwnerInclude(recordType) ? { include: [...new Set([...asked, 'owner'])] } : {};

function columnsOf({ body }: WriteRequest, { one }: Resource): Record<string, unknown> | undefined {
  const columns = body && (body as Readonly<Record<string, unknown>>)[one];
  return isObject(columns) ? columns : undefined;
}

const withColumns = (request: WriteRequest, { one }: Resource, columns: object): WriteRequest => ({
  ...request,
  body: { ...request.body, [one]: columns },
});

/** The accounts of a contact are replaced as a set. Accounts that the caller may not see stay linked. */
async function withOtherAccounts(
  session: Session,
  request: WriteRequest,
  intent: Intent | undefined,
  ownership: Ownership,
): Promise<WriteRequest> {
  const [kind] = intent?.kinds ?? [];
  const recordType = kind && recordTypeOfKind(kind);
  if (kind !== 'contacts' || !recordType || ownership.policy.grants.salesAccounts.owner === undefined) return request;
  if (intent?.action !== 'update' || intent.id === undefined) return request;
  const columns = columnsOf(request, recordType);
  const given = columns?.sales_accounts;
  if (!Array.isArray(given)) return request;
  const others = await otherAccounts(session, recordType, intent.id, { given, ownership });
  if (others.length === 0) return request;
  for (const row of others) ownership.kept.add(`salesAccounts/${row.id}`);
  // Exactly one has to be primary (QUIRKS 46).
  const primary = given.length > 0 ? undefined : (others.find((row) => isTrue(row.is_primary)) ?? others[0]);
  const kept = others.map((row) => ({ id: toWireId(row.id), is_primary: row === primary }));
  return withColumns(request, recordType, { ...columns, sales_accounts: [...given, ...kept] });
}

/** The other accounts of a contact can only be found if its id is known. */
function checkAccounts({ body }: WriteRequest, intent: Intent | undefined, { grants }: Policy): void {
  const isOne = intent?.action === 'create' || intent?.id !== undefined;
  if (grants.salesAccounts.owner !== undefined && !isOne && namesAccounts(body))
    throw notGranted('Replacing the accounts of contacts, other than of one by its id,');
}

const namesAccounts = (body: unknown): boolean =>
  Array.isArray(body)
    ? body.some(namesAccounts)
    : isObject(body) && ('sales_accounts' in body || Object.values(body).some(namesAccounts));

/** Accounts of a contact that are not given and that the caller may not see. */
async function otherAccounts(
  session: Session,
  recordType: Resource,
  id: string,
  { given, ownership }: { given: readonly unknown[]; ownership: Ownership },
): Promise<Row[]> {
  const answer = await session.get(recordType, id, ['sales_accounts'] as never[]);
  const cells: unknown = (answer?.row as Row | undefined)?.sales_accounts;
  const named = new Set(given.filter(isObject).map((each) => String(each.id)));
  const others = (Array.isArray(cells) ? cells.filter(isObject) : []).filter((cell) => !named.has(String(cell.id)));
  const found = others.map(async (cell) => {
    const account = { kind: 'salesAccounts', id: String(cell.id) } as const;
    return (await isOwned(account, ownership)) ? [] : [{ ...cell, id: account.id }];
  });
  return (await Promise.all(found)).flat();
}

/** Keeps at least the id of a written record. */
function filtered<R extends Identified>(
  { row, sideloads }: RecordAnswer<R>,
  recordType: Resource<R>,
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
