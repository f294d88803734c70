import type { Change } from '../freshsales/change.ts';
import type { Answer, Question } from '../freshsales/memory.ts';
import type { Table } from '../freshsales/resource.ts';
import { type TypeOfKey, takeStock, typesByKey } from './contents-of-responses.ts';
import { Changes, concerns } from './invalidation.ts';
import { type Kept, Responses } from './responses.ts';
import { ResultCache } from './result-cache.ts';
import type { SharedResponses } from './shared-responses.ts';
import { type Departure, SingleFlight } from './single-flight.ts';

export interface CacheOptions {
  /** Every table whose rows can be told by the key they come under. */
  readonly tables: readonly Table[];
  /** How long lookups, views and field lists are kept, in milliseconds. An hour by default; 0 keeps none. */
  readonly listsForMs?: number;
  /** How long records and pages are kept. A minute by default; 0 keeps none. */
  readonly recordsForMs?: number;
  /** How old an answer may be that is served where the quota allows no call. 0, the default, serves none. */
  readonly staleForMs?: number;
  /** About how much memory all answers of all keys may take. */
  readonly maxBytes?: number;
  /** Where answers are shared with other machines. */
  readonly shared?: SharedResponses | undefined;
  readonly now?: () => number;
}

export const DEFAULT_CACHE = { listsForMs: 3_600_000, recordsForMs: 60_000, staleForMs: 0, maxBytes: 64_000_000 };

/** That a record is not there is soon untrue. */
const NOTHING_FOR_MS = 10_000;

/** The part of the memory that is for what was made of answers. */
const CONCLUSIONS = 1 / 4;

/** Changes are remembered for longer than any answer, from before its call to after its time. */
const CALL_MS = 600_000;

/** What all keys of an account have in common: bounds, the log of changes, and the way to other machines. */
export class AccountCache {
  readonly answers: Responses;
  readonly conclusions: ResultCache;
  readonly changes: Changes;
  readonly flights = new SingleFlight<Landed>();
  /** Counts the calls, so that it can be said which was asked for first. */
  order = 0;
  readonly shared: SharedResponses | undefined;
  readonly now: () => number;
  readonly types: readonly string[];
  readonly #typeOf: TypeOfKey;
  readonly #times: { readonly listsForMs: number; readonly recordsForMs: number; readonly staleForMs: number };

  constructor(options: CacheOptions) {
    const { tables, maxBytes, shared, now = Date.now, ...times } = { ...DEFAULT_CACHE, ...options };
    this.answers = new Responses(maxBytes * (1 - CONCLUSIONS));
    this.conclusions = new ResultCache(maxBytes * CONCLUSIONS);
    this.#times = times;
    this.#typeOf = typesByKey(tables);
    this.types = tables.map(({ name }) => name);
    this.now = now;
    this.shared = shared;
    const longest = Math.max(times.listsForMs, times.recordsForMs, times.staleForMs);
    this.changes = new Changes({ keepForMs: longest + CALL_MS, now });
    shared?.join(this.changes);
  }

  async forget(change: Change): Promise<void> {
    if (this.shared) await this.shared.announce(change);
    else this.changes.add(change);
  }

  /** Makes an answer ready to be kept and shared between operations. */
  toKept(question: Question, answer: Answer, { at, order, position }: Departure): Kept {
    const { kind, include, lists, about } = question;
    const types = lists.flatMap((key) => this.#typeOf(key) ?? []);
    const contents = takeStock(answer, this.#typeOf);
    const goodForMs = this.#goodForMs(kind, answer);
    return {
      ...{ kind, include, answer, question, contents, about, goodForMs, order, position },
      lists: new Set(types),
      readAt: at,
    };
  }

  keep(scope: string, kept: Kept): void {
    const { goodForMs, readAt } = kept;
    const forMs = goodForMs > 0 ? Math.max(goodForMs, this.#times.staleForMs) : 0;
    this.answers.keep(scope, kept, readAt + forMs - this.now());
  }

  /** Whether no write has made it stale since. */
  isGood(scope: string, kept: Kept): boolean {
    // Small lists name no records by their ids; a write concerns them only where it is to the list itself.
    const touched = (change: Change) => (kept.kind === 'list' ? kept.lists.has(change.type) : concerns(change, kept));
    if (this.changes.isGood(kept.position, touched)) {
      kept.position = this.changes.position;
      return true;
    }
    this.answers.drop(scope, kept);
    return false;
  }

  isStaleAllowed = ({ readAt }: Kept): boolean => this.now() - readAt <= this.#times.staleForMs;

  #goodForMs(kind: Question['kind'], answer: Answer): number {
    const ms = kind === 'list' ? this.#times.listsForMs : this.#times.recordsForMs;
    return answer.length === 0 ? Math.min(ms, NOTHING_FOR_MS) : ms;
  }
}

export interface Landed {
  readonly kept: Kept;
  /** Whether a call was made for it, here. */
  readonly called: boolean;
}
