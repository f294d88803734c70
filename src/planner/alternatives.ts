import type { Known } from '../cache/known.ts';
import { readCall } from '../records/capabilities.ts';
import type { RecordType, Registry } from '../records/record-type.ts';
import { finderOf, mayGoOn, mayRisk } from '../records/type-lists.ts';
import type { Place } from './cost-estimate.ts';
import type { Lines, Total } from './planned-calls.ts';

/** The lists of the records themselves, and those of rows that they lack, as templates. */
export interface ListsInstead {
  readonly own: readonly string[];
  readonly joins: readonly string[];
}

interface Alternative {
  readonly read: string;
  readonly place: Place;
  readonly lists: () => ListsInstead;
}

const WHEN = 'in place of reads one by one, where the list is short';

/** Lists that may be read in place of records one by one, where they are short. */
export class Alternatives {
  readonly #registry: Registry;
  readonly #below: Alternative[] = [];
  /** The reads of the operation itself, and the fields that cause each. */
  readonly #root = new Map<string, string[]>();

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** Of records somewhere in the answer. */
  add(alternative: Alternative): void {
    if (mayRisk(alternative.place.most) > 0) this.#below.push(alternative);
  }

  /** Of a record that the operation itself asks for by its id. */
  addRoot(read: string, field: string): void {
    const fields = this.#root.get(read);
    if (fields) fields.push(field);
    else this.#root.set(read, [field]);
  }

  /** Pages of lists that may be read in place of records, and then do not hold them. */
  inVain(totals: ReadonlyMap<string, Total>, kind: keyof Total): number {
    const joined = new Set(this.#below.flatMap(({ read, lists }) => (lists().joins.length > 0 ? [read] : [])));
    let calls = 0;
    for (const recordType of readable(this.#registry)) {
      const call = readCall(recordType);
      const reads = totals.get(call)?.[kind] ?? 0;
      if (mayRisk(reads) < 1) continue;
      if (finderOf(recordType)) calls += mayRisk(reads) + 1;
      if (joined.has(call)) calls += mayRisk(reads) + mayGoOn(reads);
    }
    return calls;
  }

  /** Puts the lists among the lines. */
  addTo(lines: Lines, known: Known): void {
    const finders = readable(this.#registry).flatMap((recordType) => finderOf(recordType) ?? []);
    const add = (list: string, most: number, fields: readonly string[]) => {
      for (const [index, field] of fields.entries())
        lines.add(list, { field, root: true }, { when: WHEN, most: index === 0 ? most : 0, fallback: true });
      const first = finders.find(({ call }) => call === list)?.first;
      if (first === undefined || known.list(first) !== undefined || lines.has(`GET /${first}`)) return;
      for (const [index, field] of fields.entries())
        lines.add(`GET /${first}`, { field, root: true }, { when: WHEN, most: index === 0 ? 1 : 0, fallback: true });
    };
    for (const { lists, place } of this.#below) {
      const { own, joins } = lists();
      for (const list of new Set([...own, ...joins]))
        add(list, mayRisk(place.most) + mayGoOn(place.most), [place.field]);
    }
    for (const recordType of readable(this.#registry)) {
      const fields = this.#root.get(readCall(recordType)) ?? [];
      const list = finderOf(recordType)?.call;
      const most = mayRisk(fields.length) + mayGoOn(fields.length);
      if (list !== undefined && mayRisk(fields.length) > 0) add(list, most, fields);
    }
  }
}

const readable = ({ recordTypes }: Registry): RecordType[] => recordTypes.filter(({ fetch }) => fetch.length > 0);
