import type { GraphQLResolveInfo } from 'graphql';
import {
  bulkUpsert,
  isUnfinished,
  MAX_JOB_CHECKS,
  MAX_OFFERS,
  ROWS_PER_JOB,
  type RowResult,
} from '../freshsales/bulk.ts';
import { jobCall } from '../freshsales/reads.ts';
import type { Identified } from '../freshsales/resource.ts';
import { callTemplate } from '../freshsales/transport.ts';
import type { Action, WriteRequest } from '../freshsales/writes.ts';
import type { Context } from '../records/context.ts';
import { type Args, type FieldCost, type FieldFetch, fetchedBy, type Planning } from '../records/field-needs.ts';
import { recordStoreOf } from '../records/record-store.ts';
import { builder } from '../schema/builder.ts';
import type { Progress } from '../stores/once.ts';
import { BulkUpsertPayload, type BulkUpsertResult } from './bulk-types.ts';
import { once } from './idempotency.ts';
import { refuseUnknownFields } from './not-stored.ts';
import { addBulkChanges } from './own-changes.ts';
import { recordPreview } from './preview.ts';
import { inputFields, type RecordInput } from './record-input.ts';
import { proofCost } from './refers-to.ts';
import { refuseTagChanges } from './tags.ts';
import { type Columns, Draft, type Writable } from './writable.ts';
import { prepared } from './write.ts';
import {
  BROKEN,
  type DraftContext,
  type Drafting,
  draftOf,
  eachOf,
  refuseDraft,
  templateOf,
  type WriteCall,
  type WriteFacts,
  withAssociated,
} from './write-facts.ts';

type Fields = Readonly<Record<string, Writable<string>>>;

type RowOf<F extends Fields, V> = { readonly [K in keyof F]?: string | null } & { readonly data: V };

interface BulkUpsertOf<F extends Fields, V extends object> {
  /** The identifiers of a row. Exactly one is given. */
  readonly by: F;
  readonly input: RecordInput<V>;
  readonly description: string;
}

/** Upserts any number of records, 100 per job. */
export function bulkUpserts<R extends Identified, const F extends Fields, V extends object>(
  facts: WriteFacts<R>,
  { by, input, description }: BulkUpsertOf<F, V>,
) {
  const { name, path } = facts.recordType;
  const run = (_root: object, args: object, context: Context, info: GraphQLResolveInfo): Promise<BulkUpsertResult> => {
    const { input: given } = args as { input: readonly RowOf<F, V>[] };
    const work = (progress: Progress<BulkUpsertResult>) =>
      upsertRows(facts, context, info, { given, by, input, progress });
    return context.finish(() => once(context, info, args, work, { isUnfinished: hasOpenRows }));
  };
  const row = builder.inputRef<RowOf<F, V>>(`BulkUpsert${name}Input`);
  row.implement({
    description: `One row of a bulk upsert of ${name} records. Provide exactly one identifier.`,
    fields: (t) =>
      ({
        ...inputFields(t, by),
        data: t.field({ type: input.ref, required: true, description: 'The fields of the record.' }),
      }) as never,
  });
  return {
    type: BulkUpsertPayload,
    semanticNonNull: true,
    description: `${description} Takes any number of rows, ${ROWS_PER_JOB} per job, and returns when the jobs have ended. Costs two calls per ${ROWS_PER_JOB} rows, and more if a job takes long.`,
    args: builder.args((t) => ({
      input: t.field({ type: [row], required: true, description: 'The rows. Each identifier may occur once.' }),
    })),
    ...bulkWrittenBy(run, {
      type: name,
      action: 'bulkUpsert',
      call: upsertCall(path),
      arg: 'input',
      checks: MAX_JOB_CHECKS,
      drafting: draftingRows(facts, { by, input }),
    }),
  };
}

const upsertCall = (path: string): WriteCall => ({ method: 'POST', path: () => `${path}/bulk_upsert` });

/** Interrupted, or with jobs that had not ended. */
const hasOpenRows = ({ results }: BulkUpsertResult): boolean => isUnfinished(results);

interface RowsToUpsert<F extends Fields, V extends object> extends Omit<BulkUpsertOf<F, V>, 'description'> {
  readonly given: readonly RowOf<F, V>[];
  readonly progress: Progress<BulkUpsertResult>;
}

/** Reads the rows, with the problems of all of them in one draft. */
const draftingRows =
  <R extends Identified, F extends Fields, V extends object>(
    facts: WriteFacts<R>,
    { by, input }: Pick<RowsToUpsert<F, V>, 'by' | 'input'>,
  ) =>
  (args: { input: readonly RowOf<F, V>[] }, context: DraftContext, info: Pick<GraphQLResolveInfo, 'schema'>) => {
    const { draft } = draftOf(facts, context, info);
    const check = (row: Draft) => refuseUnknownFields(context, facts.recordType, row);
    return { draft, rows: readRows(args.input, { by, input, check }, draft) };
  };

/** Checks all rows, and sends those that an earlier attempt has not sent. */
async function upsertRows<R extends Identified, F extends Fields, V extends object>(
  facts: WriteFacts<R>,
  context: Context,
  info: GraphQLResolveInfo,
  { given, progress, ...row }: RowsToUpsert<F, V>,
): Promise<BulkUpsertResult> {
  const { name, path, many } = facts.recordType;
  const call = upsertCall(path);
  const { draft, rows } = draftingRows(facts, row)({ input: given }, context, info);
  const identifiers = rows.map(({ identifier }) => identifier);
  const change = { type: name, path, ids: [], touched: everyOf(facts), action: 'bulkUpsert' as const };
  const orderOf = (bodies: readonly object[]): WriteRequest => ({
    method: call.method,
    path: call.path(''),
    body: { [many]: bodies },
    change,
  });
  // All rows are checked before the first is sent.
  await prepared(context, draft, orderOf(rows.map(({ body }) => body)));
  if (context.preview) {
    const order = orderOf(rows.slice(0, ROWS_PER_JOB).map(({ body }) => body));
    await recordPreview(context, context.preview, info, { draft, order, calls: 2 * partsOf(rows) });
  }
  if (draft.userErrors.length > 0 || context.preview)
    return { results: [], identifiers: [], userErrors: draft.userErrors, isUnsent: true };
  const { last } = progress;
  const since = performance.now();
  const save = (results: readonly RowResult[]) => progress.save({ results, identifiers, userErrors: [] });
  const result = await bulkUpsert(context.freshsales, rows, orderOf, { last: last?.results, save }).finally(() =>
    recordStoreOf(context).clear(),
  );
  noteBulk(context, name, { identifiers, results: result.results, noted: last?.isAudited ? last.results : [] });
  // Rows that are identified by other columns have ids that are not known.
  const ids = rows.flatMap(({ body }, at) => {
    const { id } = body as { readonly id?: unknown };
    const isDone = result.results[at]?.status === 'SUCCEEDED' && last?.results[at]?.status !== 'SUCCEEDED';
    return isDone && id !== undefined ? [String(id)] : [];
  });
  await addBulkChanges(context, { type: name, action: 'bulkUpsert', ids, since });
  return { ...result, identifiers, userErrors: [], isAudited: true };
}

/** Reads the rows, and collects the problems of all of them before the first is sent. */
function readRows<F extends Fields, V extends object>(
  given: readonly RowOf<F, V>[],
  { by, input, check }: { by: F; input: RecordInput<V>; check: (row: Draft) => void },
  draft: Draft,
): { identifier: string; body: object }[] {
  if (given.length === 0) draft.refuse(['input'], 'Provide at least one row.', 'REQUIRED');
  const seen = new Set<string>();
  return given.map((row, index) => {
    const path = ['input', String(index)];
    const own = new Draft(draft.product);
    const names = Object.keys(by).filter((field) => typeof row[field] === 'string');
    if (names.length !== 1)
      own.refuse(path, `Provide exactly one of ${Object.keys(by).join(', ')}. ${names.length} are given.`, 'REQUIRED');
    const [field = ''] = names;
    const given = String(row[field] ?? '').trim();
    if (names.length === 1 && given === '') own.refuse([...path, field], `“${field}” must not be empty.`, 'REQUIRED');
    else by[field]?.write(given, { path: [...path, field], draft: own });
    const identifying: Columns = { ...own.columns };
    const [identifier] = Object.values(identifying).map(String);
    const rest = new Draft(draft.product, draft.customFields);
    input.write(row.data, [...path, 'data'], rest);
    refuseTagChanges(rest);
    check(rest);
    const key = (identifier ?? '').toLowerCase();
    if (key !== '' && seen.has(key)) own.refuse([...path, field], 'An earlier row has the same identifier.');
    seen.add(key);
    draft.userErrors.push(...own.userErrors, ...rest.userErrors);
    return { identifier: identifier ?? '', body: { ...identifying, data: rest.columns } };
  });
}

/** A change of many records of a type. Invalidates everything that shows the type. */
export const everyOf = <R extends Identified>({ recordType, dependentTypes = [] }: WriteFacts<R>) =>
  [recordType.name, ...dependentTypes].map((type) => ({ type, id: '*' }));

interface NotedRows {
  readonly identifiers: readonly string[];
  readonly results: readonly RowResult[];
  /** The outcomes that an earlier attempt noted. */
  readonly noted: readonly RowResult[];
}

/** Adds the outcomes to the audit trail. Rows that were not sent are omitted. */
function noteBulk(context: Context, type: string, { identifiers, results, noted }: NotedRows): void {
  for (const [status, outcome] of OUTCOMES) {
    const id = identifiers.filter((_, at) => results[at]?.status === status && noted[at]?.status !== status);
    if (id.length > 0) context.auditTrail.writes.push({ type, action: 'bulkUpsert', id, outcome });
  }
}

const OUTCOMES = [
  ['SUCCEEDED', 'done'],
  ['FAILED', 'refused'],
  ['UNKNOWN', 'unknown'],
] as const satisfies readonly (readonly [RowResult['status'], string])[];

/** The number of calls that send all ids. */
export const partsOf = (rows: readonly unknown[]): number => Math.ceil(rows.length / ROWS_PER_JOB);

interface BulkOf<A> {
  readonly type: string;
  readonly action: Action;
  readonly call: WriteCall;
  readonly drafting: Drafting<A>;
  /** The argument that lists the rows. */
  readonly arg: string;
  /** The most checks of the job of a call. */
  readonly checks: number;
}

/** The extensions and the resolver of a bulk write: a call per 100 rows, plus 1 to `checks` checks per job. */
export const bulkWrittenBy = <F extends FieldFetch['run'], A extends object>(
  run: F,
  { type, action, call, drafting, arg, checks }: BulkOf<A>,
) =>
  fetchedBy(
    {
      run,
      cost: (given: A, planning: Planning): FieldCost[] => {
        refuseDraft(drafting, given, planning);
        const args = { ...given } as Args;
        const proofs = proofCost(args, planning);
        const rows = args[arg];
        const calls = Array.isArray(rows) ? partsOf(rows) : 1;
        const write = { calls, call: templateOf(call) };
        const broken = { ...write, needs: 0, fallback: true };
        if (checks === 0) return [write, ...proofs, ...(call.method === 'POST' ? [] : [{ ...broken, when: BROKEN }])];
        return [
          write,
          ...proofs,
          { calls: calls * checks, needs: calls, call: callTemplate(jobCall('{id}')), when: 'until the job ends' },
          { ...broken, calls: calls * (MAX_OFFERS - 1), when: 'only if too many jobs are running' },
        ];
      },
    },
    { write: { type, action, records: withAssociated(eachOf(arg)) } },
  );
