import type { Change } from '../freshsales/writes.ts';
import type { Contents } from './response-contents.ts';

interface Entry {
  readonly position: number;
  readonly at: number;
  readonly change: Change;
}

/**
 * Recent writes, in order. A response remembers the position of this log before its call went out, and is good as long as no
 * later write concerns it. That also covers a response that was in flight during a write.
 */
export class Changes {
  readonly #keepForMs: number;
  readonly #now: () => number;
  #entries: Entry[] = [];
  #position = 0;
  /** Responses from before this position are no longer good. */
  #from = 0;

  constructor({ keepForMs, now }: { keepForMs: number; now: () => number }) {
    this.#keepForMs = keepForMs;
    this.#now = now;
  }

  get position(): number {
    return this.#position;
  }

  /** Adds a write; `position` is given where servers share the log. */
  add(change: Change, position = this.#position + 1): void {
    this.#position = position;
    this.#entries.push({ position, at: this.#now(), change });
    this.#prune();
  }

  /** Starts over at a position: nothing that was read before is good. */
  restart(position: number): void {
    this.#entries = [];
    this.#position = position;
    this.#from = position;
  }

  /** Whether no write since this position concerns a response. */
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

/** What a response depends on. */
export interface Dependencies {
  readonly contents: Contents;
  /** Types on whose rows' presence and order it depends. */
  readonly lists: ReadonlySet<string>;
  /** The id of the record it is about. */
  readonly about: string | undefined;
}

/** Whether a write makes a response stale. */
export function concerns({ type, ids, touched }: Change, { contents, lists, about }: Dependencies): boolean {
  if (lists.has(type)) return true;
  if (ids.length === 0 && contents.types.has(type)) return true;
  // A response may name a record that it does not contain: a deleted deal must leave the deal_ids of its contacts.
  if (ids.some((id) => id === about || contents.ids.has(id))) return true;
  return touched.some((record) =>
    record.id === '*'
      ? lists.has(record.type) || contents.types.has(record.type)
      : record.id === about || contents.rows.has(`${record.type}/${record.id}`),
  );
}
