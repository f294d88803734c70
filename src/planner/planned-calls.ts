import { getCall } from '../freshsales/reads.ts';
import { type Call, callTemplate, pathTemplate } from '../freshsales/transport.ts';
import { getOrInsert } from '../maps.ts';
import type { FieldCost } from '../records/field-needs.ts';
import type { CallEstimate, EstimatedCall, Gap, Knowledge, RecordType } from '../records/record-type.ts';

/** A call, or several of one kind, that an operation will or may make. */
export interface PlannedCall {
  /** Position in the plan, from 1. */
  readonly order: number;
  readonly method: string;
  /** Path below the API root, as a template: `/contacts/view/{id}`. */
  readonly path: string;
  /** Requested includes. */
  readonly include: readonly string[];
  /** The fields that cause it, as paths of the answer: `contacts.nodes.owner`. */
  readonly fields: readonly string[];
  /** Once for the operation, or once for each record. */
  readonly per: 'operation' | 'record';
  /** The most calls over the whole operation. Null if unknown. */
  readonly atMost: number | null;
  /** True if it is made whatever the records contain. */
  readonly certain: boolean;
  /** The condition, if it is not certain. */
  readonly when: string | null;
  /** Fields whose columns are not side-loaded. */
  readonly lacks: readonly string[];
  /** True if the response is cached, so that the call is free. */
  readonly cached: boolean;
}

export const callsText = (count: number): string => (count === 1 ? '1 call' : `${count} calls`);

/** The field that causes a call, and the number of records it is selected of. */
export interface Site {
  /** The field, as a path of the answer. */
  readonly field: string;
  /** The most records, and the expected ones. */
  readonly most: number;
  readonly usual: number;
  /** True if it is a root field. */
  readonly root: boolean;
}

/** The place of a call that all parents share, if there are any. */
export const sharedSite = (site: Site): Site => ({
  ...site,
  root: true,
  most: Math.min(1, site.most),
  usual: Math.min(1, site.usual),
});

/** Zero times infinity is zero. */
export const product = (calls: number, records: number): number => (calls === 0 || records === 0 ? 0 : calls * records);

export interface CallOptions {
  readonly include?: readonly string[];
  readonly when?: string | undefined;
  readonly fallback?: boolean;
  readonly lacks?: readonly string[];
  readonly cached?: boolean;
  readonly certain?: boolean;
}

/** A call of a plan that is being made. */
export interface CountedCall {
  readonly call: string;
  readonly fields: Set<string>;
  readonly per: PlannedCall['per'];
  readonly lacks: readonly string[];
  include: readonly string[];
  cached: boolean;
  when: string | undefined;
  fallback: boolean;
  most: number;
  certain: boolean;
}

/** The calls of a plan in order. Those of one kind that are made under the same conditions are counted together. */
export class CountedCalls {
  readonly #calls = new Map<string, CountedCall>();

  add(
    call: string,
    { field, root }: Pick<Site, 'field' | 'root'>,
    {
      include = [],
      most,
      when,
      lacks = [],
      fallback = false,
      cached = false,
      certain = false,
    }: CallOptions & { most: number },
    name = '',
  ): CountedCall {
    const per = root ? 'operation' : 'record';
    const key = JSON.stringify([call, name === '' ? [include, cached, certain] : name, per, when, fallback]);
    const known = this.#calls.get(key);
    if (known) {
      known.most += most;
      known.fields.add(field);
      return known;
    }
    const fields = new Set([field]);
    const counted: CountedCall = { call, include, per, lacks, when, fallback, cached, most, certain, fields };
    this.#calls.set(key, counted);
    return counted;
  }

  has(call: string): boolean {
    return [...this.#calls.values()].some((counted) => counted.call === call);
  }

  /** Those of the plan, or its fallbacks. */
  toPlan({ fallback }: Pick<CountedCall, 'fallback'>): PlannedCall[] {
    return alike([...this.#calls.values()].filter((counted) => counted.fallback === fallback)).map(
      ({ call, include, fields, per, when, most, certain, lacks, cached }, index) => {
        const [method = 'GET', path = '/'] = call.split(' ');
        const atMost = Number.isFinite(most) ? most : null;
        return {
          order: index + 1,
          method,
          path,
          include,
          fields: [...fields],
          per,
          atMost,
          certain,
          when: when ?? null,
          lacks,
          cached,
        };
      },
    );
  }
}

/** Many records by their ids are many requests, and one call of the plan. */
function alike(calls: readonly CountedCall[]): CountedCall[] {
  const grouped = new Map<string, CountedCall>();
  for (const counted of calls) {
    const { fields, most, ...rest } = counted;
    const key = JSON.stringify(rest);
    const known = grouped.get(key);
    grouped.set(key, {
      ...rest,
      most: (known?.most ?? 0) + most,
      fields: new Set([...(known?.fields ?? []), ...fields]),
    });
  }
  return [...grouped.values()];
}

interface Group {
  readonly recordType: RecordType | undefined;
  readonly paths: Set<string>;
}

/** Counts each different request once. A view whose id is not known yet may be any, unless its name is given. */
export class DistinctRequests {
  readonly #groups = new Map<string, Group>();

  /** `recordType`: where the request reads a record by its id. `view`: the name of the view that it reads. */
  add({ method, path, query, body }: Call, recordType: RecordType | undefined, view?: string): void {
    const key = JSON.stringify([method, pathTemplate(path), query ?? {}, body ?? {}]);
    const { paths } = getOrInsert(this.#groups, key, () => ({ recordType, paths: new Set() }));
    if (!isOpen(path)) paths.add(path);
    else if (view !== undefined) paths.add(view);
  }

  /** Adds up the cost of requests that differ in their ids only. */
  sum(costOf: (count: number, recordType: RecordType | undefined) => number): number {
    return [...this.#groups.values()].reduce(
      (sum, { recordType, paths }) => sum + costOf(Math.max(1, paths.size), recordType),
      0,
    );
  }
}

/** True if an id in the path is still unknown. */
export const isOpen = (path: string): boolean => path.includes('{');

/** A request with the includes that it asks for. */
export const withInclude = (request: Call, include: readonly string[]): Call =>
  include.length > 0 ? { ...request, query: { ...request.query, include: include.join(',') } } : request;

/** The call of a field, as a template. */
export const callOf = ({ call, requests: [first] = [] }: FieldCost): string =>
  call ?? (first ? callTemplate(first) : '');

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
    return getOrInsert(this.#byType, recordType, () => ({ most: 0, planned: 0, missing: new Set(), rootFields: [] }));
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
  if (first === undefined || known.list(first) !== undefined) return;
  const views: EstimatedCall = { call: callTemplate(getCall(first)), atMost: 1, per: 'operation' };
  if (!calls.has(views.call)) yield views;
}

function addFallback(calls: CountedCalls, { call, atMost }: EstimatedCall, fields: readonly string[]): void {
  for (const [index, field] of fields.entries())
    calls.add(call, { field, root: true }, { when: WHEN, most: index === 0 ? atMost : 0, fallback: true });
}

const ONLY_IDS: Gap = { missing: [], has: () => false };

/** The calls expected for reading so many records by their ids. */
export function expectedReads(count: number, recordType: RecordType | undefined, knowledge: Knowledge): number {
  for (const strategy of recordType?.fetch ?? []) {
    if (!strategy.applies(ONLY_IDS, knowledge)) continue;
    const { expected } = strategy.cost({ count, batches: 1, missing: [] }, knowledge);
    if (expected !== undefined) return expected;
  }
  return count;
}
