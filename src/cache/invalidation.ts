import type { Change } from '../freshsales/change.ts';
import type { Contents } from './contents-of-responses.ts';

interface Entry {
  readonly position: number;
  readonly at: number;
  readonly change: Change;
}

/**
 * The writes of late, in order. An answer remembers how long this was before its call went out, and is good as long as no
 * later write concerns it; so one that was under way during a write is found out like one that was there before.
 */
export class Changes {
  readonly #keepForMs: number;
  readonly #now: () => number;
  #entries: Entry[] = [];
  #position = 0;
  /** Answers from before this are not vouched for any longer. */
  #from = 0;

  constructor({ keepForMs, now }: { keepForMs: number; now: () => number }) {
    this.#keepForMs = keepForMs;
    this.#now = now;
  }

  get position(): number {
    return this.#position;
  }

  /** Adds a write; `position` is given where several machines count together. */
  add(change: Change, position = this.#position + 1): void {
    this.#position = position;
    this.#entries.push({ position, at: this.#now(), change });
    this.#prune();
  }

  /** Begins anew at a position: nothing that is known up to now can be trusted. */
  restart(position: number): void {
    this.#entries = [];
    this.#position = position;
    this.#from = position;
  }

  /** Whether an answer from this position is still what Freshsales would say, as far as our writes go. */
  isGood(position: number, concerns: (change: Change) => boolean): boolean {
    if (position < this.#from) return false;
    for (let at = this.#entries.length - 1; at >= 0; at -= 1) {
      const entry = this.#entries[at];
      if (!entry || entry.position <= position) return true;
      if (concerns(entry.change)) return false;
    }
    return true;
  }

  #prune(): void {
    const oldest = this.#now() - this.#keepForMs;
    const keep = this.#entries.findIndex(({ at }) => at > oldest);
    if (keep <= 0) return;
    this.#from = this.#entries[keep - 1]?.position ?? this.#from;
    this.#entries.splice(0, keep);
  }
}

/** What an answer depends on. */
export interface Dependencies {
  readonly contents: Contents;
  /** Types whose rows' presence and order it depends on. */
  readonly lists: ReadonlySet<string>;
  /** The record it is about, by its id. */
  readonly about: string | undefined;
}

/** Whether a write makes an answer stale. */
export function concerns({ type, ids, touched }: Change, { contents, lists, about }: Dependencies): boolean {
  if (lists.has(type)) return true;
  if (ids.length === 0 && contents.types.has(type)) return true;
  // A record is also named where it did not come along: a deal that is gone must leave the deal_ids of its contacts.
  if (ids.some((id) => id === about || contents.ids.has(id))) return true;
  return touched.some((record) =>
    record.id === '*'
      ? lists.has(record.type) || contents.types.has(record.type)
      : record.id === about || contents.rows.has(`${record.type}/${record.id}`),
  );
}
