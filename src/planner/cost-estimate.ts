import { getCall } from '../freshsales/reads.ts';
import { type Call, callTemplate } from '../freshsales/transport.ts';
import type { FieldCost } from '../records/field-needs.ts';
import { furtherPagesOf } from '../records/loader.ts';
import { type Gap, type Knowledge, type RecordType, readCall } from '../records/record-type.ts';
import { listsOf, mayRisk } from '../records/strategies/list-scan.ts';
import { BEYOND_A_PAGE } from '../records/window.ts';
import {
  type CallOptions,
  type CountedCall,
  CountedCalls,
  callOf,
  DistinctRequests,
  expectedReads,
  isOpen,
  type PlannedCall,
  product,
  RecordReads,
  type Site,
  sharedSite,
  withInclude,
} from './planned-calls.ts';

/** The values that all parts of one estimate share. */
interface Shared {
  readonly knowledge: Knowledge;
  readonly calls: CountedCalls;
  /** Small lists, each paid for once. */
  readonly lists: Map<string, ListEntry>;
  /** Calls of the operation itself, by their requests. */
  readonly merged: Map<string, CountedCall>;
  readonly certain: DistinctRequests;
  readonly expected: DistinctRequests;
  readonly reads: RecordReads;
}

interface ListEntry {
  readonly counted: CountedCall;
  isCertain: boolean;
  isExpected: boolean;
}

/** Records that have to be fetched. */
interface Fetch extends CallOptions {
  readonly gap: Gap;
  readonly batches: number;
}

/** Freshsales calls. */
interface Sums {
  /** Expected on an account that behaves as documented. */
  expected: number;
  /** At most on such an account. */
  documented: number;
  /** At most on any account. */
  worst: number;
}

/** Adds up what fields cost, and the strategies of record types. */
export class CostEstimate {
  readonly #shared: Shared;
  readonly #forks: CostEstimate[][] = [];
  #lower = 0;
  /** Calls for single records: each record of a union is of one of its types. */
  readonly #single: Sums = { expected: 0, documented: 0, worst: 0 };
  /** Calls for many records of one type. */
  readonly #batched = { expected: 0, documented: 0 };

  constructor(knowledge: Knowledge, shared?: Shared) {
    this.#shared = shared ?? {
      knowledge,
      calls: new CountedCalls(),
      lists: new Map(),
      merged: new Map(),
      certain: new DistinctRequests(),
      expected: new DistinctRequests(),
      reads: new RecordReads(knowledge),
    };
  }

  /** One estimate for each type of a union: a record is of one of them. */
  fork(count: number): readonly CostEstimate[] {
    if (count === 1) return [this];
    const forks = Array.from({ length: count }, () => new CostEstimate(this.#shared.knowledge, this.#shared));
    this.#forks.push(forks);
    return forks;
  }

  /** Adds what a field costs. */
  add(cost: FieldCost, site: Site, include: readonly string[]): void {
    if (cost.list !== undefined) this.list(cost.list, site, cost);
    else if (cost.isShared && !site.root) this.#calls({ ...cost, certain: 0 }, sharedSite(site), include);
    else this.#calls(cost, site, include);
  }

  #calls(cost: FieldCost, site: Site, asked: readonly string[]): void {
    const { calls, when, requests = [], fallback = false, recordType } = cost;
    const needs = cost.needs ?? (when || fallback ? 0 : calls);
    const certain = this.#certain(cost, site.root ? (cost.certain ?? needs) : 0, asked);
    const expected = site.root ? needs - this.#addDistinct(cost, needs, asked) : needs;
    // The same pages requested twice are read once, with the includes of both.
    const name = site.root && requests.length > 0 ? JSON.stringify([requests, calls, cost.view]) : undefined;
    const same = name === undefined ? undefined : this.#shared.merged.get(name);
    const include = [...new Set([...(same?.include ?? []), ...(cost.include ?? []), ...asked])];
    const saved = requests.filter((request) => this.#isKnown(request, include)).length;
    const most = product(calls - saved, site.most);
    this.#single.expected += product(expected, site.usual);
    this.#addMost(most - (same?.most ?? 0), fallback);
    const cached = saved > 0 && saved === calls;
    const state = { include, most, cached, certain: certain && !cached };
    if (same) {
      Object.assign(same, state).fields.add(site.field);
      return;
    }
    const counted = this.#shared.calls.add(callOf(cost), site, { ...state, when, fallback }, name);
    if (name !== undefined) this.#shared.merged.set(name, counted);
    if (recordType) this.#countRead(recordType, site, most);
  }

  #countRead(recordType: RecordType, { root, field }: Site, most: number): void {
    const reads = this.#shared.reads.of(recordType);
    reads.most += most;
    reads.planned += most;
    if (root) reads.rootFields.push(field);
  }

  #addMost(most: number, fallback: boolean): void {
    if (!fallback) this.#single.documented += most;
    this.#single.worst += most;
  }

  /** Counts each different request once, of the first ones. Returns how many there were. */
  #addDistinct({ requests = [], recordType, view }: FieldCost, count: number, include: readonly string[]): number {
    const sent = requests.slice(0, count);
    for (const request of sent)
      if (!this.#isKnown(request, include)) this.#shared.expected.add(request, recordType, view);
    return sent.length;
  }

  /** Adds the calls that are certain. Returns whether there are any: what is partly cached may cost nothing. */
  #certain({ call = '', requests = [], recordType }: FieldCost, count: number, asked: readonly string[]): boolean {
    const { certain } = this.#shared;
    const { known } = this.#shared.knowledge;
    if (count === 0) return false;
    if (requests.length === 0) {
      const [method = 'GET', path = ''] = call.split(' /');
      if (known.mayBeKnown({ method: method as Call['method'], path })) return false;
      this.#lower += count;
      return true;
    }
    const sent = requests.slice(0, count);
    const unknown = sent.filter((request) => !known.mayBeKnown(withInclude(request, asked)));
    for (const request of unknown) certain.add(request, recordType);
    this.#lower += count - sent.length;
    return unknown.length > 0 || count > sent.length;
  }

  /** Adds a read of each record, which only an account that truncates side-loads needs. */
  read(recordType: RecordType, site: Site, options: CallOptions): void {
    this.#addMost(site.most, true);
    this.#shared.reads.of(recordType).most += site.most;
    this.#shared.calls.add(readCall(recordType), site, { ...options, most: site.most, fallback: true });
  }

  /**
   * Adds the strategies that fetch records. `fallback`: only on an account that does not behave as documented. Returns whether they
   * are fetched in calls for many records.
   */
  fetch(recordType: RecordType, site: Site, { gap, batches, ...options }: Fetch): boolean {
    const { knowledge, reads, calls } = this.#shared;
    const { missing } = gap;
    const isPlanned = options.fallback !== true;
    const ofType = reads.of(recordType);
    for (const name of missing) ofType.missing.add(name);
    let isBatched = false;
    let expected: number | undefined;
    for (const strategy of recordType.fetch.filter((each) => each.applies(gap, knowledge))) {
      const estimate = strategy.cost({ count: site.most, batches, missing }, knowledge);
      expected ??= strategy.cost({ count: site.usual, batches: 1, missing }, knowledge).expected;
      if (estimate.atMost === undefined) reads.tryFirst(estimate, site);
      else if (estimate.calls.some(({ per }) => per === 'operation')) {
        if (isPlanned) this.#batched.documented += estimate.atMost;
        isBatched = true;
      } else {
        this.#addMost(estimate.atMost, !isPlanned || isBatched);
        ofType.most += estimate.atMost;
        if (isPlanned && !isBatched) ofType.planned += estimate.atMost;
      }
      if (estimate.atMost !== undefined)
        for (const { call, per, atMost: most } of estimate.calls) {
          const isNext = isBatched && per === 'record';
          const when = isNext ? 'only for records that the search does not return' : options.when;
          const fallback = !isPlanned || isNext;
          calls.add(call, { ...site, root: per === 'operation' }, { ...options, when, most, fallback });
        }
    }
    if (isPlanned) (isBatched ? this.#batched : this.#single).expected += expected ?? 0;
    return isBatched;
  }

  /** Adds a lookup or list of views, once for all fields that need it. */
  list(
    list: string,
    site: Site,
    {
      when,
      fallback = false,
      isExpected = when === undefined && !fallback,
    }: Pick<FieldCost, 'when' | 'fallback'> & { isExpected?: boolean } = {},
  ): void {
    const { lists, calls, knowledge } = this.#shared;
    const cached = knowledge.known.list(list) !== undefined;
    const at = { ...site, root: true };
    const call = callTemplate(getCall(list));
    const entry = lists.get(list) ?? {
      counted: calls.add(call, at, { most: cached ? 0 : 1, when, fallback, cached }),
      isCertain: false,
      isExpected: false,
    };
    const always = when === undefined && !fallback;
    const further = cached ? 0 : this.#furtherPagesOf(list);
    if (further > 0 && !lists.has(list)) calls.add(call, at, { most: further, when: BEYOND_A_PAGE, fallback: true });
    lists.set(list, entry);
    entry.counted.fields.add(site.field);
    entry.counted.fallback &&= fallback;
    if (always) entry.counted.when = undefined;
    entry.isCertain ||= always && site.root;
    entry.isExpected ||= isExpected && site.usual > 0;
    entry.counted.certain = entry.isCertain && !cached;
  }

  /** The fewest calls. */
  get lower(): number {
    return (
      this.#lower +
      // Many records that are read by id may all be found on one page of a list.
      this.#shared.certain.sum((count, recordType) =>
        recordType && mayRisk(count) > 0 && listsOf(recordType) ? 1 : count,
      ) +
      this.#countLists(({ isCertain }) => isCertain)
    );
  }

  get sums(): Readonly<Sums> {
    const { single, batched } = this.#sums();
    const { expected, reads, lists } = this.#shared;
    const unread = [...lists].filter(([, { counted }]) => !counted.cached);
    return {
      expected:
        single.expected +
        batched.expected +
        expected.sum((count, recordType) => expectedReads(count, recordType, this.#shared.knowledge)) +
        this.#countLists(({ isExpected }) => isExpected),
      documented:
        single.documented +
        batched.documented +
        this.#countLists(({ counted }) => !counted.fallback) +
        reads.wasted('planned'),
      worst:
        single.worst +
        unread.reduce((sum, [list]) => sum + this.#furtherPagesOf(list), 0) +
        this.#countLists(() => true) +
        reads.wasted('most'),
    };
  }

  /** The planned calls, or the fallbacks. */
  toCalls({ fallback }: { fallback: boolean }): PlannedCall[] {
    const { reads, calls } = this.#shared;
    if (fallback) reads.addTo(calls);
    return calls.toPlan({ fallback });
  }

  #sums() {
    const single = { ...this.#single };
    const batched = { ...this.#batched };
    for (const forks of this.#forks) {
      const each = forks.map((fork) => fork.#sums());
      for (const key of ['expected', 'documented', 'worst'] as const)
        single[key] += Math.max(...each.map((sums) => sums.single[key]));
      // Each type of a union is searched separately.
      for (const key of ['expected', 'documented'] as const)
        batched[key] = each.reduce((sum, sums) => sum + sums.batched[key], batched[key]);
    }
    return { single, batched };
  }

  #isKnown(call: Call, include: readonly string[]): boolean {
    return !isOpen(call.path) && this.#shared.knowledge.known.isKnown(withInclude(call, include));
  }

  #furtherPagesOf(list: string): number {
    return furtherPagesOf(this.#shared.knowledge.registry.lookup(list));
  }

  #countLists(counts: (entry: ListEntry) => boolean): number {
    return [...this.#shared.lists.values()].filter((entry) => !entry.counted.cached && counts(entry)).length;
  }
}
