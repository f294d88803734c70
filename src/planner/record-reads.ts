import { type Call, templateOf } from '../freshsales/transport.ts';
import type { CallEstimate, EstimatedCall, Gap, Knowledge, RecordType } from '../records/record-type.ts';
import type { CountedCalls, Site } from './planned-calls.ts';

interface Group {
  readonly recordType: RecordType | undefined;
  readonly paths: Set<string>;
}

/** Counts each different request once. A view that is not known yet may be any. */
export class DistinctRequests {
  readonly #groups = new Map<string, Group>();

  /** `recordType`: where the request reads a record by its id. */
  add({ method, path, query, body }: Call, recordType: RecordType | undefined): void {
    const key = JSON.stringify([method, templateOf(path), query ?? {}, body ?? {}]);
    const group = this.#groups.get(key) ?? { recordType, paths: new Set<string>() };
    if (!isOpen(path)) group.paths.add(path);
    this.#groups.set(key, group);
  }

  /** Adds up the cost of requests that differ in their ids only. */
  sum(costOf: (count: number, recordType: RecordType | undefined) => number): number {
    return [...this.#groups.values()].reduce(
      (sum, { recordType, paths }) => sum + costOf(Math.max(1, paths.size), recordType),
      0,
    );
  }
}

/** Whether an id in the path is still unknown. */
export const isOpen = (path: string): boolean => path.includes('{');

/** A request with the includes that it asks for. */
export const withInclude = (request: Call, include: readonly string[]): Call =>
  include.length > 0 ? { ...request, query: { ...request.query, include: include.join(',') } } : request;

/** The first of some requests, as a template. */
export const callOf = ([first]: readonly Call[]): string =>
  first ? `${first.method} /${templateOf(first.path)}` : 'GET /';

interface Reads {
  /** Reads at the most, with fallbacks and without. */
  most: number;
  planned: number;
  /** Columns and includes that some of the records lack. */
  readonly missing: Set<string>;
  /** The fields of the operation itself that read one record each. */
  readonly rootFields: string[];
}

const WHEN = 'instead of single reads, if the list is short';

/** The records that an operation reads by their ids, and the calls that may be tried before. */
export class RecordReads {
  readonly #knowledge: Knowledge;
  readonly #byType = new Map<RecordType, Reads>();
  readonly #tried: { readonly estimate: CallEstimate; readonly fields: readonly string[] }[] = [];

  constructor(knowledge: Knowledge) {
    this.#knowledge = knowledge;
  }

  of(recordType: RecordType): Reads {
    const known = this.#byType.get(recordType);
    if (known) return known;
    const reads: Reads = { most: 0, planned: 0, missing: new Set(), rootFields: [] };
    this.#byType.set(recordType, reads);
    return reads;
  }

  /** A strategy that may be tried, and may not bring the records. */
  tryFirst(estimate: CallEstimate, { field }: Site): void {
    if (estimate.calls.length > 0) this.#tried.push({ estimate, fields: [field] });
  }

  /** Calls of strategies that bring nothing, at the most. `planned`: on an account that behaves as documented. */
  wasted(kind: 'most' | 'planned'): number {
    let calls = 0;
    for (const [recordType, reads] of this.#byType)
      for (const strategy of recordType.fetch) {
        const demand = { count: reads[kind], batches: 1, missing: [...reads.missing] };
        const { wasted, atMost } = strategy.cost(demand, this.#knowledge);
        if (kind === 'most' || atMost === undefined) calls += wasted;
      }
    return calls;
  }

  /** Adds the strategies that may be tried to the fallbacks of the plan. */
  addTo(calls: CountedCalls): void {
    const atRoot = [...this.#byType].flatMap(([{ fetch }, { rootFields }]) =>
      fetch.map((strategy) => ({
        estimate: strategy.cost({ count: rootFields.length, batches: 1, missing: [] }, this.#knowledge),
        fields: rootFields,
      })),
    );
    for (const { estimate, fields } of [...this.#tried, ...atRoot.filter(({ estimate }) => isTried(estimate))])
      for (const call of withFirst(estimate, this.#knowledge, calls)) addFallback(calls, call, fields);
  }
}

const isTried = ({ atMost, calls }: CallEstimate): boolean => atMost === undefined && calls.length > 0;

/** The calls of a strategy, with the list of views that they need, where nothing else reads it. */
function* withFirst({ calls: own, first }: CallEstimate, { known }: Knowledge, calls: CountedCalls) {
  yield* own;
  const views: EstimatedCall = { call: `GET /${first}`, atMost: 1, per: 'operation' };
  if (first !== undefined && known.list(first) === undefined && !calls.has(views.call)) yield views;
}

function addFallback(calls: CountedCalls, { call, atMost }: EstimatedCall, fields: readonly string[]): void {
  for (const [index, field] of fields.entries())
    calls.add(call, { field, root: true }, { when: WHEN, most: index === 0 ? atMost : 0, fallback: true });
}

const ONLY_IDS: Gap = { missing: [], has: () => false };

/** How many calls are expected to read so many records by their ids. */
export function expectedReads(count: number, recordType: RecordType | undefined, knowledge: Knowledge): number {
  for (const strategy of recordType?.fetch ?? []) {
    if (!strategy.applies(ONLY_IDS, knowledge)) continue;
    const { expected } = strategy.cost({ count, batches: 1, missing: [] }, knowledge);
    if (expected !== undefined) return expected;
  }
  return count;
}
