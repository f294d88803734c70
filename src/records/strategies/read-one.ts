import { otherRecord } from '../../freshsales/errors.ts';
import { recordCall } from '../../freshsales/reads.ts';
import type { Identified } from '../../freshsales/resource.ts';
import { toError } from '../errors.ts';
import type { FieldCost } from '../field-needs.ts';
import { withoutZeros } from '../gid.ts';
import { loaderFor } from '../loader.ts';
import { isKnown, isThere, readableParts } from '../record-request.ts';
import { keepAnswer, missingIncludes, recordStoreOf } from '../record-store.ts';
import {
  includesToAsk,
  type Needs,
  type Operation,
  type RecordRequest,
  type RecordType,
  type Registry,
  readCall,
  relationOf,
  type StrategyOf,
} from '../record-type.ts';
import { readViews } from '../views.ts';

/** Reads each record by its id. */
export const readOne = (): StrategyOf => (recordType) => ({
  name: 'read-one',
  applies: () => true,
  cost: ({ count }) => ({
    expected: count,
    atMost: count,
    wasted: 0,
    calls: [{ call: readCall(recordType), atMost: count, per: 'record' }],
  }),
  run: async (wanted, operation, { failures = new Map() } = {}) => {
    const readAll = (requests: readonly RecordRequest[]) =>
      Promise.all(
        requests.map((request) =>
          readInto(operation, recordType, request).catch((error: unknown) => {
            if (!isThere(operation, recordType, request)) failures.set(request.id, toError(error));
          }),
        ),
      );
    // A doubtful include is tried with one record first.
    const probe = wanted.find(({ needs }) => [...needs.includes].some((name) => relationOf(recordType, name).doubtful));
    if (probe) await readAll([probe]);
    await readAll(
      wanted
        .filter((each) => each !== probe)
        .map((each) => readableParts(operation, recordType, each))
        .filter((each) => each.fresh || !isThere(operation, recordType, each)),
    );
  },
});

/** Reads one record into the store, unless it is there. */
async function readInto(operation: Operation, recordType: RecordType, request: RecordRequest): Promise<void> {
  const { id, needs, fresh } = request;
  if (!fresh && (await isKnown(operation, recordType, request))) return;
  const entry = recordStoreOf(operation).get(recordType, id);
  const include = missingIncludes(fresh ? undefined : entry, recordType, includesToAsk(needs));
  const answer = await operation.freshsales.get(recordType, id, include);
  if (answer && answer.row.id !== id) throw otherRecord();
  if (answer) keepAnswer(operation, recordType, answer, include);
  else recordStoreOf(operation).put(recordType, { id }).absent = true;
}

/** Reads any record by its type and id: alone, or with the whole of its small list. */
export const readById = {
  cost(registry: Registry, type: string, given: unknown): FieldCost[] {
    const source = registry.source(type);
    const [, id] = /^(?:gid:.*\/)?(\d+)$/.exec(String(given)) ?? [];
    if (!source || id === undefined) return [];
    if ('list' in source) return [{ calls: 1, list: source.list }];
    const { recordType } = source;
    const requests = [recordCall(recordType, withoutZeros(id))];
    return [{ calls: 1, call: readCall(recordType), recordType, requests }];
  },
  /** Null if it does not exist, undefined if records of the type cannot be read by their ids. */
  async run(
    operation: Operation,
    { type, id }: { readonly type: string; readonly id: string },
    needs: (typeName: string) => Needs,
  ): Promise<Identified | null | undefined> {
    const { registry } = operation;
    const viewed = registry.viewedType(type);
    if (viewed) return (await readViews(operation, viewed)).find((view) => view.id === id) ?? null;
    const table = registry.source(type) && registry.table(type);
    return table && loaderFor(operation, table).load(id, needs(type));
  },
};
