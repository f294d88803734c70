import type { Identified, Table } from '../../freshsales/resource.ts';
import type { Account } from '../account.ts';

/** Reproducible pseudo-random numbers. */
export class Random {
  #state: number;

  constructor(state: number) {
    this.#state = state;
  }

  /** At least 0, below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** An integer from 0 to the bound, exclusive. */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  chance(likelihood: number): boolean {
    return this.next() < likelihood;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('Nothing to pick from.');
    return item;
  }

  /** Some of the items, without duplicates. */
  some<T>(items: readonly T[], count: number): T[] {
    const left = [...items];
    const chosen: T[] = [];
    while (chosen.length < count && left.length > 0) chosen.push(...left.splice(this.below(left.length), 1));
    return chosen;
  }
}

/** Shared by all parts of the seed: the same random numbers each time, and a clock that starts today. */
export interface SeedContext {
  readonly account: Account;
  readonly random: Random;
  /** Returns the stored row. Do not change it. */
  put<R extends Identified>(table: Table<R>, row: Partial<R> & { id?: string }): Required<R>;
  /** A full hour this many days from now. */
  day(days: number, hour?: number): string;
  /** The id of a lookup row, sometimes `null`. */
  some(lookup: string): string | null;
  /** Usually the API user, so that “My …” views are not empty. */
  owner(): string;
}
