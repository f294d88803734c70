import { FreshsalesError } from '../freshsales/errors.ts';
import type {
  Answer,
  Ask,
  Conclusion,
  Flight,
  Memory,
  Question,
  Recollection,
  RecollectionOptions,
  Remembered,
} from '../freshsales/memory.ts';
import type { Lane } from '../freshsales/transport.ts';
import { AccountCache, type CacheOptions, type Landed } from './account-cache.ts';
import { covers, cutOut, type Kept, pathOf, variantOf } from './responses.ts';
import { Evidence, type Fact, isTold } from './result-cache.ts';
import type { Departure } from './single-flight.ts';

export { type CacheOptions, DEFAULT_CACHE } from './account-cache.ts';

/** Answers of one account, kept apart by key. */
export interface Cache {
  /** The memory of one key. `scope` names it without being it. */
  for(scope: string): Memory;
  readonly bytes: number;
}

/** What is planned with shall still be known when it runs. */
const PEEK_MS = 5000;

/** A company may stand in hundreds of answers, all of which say about the same of it. */
const MOST_RECALLED = 20;

export function createCache(options: CacheOptions): Cache {
  const room = new AccountCache(options);
  return {
    for: (scope) => ({
      open: (recollection) => new Reader(room, scope, recollection),
      forget: (change) => room.forget(change),
    }),
    get bytes() {
      return room.answers.bytes + room.conclusions.bytes;
    },
  };
}

/** What one operation is told. */
class Reader implements Recollection {
  readonly #room: AccountCache;
  readonly #scope: string;
  readonly #signal: AbortSignal | undefined;
  readonly #lane: Lane;
  /** Nothing that was asked for before this is taken. */
  readonly #since: Pick<Departure, 'at' | 'order'>;
  /** What has been asked; only the first time can have saved a call, for an operation would not ask twice. */
  readonly #asked = new Set<string>();
  /** All that was told; undefined as soon as anything came from elsewhere than memory. */
  #evidence: Evidence | undefined = new Evidence();
  saved = 0;
  staleSeconds: number | undefined;

  constructor(room: AccountCache, scope: string, { signal, lane = 'agent', fresh = false }: RecollectionOptions) {
    this.#room = room;
    this.#scope = scope;
    this.#signal = signal;
    this.#lane = lane;
    this.#since = fresh ? { at: room.now(), order: room.order } : { at: 0, order: 0 };
  }

  async read(question: Question, ask: Ask): Promise<Answer> {
    const { flights, changes, now, shared } = this.#room;
    const name = `${this.#scope} ${question.name} ${variantOf(question)}`;
    const came = now();
    for (;;) {
      if (shared) await shared.sync();
      const known = this.#find(question, this.#isFresh);
      if (known) return this.#give(known, question, true);
      this.#room.order += 1;
      const departure = { at: now(), order: this.#room.order, position: changes.position };
      const { landing, own } = await flights.take(
        name,
        (flight) => this.#fetch(question, ask, { ...flight, since: came }, departure),
        {
          departure,
          lane: this.#lane,
          signal: this.#signal,
          willDo: ({ order, position }) => order > this.#since.order && position === changes.position,
        },
      );
      if ('answer' in landing) return this.#give(landing.answer.kept, question, !own || !landing.answer.called);
      // Somebody else was refused before the call went out; that need not go for this caller,
      // who has waited all the same.
      if (!own && !landing.sent) continue;
      return this.#giveStale(question, landing.error);
    }
  }

  async recall(type: string, id: string, use: (remembered: readonly Remembered[]) => boolean): Promise<boolean> {
    await this.#room.shared?.sync();
    const row = `${type}/${id}`;
    const found = this.#holding(row);
    const isEnough = found.length > 0 && use(found);
    this.#evidence?.add(row, found, isEnough ? row : undefined);
    if (isEnough) this.#note(row, true);
    return isEnough;
  }

  conclude(name: string, value: unknown): void {
    const { conclusions, now } = this.#room;
    if (this.#evidence) conclusions.keep(`${this.#scope} ${name}`, { value, evidence: this.#evidence }, now());
  }

  conclusion(name: string): Conclusion | undefined | Promise<Conclusion | undefined> {
    const { conclusions, shared } = this.#room;
    const drawn = conclusions.get(`${this.#scope} ${name}`);
    if (!drawn) return undefined;
    const repeat = () => {
      if (!drawn.evidence.facts.every((fact) => isTold(fact, this.#tellable(fact)))) return undefined;
      for (const { saved } of drawn.evidence.facts) if (saved !== undefined) this.#note(saved, true);
      return drawn;
    };
    return shared ? shared.sync().then(repeat) : repeat();
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

  #tellable({ asked }: Fact): readonly Kept[] {
    if (typeof asked === 'string') return this.#holding(asked);
    const kept = this.#find(asked, this.#isFresh);
    return kept ? [kept] : [];
  }

  /** The youngest answers in which a record stands. */
  #holding(row: string): Kept[] {
    return this.#room.answers
      .holding(this.#scope, row)
      .filter((kept) => this.#isFresh(kept) && this.#room.isGood(this.#scope, kept))
      .sort((one, other) => other.readAt - one.readAt)
      .slice(0, MOST_RECALLED);
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
    const what = `${question.name} ${variantOf(question)}`;
    if (saved) this.#evidence?.add(question, [kept], what);
    else this.#evidence = undefined;
    this.#note(what, saved);
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
    this.#evidence = undefined;
    return this.#give(kept, question, true);
  }

  #note(what: string, saved: boolean): void {
    if (saved && !this.#asked.has(what)) this.saved += 1;
    this.#asked.add(what);
  }
}
