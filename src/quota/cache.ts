import type { Change } from '../freshsales/change.ts';
import { FreshsalesError } from '../freshsales/errors.ts';
import type {
  Answer,
  Ask,
  Flight,
  Memory,
  Question,
  Recollection,
  RecollectionOptions,
  Remembered,
} from '../freshsales/memory.ts';
import type { Table } from '../freshsales/resource.ts';
import { Answers, covers, cutOut, type Kept, pathOf, variantOf } from './answers.ts';
import { Changes, concerns } from './changes.ts';
import { type TypeOfKey, takeStock, typesByKey } from './contents.ts';
import { type Departure, Flights } from './flights.ts';
import type { SharedAnswers } from './shared-answers.ts';

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
  readonly shared?: SharedAnswers | undefined;
  readonly now?: () => number;
}

/** Answers of one account, kept apart by key. */
export interface Cache {
  /** The memory of one key. `scope` names it without being it. */
  for(scope: string): Memory;
  readonly bytes: number;
}

export const DEFAULT_CACHE = { listsForMs: 3_600_000, recordsForMs: 60_000, staleForMs: 0, maxBytes: 64_000_000 };

/** That a record is not there is soon untrue. */
const NOTHING_FOR_MS = 10_000;

/** What is planned with shall still be known when it runs. */
const PEEK_MS = 5000;

/** A company may stand in hundreds of answers, all of which say about the same of it. */
const MOST_RECALLED = 20;

/** Changes are remembered for longer than any answer, from before its call to after its time. */
const CALL_MS = 600_000;

export function createCache(options: CacheOptions): Cache {
  const room = new Room(options);
  return {
    for: (scope) => ({
      open: (recollection) => new Reader(room, scope, recollection),
      forget: (change) => room.forget(change),
    }),
    get bytes() {
      return room.answers.bytes;
    },
  };
}

/** What all keys of an account have in common: bounds, the log of changes, and the way to other machines. */
class Room {
  readonly answers: Answers;
  readonly changes: Changes;
  readonly flights = new Flights<Landed>();
  /** Counts the calls, so that it can be said which was asked for first. */
  order = 0;
  readonly shared: SharedAnswers | undefined;
  readonly now: () => number;
  readonly types: readonly string[];
  readonly #typeOf: TypeOfKey;
  readonly #times: { readonly listsForMs: number; readonly recordsForMs: number; readonly staleForMs: number };

  constructor(options: CacheOptions) {
    const { tables, maxBytes, shared, now = Date.now, ...times } = { ...DEFAULT_CACHE, ...options };
    this.answers = new Answers(maxBytes);
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

interface Landed {
  readonly kept: Kept;
  /** Whether a call was made for it, here. */
  readonly called: boolean;
}

/** What one operation is told. */
class Reader implements Recollection {
  readonly #room: Room;
  readonly #scope: string;
  readonly #signal: AbortSignal | undefined;
  /** Nothing that was asked for before this is taken. */
  readonly #since: Pick<Departure, 'at' | 'order'>;
  /** What has been asked; only the first time can have saved a call, for an operation would not ask twice. */
  readonly #asked = new Set<string>();
  saved = 0;
  staleSeconds: number | undefined;

  constructor(room: Room, scope: string, { signal, fresh = false }: RecollectionOptions) {
    this.#room = room;
    this.#scope = scope;
    this.#signal = signal;
    this.#since = fresh ? { at: room.now(), order: room.order } : { at: 0, order: 0 };
  }

  async read(question: Question, ask: Ask): Promise<Answer> {
    const { flights, changes, now, shared } = this.#room;
    const name = `${this.#scope} ${question.name} ${variantOf(question)}`;
    for (;;) {
      if (shared) await shared.sync();
      const known = this.#find(question, this.#isFresh);
      if (known) return this.#give(known, question, true);
      this.#room.order += 1;
      const departure = { at: now(), order: this.#room.order, position: changes.position };
      const { landing, own } = await flights.take(name, (flight) => this.#fetch(question, ask, flight, departure), {
        departure,
        signal: this.#signal,
        willDo: ({ order, position }) => order > this.#since.order && position === changes.position,
      });
      if ('answer' in landing) return this.#give(landing.answer.kept, question, !own || !landing.answer.called);
      // Somebody else was refused before the call went out; that need not go for this caller.
      if (!own && !landing.sent) continue;
      return this.#giveStale(question, landing.error);
    }
  }

  async recall(type: string, id: string, use: (remembered: readonly Remembered[]) => boolean): Promise<boolean> {
    const { answers, shared } = this.#room;
    if (shared) await shared.sync();
    const row = `${type}/${id}`;
    const found = answers
      .holding(this.#scope, row)
      .filter((kept) => this.#isFresh(kept) && this.#room.isGood(this.#scope, kept))
      .sort((one, other) => other.readAt - one.readAt)
      .slice(0, MOST_RECALLED);
    if (found.length === 0 || !use(found)) return false;
    this.#note(row, true);
    return true;
  }

  peek(question: Question): Answer | undefined {
    const soon = this.#room.now() + PEEK_MS;
    const kept = this.#find(question, (one) => this.#isFresh(one) && one.readAt + one.goodForMs > soon);
    return kept && cutOut(kept, question);
  }

  hears({ name }: Question): boolean {
    return this.#room.answers.below(this.#scope, pathOf(name)).some(this.#isFresh);
  }

  holds(id: string): boolean {
    return this.#room.types.some((type) =>
      this.#room.answers.holding(this.#scope, `${type}/${id}`).some(this.#isFresh),
    );
  }

  /** The youngest answer that holds this one. */
  #find(question: Question, may: (kept: Kept) => boolean): Kept | undefined {
    return this.#room.answers
      .named(this.#scope, question.name)
      .filter((kept) => may(kept) && covers(kept, question) && this.#room.isGood(this.#scope, kept))
      .reduce<Kept | undefined>((best, kept) => (best && best.readAt >= kept.readAt ? best : kept), undefined);
  }

  readonly #isFresh = ({ order, readAt, goodForMs }: Kept): boolean =>
    order > this.#since.order && this.#room.now() - readAt < goodForMs;

  async #fetch(question: Question, ask: Ask, flight: Flight, departure: Departure): Promise<Landed> {
    const room = this.#room;
    const lead = await room.shared?.find(this.#scope, question, {
      signal: flight.signal,
      accept: ({ answer, asked, readAt, position }) => {
        // Of the calls of another machine only the time is known.
        const order = readAt > this.#since.at ? departure.order : 0;
        const kept = room.toKept(asked, answer, { at: readAt, order, position });
        return this.#isFresh(kept) && covers(kept, question) && room.isGood(this.#scope, kept) ? kept : undefined;
      },
    });
    if (lead?.found) {
      room.keep(this.#scope, lead.found);
      return { kept: lead.found, called: false };
    }
    try {
      const kept = room.toKept(question, await ask(flight), departure);
      room.keep(this.#scope, kept);
      await lead?.publish(kept);
      return { kept, called: true };
    } catch (error) {
      await lead?.giveUp();
      throw error;
    }
  }

  #give(kept: Kept, question: Question, saved: boolean): Answer {
    this.#note(`${question.name} ${variantOf(question)}`, saved);
    return cutOut(kept, question);
  }

  #giveStale(question: Question, error: unknown): Answer {
    const refused = error instanceof FreshsalesError && error.code === 'RATE_LIMITED';
    const kept = refused
      ? this.#find(question, (one) => one.order > this.#since.order && this.#room.isStaleAllowed(one))
      : undefined;
    if (!kept) throw error;
    const age = Math.ceil((this.#room.now() - kept.readAt) / 1000);
    this.staleSeconds = Math.max(this.staleSeconds ?? 0, age);
    return this.#give(kept, question, true);
  }

  #note(what: string, saved: boolean): void {
    if (saved && !this.#asked.has(what)) this.saved += 1;
    this.#asked.add(what);
  }
}
