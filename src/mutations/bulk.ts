import type { InputFieldMap } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import { bulkOverIds, bulkUpsert, MAX_LOOKS, MAX_OFFERS, ROWS_PER_JOB, type RowResult } from '../freshsales/bulk.ts';
import type { Identified } from '../freshsales/resource.ts';
import { type Action, type Order, toWireId } from '../freshsales/writes.ts';
import type { AuditedWrite, Context } from '../records/context.ts';
import type { FieldSource } from '../records/field-needs.ts';
import { recordStoreOf } from '../records/record-store.ts';
import { builder } from '../schema/builder.ts';
import { BulkIdsPayload, type BulkIdsResult, BulkUpsertPayload, type BulkUpsertResult } from './bulk-types.ts';
import { once } from './idempotency.ts';
import { refuseUnknownFields } from './not-stored.ts';
import { recordPreview } from './preview.ts';
import { inputFields, type RecordInput } from './record-input.ts';
import { proofCharges, refersTo } from './refers-to.ts';
import { type Columns, Draft, idAt, type Writable } from './writable.ts';
import { prepared, userErrorsOf } from './write.ts';
import { draftOf, eachOf, type WriteFacts, withAssociated } from './write-facts.ts';

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
  const { name, path, many } = facts.recordType;
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
    extensions: bulkPrice(name, 'bulkUpsert', `POST /${path}/bulk_upsert`, 'input', MAX_LOOKS),
    args: builder.args((t) => ({
      input: t.field({ type: [row], required: true, description: 'The rows. Each identifier may occur once.' }),
    })),
    resolve: (_root: object, args: object, context: Context, info: GraphQLResolveInfo): Promise<BulkUpsertResult> =>
      once(context, info, args, async (): Promise<BulkUpsertResult> => {
        const { draft } = draftOf(facts, context);
        const check = (row: Draft) => refuseUnknownFields(context, facts.recordType, row);
        const rows = readRows((args as { input: readonly RowOf<F, V>[] }).input, { by, input, check }, draft);
        const identifiers = rows.map(({ identifier }) => identifier);
        const change = { type: name, path, ids: [], touched: everyOf(facts), action: 'bulkUpsert' as const };
        const orderOf = (bodies: readonly object[]): Order => ({
          method: 'POST',
          path: `${path}/bulk_upsert`,
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
        const result = await bulkUpsert(context.freshsales, rows, orderOf).finally(() =>
          recordStoreOf(context).clear(),
        );
        noteBulk(context, name, 'bulkUpsert', { identifiers, results: result.results });
        return { ...result, identifiers, userErrors: [] };
      }),
  };
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
    const own = new Draft();
    const names = Object.keys(by).filter((field) => typeof row[field] === 'string');
    if (names.length !== 1)
      own.refuse(path, `Provide exactly one of ${Object.keys(by).join(', ')}. ${names.length} are given.`, 'REQUIRED');
    const [field = ''] = names;
    const given = String(row[field] ?? '').trim();
    if (names.length === 1 && given === '') own.refuse([...path, field], `“${field}” must not be empty.`, 'REQUIRED');
    else by[field]?.write(given, { path: [...path, field], draft: own });
    const identifying: Columns = { ...own.columns };
    const [identifier] = Object.values(identifying).map(String);
    const rest = new Draft();
    input.write(row.data, [...path, 'data'], rest);
    check(rest);
    const key = (identifier ?? '').toLowerCase();
    if (key !== '' && seen.has(key)) own.refuse([...path, field], 'An earlier row has the same identifier.');
    seen.add(key);
    draft.userErrors.push(...own.userErrors, ...rest.userErrors);
    return { identifier: identifier ?? '', body: { ...identifying, data: rest.columns } };
  });
}

/** A change of many records of a type. Invalidates everything that shows the type. */
const everyOf = <R extends Identified>({ recordType, ripples = [] }: WriteFacts<R>) =>
  [recordType.name, ...ripples].map((type) => ({ type, id: '*' }));

interface OrderOverIds<A> {
  readonly action: Action;
  readonly method: 'POST' | 'PUT';
  readonly path: string;
  readonly description: string;
  /** Writes the arguments other than ids into the draft. */
  readonly fill?: (args: A, draft: Draft) => void;
  /** The request for some of the ids. */
  readonly body: (ids: readonly (number | string)[], draft: Draft, args: A) => object;
}

/** A bulk operation on any number of records, 100 per call. */
export function overIds<R extends Identified, A extends object, F extends InputFieldMap>(
  facts: WriteFacts<R>,
  { action, method, path, description, fill, body }: OrderOverIds<A>,
  args: F,
) {
  const { name } = facts.recordType;
  const change = { type: name, path: facts.recordType.path, ids: [], touched: everyOf(facts), action };
  return {
    type: BulkIdsPayload,
    semanticNonNull: true,
    description: `${description} One call per ${ROWS_PER_JOB} records.`,
    extensions: bulkPrice(name, action, `${method} /${path}`, 'ids', 0),
    args: {
      ...builder.args((t) => ({
        ids: t.idList({
          required: true,
          description: `Freshsales ids or global ids of ${name} records.`,
          ...refersTo(name),
        }),
      })),
      ...args,
    },
    resolve: (
      _root: object,
      given: A & { ids: string[] },
      context: Context,
      info: GraphQLResolveInfo,
    ): Promise<BulkIdsResult> =>
      once(context, info, given, async (): Promise<BulkIdsResult> => {
        const { draft } = draftOf(facts, context);
        if (given.ids.length === 0) draft.refuse(['ids'], 'Provide at least one id.', 'REQUIRED');
        const read = given.ids.map((id, index) => idAt(name, id, { path: ['ids', String(index)], draft }));
        const ids = [...new Set(read.flatMap((id) => id ?? []))];
        fill?.(given, draft);
        refuseUnknownFields(context, facts.recordType, draft);
        const nothing = { type: name, accepted: [], notSent: [], unknown: [], messages: [] };
        const orderOf = (part: readonly string[]): Order => ({
          method,
          path,
          body: body(part.map(toWireId), draft, given),
          change: { ...change, ids: part },
        });
        await prepared(context, draft, orderOf(ids));
        if (context.preview) {
          const order = orderOf(ids.slice(0, ROWS_PER_JOB));
          await recordPreview(context, context.preview, info, { draft, order, calls: partsOf(ids) });
        }
        if (draft.userErrors.length > 0 || context.preview)
          return { ...nothing, userErrors: draft.userErrors, isUnsent: true };
        const note = (id: readonly string[], outcome: AuditedWrite['outcome']) => {
          if (id.length > 0) context.auditTrail.writes.push({ type: name, action, id, outcome });
        };
        try {
          const result = await bulkOverIds(context.freshsales, ids, orderOf);
          note(result.accepted, 'done');
          note(result.unknown, 'unknown');
          return { ...result, type: name, userErrors: [] };
        } catch (error) {
          note(ids, 'refused');
          return { ...nothing, userErrors: userErrorsOf(error, draft) };
        } finally {
          recordStoreOf(context).clear();
        }
      }),
  };
}

/** Adds the counts of outcomes to the audit trail. Rows that were not sent are omitted. */
function noteBulk(
  context: Context,
  type: string,
  action: Action,
  { identifiers, results }: { identifiers: readonly string[]; results: readonly RowResult[] },
): void {
  for (const [status, outcome] of OUTCOMES) {
    const id = identifiers.filter((_, index) => results[index]?.status === status);
    if (id.length > 0) context.auditTrail.writes.push({ type, action, id, outcome });
  }
}

const OUTCOMES = [
  ['SUCCEEDED', 'done'],
  ['FAILED', 'refused'],
  ['UNKNOWN', 'unknown'],
] as const satisfies readonly (readonly [RowResult['status'], string])[];

/** The number of calls that send all ids. */
const partsOf = (rows: readonly unknown[]): number => Math.ceil(rows.length / ROWS_PER_JOB);

/** A call per 100 rows, plus 1 to `looks` checks per job. */
const bulkPrice = (
  type: string,
  action: Action,
  call: string,
  arg: string,
  looks: number,
): { freshsales: FieldSource } => ({
  freshsales: {
    write: { type, action, records: withAssociated(eachOf(arg)) },
    price: (args, pricing) => {
      const proofs = proofCharges(args, pricing);
      const rows = args[arg];
      const calls = Array.isArray(rows) ? partsOf(rows) : 1;
      const broken = { calls, needs: 0, fallback: true, call };
      if (looks === 0)
        return [{ calls, call }, ...proofs, ...(call.startsWith('POST') ? [] : [{ ...broken, when: BROKEN }])];
      return [
        { calls, call },
        ...proofs,
        { calls: calls * looks, needs: calls, call: 'GET /job_statuses/{id}', when: 'until the job has ended' },
        { ...broken, calls: calls * (MAX_OFFERS - 1), when: 'only where too many jobs are under way' },
      ];
    },
  },
});

const BROKEN = 'only where the connection broke';
