import type { Known } from '../cache/known.ts';
import { MAX_PER_PAGE } from '../freshsales/paging.ts';
import { type Call, templateOf } from '../freshsales/transport.ts';
import { type KnownCapabilities, readCall } from '../records/capabilities.ts';
import type { Charge } from '../records/field-needs.ts';
import { furtherPagesOf } from '../records/loader.ts';
import { type RecordType, type Registry, searchOf } from '../records/record-type.ts';
import { finderOf, mayGoOn, mayRisk } from '../records/type-lists.ts';
import { BEYOND_A_PAGE } from '../records/window.ts';
import { Alternatives, type ListsInstead } from './alternatives.ts';
import { Distinct, isOpen } from './distinct.ts';
import type { PlannedCall } from './planned-call.ts';
import { type LineOptions, Lines, type PlannedLine, type Total } from './planned-calls.ts';

/** Where in the operation a call is caused, and for how many records. */
export interface Place {
  /** The field, as a path of the answer. */
  readonly field: string;
  /** Records that it stands in: at the most, and as many as have to be reckoned with. */
  readonly most: number;
  readonly usual: number;
  /** Whether it stands in the operation itself. */
  readonly root: boolean;
}

/** What all parts of one bill have in common. */
interface Shared {
  readonly registry: Registry;
  readonly known: Known;
  readonly seen: KnownCapabilities;
  readonly lines: Lines;
  /** Small lists, each paid for once: whether it is needed for certain, as things are reckoned, or as a fallback only. */
  readonly lists: Map<string, ListEntry>;
  /** Calls of the operation itself, by their requests. */
  readonly merged: Map<string, PlannedLine>;
  readonly certain: Distinct;
  readonly needed: Distinct;
  /** Put among the lines when somebody wants to see them. */
  readonly alternatives: Alternatives;
}

interface ListEntry {
  readonly line: PlannedLine;
  sure: boolean;
  needed: boolean;
}

/** The two ways to records, as templates: many in one call, and each by itself. */
export interface SearchCalls {
  readonly search: string;
  readonly read: string;
  /** It finds others as well, and may have a page for each of those that are wanted. */
  readonly shared?: boolean | undefined;
}

interface Sums {
  readonly needed: number;
  /** Without searches. */
  readonly honoured: number;
  readonly searches: number;
  readonly worst: number;
}

/** Adds up what fields declare of their price. */
export class CostEstimate {
  readonly #shared: Shared;
  readonly #forks: CostEstimate[][] = [];
  #lower = 0;
  #needed = 0;
  #honoured = 0;
  #searches = 0;
  #worst = 0;

  constructor({ registry, known, seen }: Pick<Shared, 'registry' | 'known' | 'seen'>, shared?: Shared) {
    this.#shared = shared ?? {
      ...{ registry, known, seen },
      lines: new Lines(),
      lists: new Map(),
      merged: new Map(),
      certain: new Distinct(),
      needed: new Distinct(),
      alternatives: new Alternatives(registry),
    };
  }

  /** Bills of which only one will be paid: a record of a union is of one of its types. */
  fork(count: number): readonly CostEstimate[] {
    if (count === 1) return [this];
    const forks = Array.from({ length: count }, () => new CostEstimate(this.#shared, this.#shared));
    this.#forks.push(forks);
    return forks;
  }

  /** What a field says that it costs. */
  charge(charge: Charge, place: Place, include: readonly string[]): void {
    if (charge.once === undefined) this.#calls(charge, place, include);
    else this.list(charge.once, place, charge);
  }

  #calls(charge: Charge, place: Place, asked: readonly string[]): void {
    const { calls, when, requests = [], fallback = false } = charge;
    const needs = charge.needs ?? (when || fallback ? 0 : calls);
    const certain = this.#certain(charge, place.root ? (charge.certain ?? needs) : 0, asked);
    const needed = place.root
      ? distinct(this.#shared.needed, requests.slice(0, needs), needs, (call) => this.#isKnown(call, asked))
      : needs;
    this.#needed += product(needed, place.usual);
    // The same pages wanted twice are read once, with the includes of both.
    const name = place.root && requests.length > 0 ? JSON.stringify([requests, calls, charge.view]) : undefined;
    const same = name === undefined ? undefined : this.#shared.merged.get(name);
    const include = [...new Set([...(same?.include ?? []), ...(charge.include ?? []), ...asked])];
    const saved = requests.filter((request) => this.#isKnown(request, include)).length;
    const most = product(calls - saved, place.most);
    this.#add(most - (same?.most ?? 0), fallback);
    const cached = saved > 0 && saved === calls;
    const state = { include, most, cached, certain: certain && !cached };
    if (same) {
      Object.assign(same, state).fields.add(place.field);
      return;
    }
    const line = this.#shared.lines.add(charge.call ?? callOf(requests), place, { ...state, when, fallback }, name);
    if (name !== undefined) this.#shared.merged.set(name, line);
    if (place.root && requests.length === 1) this.#shared.alternatives.addRoot(line.call, place.field);
  }

  /** Adds what is made at the least, and gives whether that is anything: what may be known in parts can cost nothing. */
  #certain({ call = '', requests = [] }: Charge, count: number, asked: readonly string[]): boolean {
    const { known, certain } = this.#shared;
    if (count === 0) return false;
    if (requests.length === 0) {
      const [method = 'GET', path = ''] = call.split(' /');
      if (known.mayBeKnown({ method: method as Call['method'], path })) return false;
      this.#lower += count;
      return true;
    }
    const sent = requests.slice(0, count);
    const unknown = sent.filter((request) => !known.mayBeKnown(withInclude(request, asked)));
    for (const request of unknown) certain.add(request);
    this.#lower += count - sent.length;
    return unknown.length > 0 || count > sent.length;
  }

  /** One read of each record by itself. */
  read(call: string, place: Place, options: LineOptions): void {
    this.#add(place.most, options.fallback ?? false);
    this.#shared.lines.add(call, place, { ...options, most: place.most });
  }

  /** Records that are looked for a hundred at a time, so many times; each by itself where they are not found. */
  search(calls: SearchCalls, place: Place, waves: number, options: LineOptions): void {
    const { most } = place;
    const searches = calls.shared ? most : Math.min(most, waves - 1 + Math.ceil(most / MAX_PER_PAGE));
    this.#worst += most;
    // One that finds others as well may find none of those that are wanted on its first page.
    if (!options.fallback) this.#searches += calls.shared ? searches + 1 : searches;
    const { lines } = this.#shared;
    lines.add(calls.search, { ...place, root: true }, { ...options, most: searches });
    const when = 'only for records that the search does not bring';
    lines.add(calls.read, place, { ...options, when, fallback: true, most });
  }

  /** Lists that may be read in place of reads by this call, where they are short. */
  instead(read: string, lists: () => ListsInstead, place: Place): void {
    this.#shared.alternatives.add({ read, lists, place });
  }

  /** A small list, whole. However many fields want it, the strongest reason counts. */
  list(list: string, place: Place, { when, fallback = false }: Pick<Charge, 'when' | 'fallback'> = {}): void {
    const { lists, lines, known } = this.#shared;
    const cached = known.list(list) !== undefined;
    const entry = lists.get(list) ?? {
      line: lines.add(`GET /${list}`, { ...place, root: true }, { most: cached ? 0 : 1, when, fallback, cached }),
      sure: false,
      needed: false,
    };
    const always = when === undefined && !fallback;
    const further = cached ? 0 : furtherPagesOf(this.#shared.registry.lookup(list));
    if (further > 0 && !lists.has(list))
      lines.add(`GET /${list}`, { ...place, root: true }, { most: further, when: BEYOND_A_PAGE, fallback: true });
    lists.set(list, entry);
    entry.line.fields.add(place.field);
    entry.line.fallback &&= fallback;
    if (always) entry.line.when = undefined;
    entry.sure ||= always && place.root;
    entry.needed ||= always && place.usual > 0;
    entry.line.certain = entry.sure && !cached;
  }

  /** At least so many calls. */
  get lower(): number {
    return (
      this.#lower +
      this.#shared.certain.sum((call, count) => (this.#isPerhapsListed(call, count) ? 1 : count)) +
      this.#listsThat(({ sure }) => sure)
    );
  }

  get sums(): Omit<Sums, 'searches'> {
    const { needed, honoured, searches, worst } = this.#sums();
    const totals = this.#shared.lines.totals();
    return {
      needed:
        needed +
        this.#shared.needed.sum((call, count) => this.#reads(call, count)) +
        this.#listsThat((entry) => entry.needed),
      honoured:
        honoured +
        searches +
        this.#listsThat(({ line }) => !line.fallback) +
        this.#shared.alternatives.inVain(totals, 'planned'),
      worst:
        worst +
        this.#furtherPages() +
        this.#listsThat(() => true) +
        this.#searchesInVain(totals) +
        this.#shared.alternatives.inVain(totals, 'most'),
    };
  }

  /** What is planned, or what may come on top of it. */
  toCalls(fallback: boolean): PlannedCall[] {
    const { alternatives, lines, known } = this.#shared;
    if (fallback) alternatives.addTo(lines, known);
    return lines.toCalls(fallback);
  }

  /** Of each type, one search may bring nothing, and is not tried again; any other saves as many reads as it costs, or more. */
  #searchesInVain(totals: ReadonlyMap<string, Total>): number {
    return this.#shared.registry.recordTypes.filter(
      (each) => searchOf(each) && (totals.get(readCall(each))?.most ?? 0) > 1,
    ).length;
  }

  #sums(): Sums {
    const own = {
      ...{ needed: this.#needed, worst: this.#worst },
      ...{ honoured: this.#honoured, searches: this.#searches },
    };
    return this.#forks.reduce((sums, forks) => {
      const each = forks.map((fork) => fork.#sums());
      return {
        needed: sums.needed + Math.min(...each.map(({ needed }) => needed)),
        honoured: sums.honoured + Math.max(...each.map(({ honoured }) => honoured)),
        // Of several records some are of each type, and are searched for apart.
        searches: each.reduce((sum, { searches }) => sum + searches, sums.searches),
        worst: sums.worst + Math.max(...each.map(({ worst }) => worst)),
      };
    }, own);
  }

  #add(most: number, fallback: boolean): void {
    if (!fallback) this.#honoured += most;
    this.#worst += most;
  }

  /** How many calls it takes to read so many records by their ids: no more than their list has pages, where it is known to be short. */
  #reads(call: string, count: number): number {
    if (mayRisk(count) < 1) return count;
    const { registry, known, seen } = this.#shared;
    const pages = finderOf(readBy(registry, call))?.pages({ known, lengthOf: (list) => seen.lengthOf(list) });
    return pages !== undefined && pages <= mayGoOn(count) ? pages : count;
  }

  /** Many records that are read one by one may all be found on one page of a list. */
  #isPerhapsListed(call: string, count: number): boolean {
    return mayRisk(count) > 0 && finderOf(readBy(this.#shared.registry, call)) !== undefined;
  }

  #isKnown(call: Call, include: readonly string[]): boolean {
    return !isOpen(call.path) && this.#shared.known.isKnown(withInclude(call, include));
  }

  #furtherPages(): number {
    const lists = [...this.#shared.lists].filter(([, { line }]) => !line.cached);
    return lists.reduce((sum, [list]) => sum + furtherPagesOf(this.#shared.registry.lookup(list)), 0);
  }

  #listsThat(counts: (entry: ListEntry) => boolean): number {
    return [...this.#shared.lists.values()].filter((entry) => !entry.line.cached && counts(entry)).length;
  }
}

/** Puts requests among those that are counted once, and gives how many calls there are beside them. */
function distinct(into: Distinct, requests: readonly Call[], count: number, isKnown: (call: Call) => boolean): number {
  for (const request of requests) if (!isKnown(request)) into.add(request);
  return count - requests.length;
}

/** The record type that is read by this call, as a template. */
const readBy = ({ recordTypes }: Registry, call: string): RecordType | undefined =>
  recordTypes.find((each) => readCall(each) === call);

/** None of infinitely many is none. */
const product = (calls: number, records: number): number => (calls === 0 || records === 0 ? 0 : calls * records);

const withInclude = (request: Call, include: readonly string[]): Call =>
  include.length > 0 ? { ...request, query: { ...request.query, include: include.join(',') } } : request;

const callOf = ([first]: readonly Call[]): string => (first ? `${first.method} /${templateOf(first.path)}` : 'GET /');
